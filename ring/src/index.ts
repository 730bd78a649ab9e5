/**
 * `@x/mem-ring`: a lock-free queue from one producer to one consumer, in shared memory.
 *
 * Here: between the threads of one process, in plain JavaScript. `@x/mem-ring/process`: the same between processes.
 * `@x/mem-ring/channel`: two rings and two arenas, for building a protocol on.
 */
export {
  ClosedError,
  DamagedError,
  PeerDiedError,
  RingError,
  type RingErrorCode,
  RoleTakenError,
} from "./errors.js";
export type { MessageConsumer } from "./message/consumer.js";
export type { MessageProducer } from "./message/producer.js";
export { MessageTooLongError } from "./message/record.js";
export { MessageRing } from "./message/ring.js";
export type { Consumer } from "./queue/consumer.js";
export type { WaitOptions } from "./queue/end.js";
export { bytes, type Entry, f64, i32, i64, type TypedArray, u32, u64, type Views } from "./queue/entries.js";
export type { Producer, Stats } from "./queue/producer.js";
export type { EndOptions } from "./queue/queue.js";
export { Ring } from "./queue/ring.js";
export type { Wait } from "./wait/spin.js";
