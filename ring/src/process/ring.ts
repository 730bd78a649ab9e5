import * as L from "../layout.js";
import type { MessageConsumer } from "../message/consumer.js";
import type { MessageProducer } from "../message/producer.js";
import { maxLength } from "../message/record.js";
import { messages, messagesShape } from "../message/ring.js";
import type { Consumer } from "../queue/consumer.js";
import type { WaitOptions } from "../queue/end.js";
import type { Entry } from "../queue/entries.js";
import { readHeader, type Shape } from "../queue/memory.js";
import type { Producer } from "../queue/producer.js";
import { checkEntry, entriesOf, entriesShape } from "../queue/ring.js";
import { SharedQueue } from "./queue.js";
import { createShared, type Fds, type Handle, opened, own, receive, received } from "./share.js";

/**
 * A `Ring` between processes: a sealed memfd and two eventfds. It reaches another process as inherited fds
 * (`stdio: [..., ...ring.fds]`) or over a unix socket (`offer`); another thread of this one by `handle`.
 *
 * The fds are closed by `close`, or when the ring and both ends made here are collected.
 */
export class SharedRing<T> extends SharedQueue<Producer<T>, Consumer<T>> {
  private constructor(handle: Handle, shape: Shape, entry: Entry<T>) {
    super(handle, shape, entriesOf(entry));
  }

  /** @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY` */
  static create<T>({ entry, capacity }: { entry: Entry<T>; capacity: number }): SharedRing<T> {
    const shape = entriesShape(entry, capacity, L.DOORBELL_EVENTFD);
    return new SharedRing(createShared(shape), shape, entry);
  }

  /**
   * Opens a ring by its fds, which are this ring's from here on, or by the handle that another thread has posted, whose
   * fds stay that thread's.
   *
   * @throws {RingError} `ERR_RING_BAD_HEADER`: they are no such ring; the fds stay the caller's. `ERR_RING_NO_MEMORY`
   */
  static open<T>(from: Fds | Handle, entry: Entry<T>): SharedRing<T> {
    checkEntry(entry);
    const handle = opened(from);
    const shape = readHeader(handle.memory, L.SHAPE_ENTRIES, entry.size, L.DOORBELL_EVENTFD);
    if (handle !== from) own(handle);
    return new SharedRing(handle, shape, entry);
  }

  /** Connects to a unix socket and waits for the ring that its server offers. */
  static async receive<T>(path: string, entry: Entry<T>, options?: WaitOptions): Promise<SharedRing<T>> {
    return received(await receive(path, options?.signal), (fds) => SharedRing.open(fds, entry));
  }
}

/** A `MessageRing` between processes: as `SharedRing`. */
export class SharedMessageRing extends SharedQueue<MessageProducer, MessageConsumer> {
  /** The longest message in bytes: half the capacity less 8. */
  readonly maxLength: number;

  private constructor(handle: Handle, shape: Shape) {
    super(handle, shape, messages);
    this.maxLength = maxLength(shape.capacity);
  }

  /** @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY` */
  static create({ capacity }: { capacity: number }): SharedMessageRing {
    const shape = messagesShape(capacity, L.DOORBELL_EVENTFD);
    return new SharedMessageRing(createShared(shape), shape);
  }

  /** As `SharedRing.open`. */
  static open(from: Fds | Handle): SharedMessageRing {
    const handle = opened(from);
    const shape = readHeader(handle.memory, L.SHAPE_MESSAGES, L.RECORD_ALIGN, L.DOORBELL_EVENTFD);
    if (handle !== from) own(handle);
    return new SharedMessageRing(handle, shape);
  }

  /** Connects to a unix socket and waits for the ring that its server offers. */
  static async receive(path: string, options?: WaitOptions): Promise<SharedMessageRing> {
    return received(await receive(path, options?.signal), (fds) => SharedMessageRing.open(fds));
  }
}
