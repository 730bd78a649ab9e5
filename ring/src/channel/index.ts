/**
 * `@x/mem-ring/channel`: two rings, one each way, and two arenas in one region, between Node and another process. For
 * whoever builds a protocol on them, as `@x/ts2go` does; a queue alone is simpler to have from `@x/mem-ring`.
 *
 * On each ring one side has the {@link RawProducer} and the other the {@link RawConsumer}; a {@link Waiter} lets a
 * consumer sleep inside Node's event loop. Nothing here knows of calls.
 */
export { DamagedError, RingError, type RingErrorCode } from "../errors.js";
export { Doorbell } from "../process/doorbell.js";
export { type Native, native } from "../process/native.js";
export { type Place, RawConsumer, RawProducer } from "../raw/index.js";
export { Spin as Spinner, type Wait } from "../wait/spin.js";
export { toGo, toNode } from "./direction.js";
export { type Header, planRegion, type RegionShape, readHeader } from "./header.js";
export * as layout from "./layout.js";
export { Region } from "./region.js";
export { Reason, type Spin, Waiter, type WaiterStats } from "./waiter.js";
