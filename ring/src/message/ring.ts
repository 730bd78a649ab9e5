import * as L from "../layout.js";
import type { Host } from "../queue/end.js";
import { capacityFor, placeOf, readHeader, type Shape } from "../queue/memory.js";
import { allocate, type EndOptions, threads } from "../queue/ring.js";
import { MessageConsumer } from "./consumer.js";
import { MessageProducer } from "./producer.js";
import { maxLength } from "./record.js";

/** A queue of messages in memory of either kind: it gives out the two roles. */
export abstract class MessageQueue {
  /** Bytes: a power of two. */
  readonly capacity: number;
  /** The longest message in bytes: half the capacity less 8. */
  readonly maxLength: number;

  protected constructor(
    /** The whole queue. */
    readonly memory: SharedArrayBuffer,
    private readonly shape: Shape,
  ) {
    this.capacity = shape.capacity;
    this.maxLength = maxLength(shape.capacity);
  }

  /** How this kind of ring sleeps. */
  protected abstract host(): Host;

  /**
   * Takes the producer's role, for this thread and for good.
   *
   * @throws {RoleTakenError}
   */
  producer({ wait = "adaptive" }: EndOptions = {}): MessageProducer {
    return new MessageProducer(this.memory, placeOf(this.shape), this.host(), wait);
  }

  /**
   * Takes the consumer's role, for this thread and for good.
   *
   * @throws {RoleTakenError}
   */
  consumer({ wait = "adaptive" }: EndOptions = {}): MessageConsumer {
    return new MessageConsumer(this.memory, placeOf(this.shape), this.host(), wait);
  }
}

/**
 * A queue of byte messages of any length up to half its capacity, from one producer to one consumer, in shared memory:
 * between the threads of one process, with nothing native. `SharedMessageRing` of `@x/mem-ring/process` is the same
 * between processes.
 */
export class MessageRing extends MessageQueue {
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

  protected override host(): Host {
    return threads(this.memory);
  }
}

/** @throws {RingError} `ERR_RING_INVALID_OPTION` */
export const messagesShape = (capacity: number, doorbell: number): Shape => ({
  shape: L.SHAPE_MESSAGES,
  entrySize: L.RECORD_ALIGN,
  capacity: capacityFor(capacity, L.MESSAGE_CAPACITY_MIN, "bytes"),
  doorbell,
});
