/**
 * The runtime that generated clients import. The path carries a version, so that code generated years ago goes on
 * working beside newer runtimes.
 */
export { type Client, lazyClient } from "./client/client.js";
export { defineNodeService, type NodeService } from "./client/node-service.js";
export { defineService, type Service } from "./client/service.js";
export type { Reader } from "./image/reader.js";
export type { Writer } from "./image/writer.js";
