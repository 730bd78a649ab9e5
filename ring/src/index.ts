/**
 * `@x/mem-ring`: a lock-free single-producer single-consumer ring in shared memory, with doorbells.
 *
 * A {@link Region} holds two rings, one each way. On each, one side has the {@link Producer} and the other the
 * {@link Consumer}; a {@link Waiter} lets a consumer sleep inside Node's event loop. Nothing here knows of calls.
 */
export { Consumer } from "./consumer.js";
export { type Direction, toGo, toNode } from "./direction.js";
export { RegionDamagedError, RingError, type RingErrorCode } from "./errors.js";
export { type Header, planRegion, type RegionShape, readHeader } from "./header.js";
export * as layout from "./layout.js";
export { type Native, native } from "./native.js";
export { Producer } from "./producer.js";
export { Region } from "./region.js";
export { Reason, type Spin, Waiter, type WaiterStats } from "./waiter.js";
