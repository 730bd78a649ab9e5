import * as L from "../layout.js";
import { capacityFor, readHeader, type Shape } from "../queue/memory.js";
import { type Contents, Queue } from "../queue/queue.js";
import { allocate, threads } from "../queue/ring.js";
import { MessageConsumer } from "./consumer.js";
import { MessageProducer } from "./producer.js";
import { maxLength } from "./record.js";

/** What a queue of messages gives out. */
export const messages: Contents<MessageProducer, MessageConsumer> = {
  producer: (memory, place, host, wait) => new MessageProducer(memory, place, host, wait),
  consumer: (memory, place, host, wait) => new MessageConsumer(memory, place, host, wait),
};

/**
 * A queue of byte messages of any length up to half its capacity, from one producer to one consumer, in shared memory:
 * between the threads of one process, with nothing native. `SharedMessageRing` of `@x/mem-ring/process` is the same
 * between processes.
 */
export class MessageRing extends Queue<MessageProducer, MessageConsumer> {
  /** The longest message in bytes: half the capacity less 8. */
  readonly maxLength: number;

  private constructor(memory: SharedArrayBuffer, shape: Shape) {
    super(memory, shape, messages, () => threads(memory));
    this.maxLength = maxLength(shape.capacity);
  }

  /**
   * Makes a queue of at least `capacity` bytes: the next power of two, from 32. A message takes its length and 8 to 15
   * bytes more.
   *
   * @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY`
   */
  static create({ capacity }: { readonly capacity: number }): MessageRing {
    const shape = messagesShape(capacity, L.DOORBELL_NOTIFY);
    return new MessageRing(allocate(shape), shape);
  }

  /** @throws {RingError} `ERR_RING_BAD_HEADER`: the memory is no such queue; the message says what differs. */
  static open(memory: SharedArrayBuffer): MessageRing {
    return new MessageRing(memory, readHeader(memory, L.SHAPE_MESSAGES, L.RECORD_ALIGN, L.DOORBELL_NOTIFY));
  }
}

/** @throws {RingError} `ERR_RING_INVALID_OPTION` */
export const messagesShape = (capacity: number, doorbell: number): Shape => ({
  shape: L.SHAPE_MESSAGES,
  entrySize: L.RECORD_ALIGN,
  capacity: capacityFor(capacity, L.MESSAGE_CAPACITY_MIN, "bytes"),
  doorbell,
});
