/**
 * `@x/ts2go`: call Go from TypeScript as if it were an async function next door.
 *
 * An interface file imports the marker types from here; a program imports its generated client, and from here
 * {@link connect} for more than one client, {@link inspect}, and the error classes.
 */
export type { Caller } from "./call/callbacks/index.js";
export type { Metadata } from "./call/metadata.js";
export type { CallOptions, SendOptions } from "./call/patience.js";
export type { CallState } from "./call/state.js";
export { type Client, connect, inspect, intercept, provide } from "./client/client.js";
export { type CallInfo, type Interceptor, withMetadata } from "./client/interceptors/index.js";
export type { Implementation, NodeService as NodeServiceOf, ProvideOptions, Provision } from "./client/node-service.js";
export type { ConnectOptions } from "./client/options.js";
export type { Service } from "./client/service.js";
export type { TransportState } from "./client/transport.js";
export * from "./errors.js";
export type * from "./types.js";
export type { Output } from "./worker/process.js";
