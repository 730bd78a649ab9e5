import type { Socket } from "node:net";
import * as L from "../layout.js";
import type { MessageConsumer } from "../message/consumer.js";
import type { MessageProducer } from "../message/producer.js";
import { MessageQueue, messagesShape } from "../message/ring.js";
import type { Consumer } from "../queue/consumer.js";
import type { Host, WaitOptions } from "../queue/end.js";
import type { Entry } from "../queue/entries.js";
import { readHeader, type Shape } from "../queue/memory.js";
import type { Producer } from "../queue/producer.js";
import { checkEntry, type EndOptions, EntryQueue, entriesShape } from "../queue/ring.js";
import {
  closeShared,
  createShared,
  EVENTFD,
  type Fds,
  type Handle,
  mapShared,
  offer,
  own,
  processes,
  receive,
  received,
} from "./share.js";

/**
 * A `Ring` between processes: a sealed memfd and two eventfds. It reaches another process as inherited fds
 * (`stdio: [..., ...ring.fds]`) or over a unix socket ({@link offer}); another thread of this one by {@link handle}.
 *
 * The fds are closed by {@link close}, or when the ring and both ends made here are collected.
 */
export class SharedRing<T> extends EntryQueue<T> {
  /** Memory, the consumer's doorbell, the producer's. For a child: inherited, not closed. */
  readonly fds: Fds;
  /** Taken here: they ring the fds' numbers, which must not be somebody else's by then. */
  private readonly ends: { close(): void }[] = [];

  private constructor(
    private readonly shared: Handle,
    shape: Shape,
    entry: Entry<T>,
  ) {
    super(shared.memory, shape, entry);
    this.fds = shared.fds;
  }

  /** @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY` */
  static create<T>({ entry, capacity }: { entry: Entry<T>; capacity: number }): SharedRing<T> {
    const shape = entriesShape(entry, capacity, EVENTFD);
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
    const shape = readHeader(handle.memory, L.SHAPE_ENTRIES, entry.size, EVENTFD);
    if (handle !== from) own(handle);
    return new SharedRing(handle, shape, entry);
  }

  /** Connects to a unix socket and waits for the ring that its server {@link offer}s. */
  static async receive<T>(path: string, entry: Entry<T>, options?: WaitOptions): Promise<SharedRing<T>> {
    return received(await receive(path, options?.signal), (fds) => SharedRing.open(fds, entry));
  }

  protected override host(): Host {
    return processes(this.memory, this.fds);
  }

  override producer(options?: EndOptions): Producer<T> {
    const producer = super.producer(options);
    this.ends.push(producer);
    return producer;
  }

  override consumer(options?: EndOptions): Consumer<T> {
    const consumer = super.consumer(options);
    this.ends.push(consumer);
    return consumer;
  }

  /** What another thread of this process opens: may be posted to it. */
  get handle(): Handle {
    return this.shared;
  }

  /** Sends the ring to whoever has connected to this process's server. */
  offer(socket: Socket): void {
    offer(socket, this.shared);
  }

  /**
   * Closes both ends, if they were taken here, and then the fds. Those that another thread has taken by the {@link handle}
   * have to be closed before: they know the fds by their numbers. The memory goes when it is collected.
   */
  close(): void {
    for (const end of this.ends) end.close();
    closeShared(this.shared);
  }
}

/** A `MessageRing` between processes: as `SharedRing`. */
export class SharedMessageRing extends MessageQueue {
  /** Memory, the consumer's doorbell, the producer's. For a child: inherited, not closed. */
  readonly fds: Fds;
  /** Taken here: they ring the fds' numbers, which must not be somebody else's by then. */
  private readonly ends: { close(): void }[] = [];

  private constructor(
    private readonly shared: Handle,
    shape: Shape,
  ) {
    super(shared.memory, shape);
    this.fds = shared.fds;
  }

  /** @throws {RingError} `ERR_RING_INVALID_OPTION`, `ERR_RING_NO_MEMORY` */
  static create({ capacity }: { capacity: number }): SharedMessageRing {
    const shape = messagesShape(capacity, EVENTFD);
    return new SharedMessageRing(createShared(shape), shape);
  }

  /** As `SharedRing.open`. */
  static open(from: Fds | Handle): SharedMessageRing {
    const handle = opened(from);
    const shape = readHeader(handle.memory, L.SHAPE_MESSAGES, L.RECORD_ALIGN, EVENTFD);
    if (handle !== from) own(handle);
    return new SharedMessageRing(handle, shape);
  }

  /** Connects to a unix socket and waits for the ring that its server {@link offer}s. */
  static async receive(path: string, options?: WaitOptions): Promise<SharedMessageRing> {
    return received(await receive(path, options?.signal), (fds) => SharedMessageRing.open(fds));
  }

  protected override host(): Host {
    return processes(this.memory, this.fds);
  }

  override producer(options?: EndOptions): MessageProducer {
    const producer = super.producer(options);
    this.ends.push(producer);
    return producer;
  }

  override consumer(options?: EndOptions): MessageConsumer {
    const consumer = super.consumer(options);
    this.ends.push(consumer);
    return consumer;
  }

  /** What another thread of this process opens: may be posted to it. */
  get handle(): Handle {
    return this.shared;
  }

  /** Sends the ring to whoever has connected to this process's server. */
  offer(socket: Socket): void {
    offer(socket, this.shared);
  }

  /**
   * Closes both ends, if they were taken here, and then the fds. Those that another thread has taken by the {@link handle}
   * have to be closed before: they know the fds by their numbers. The memory goes when it is collected.
   */
  close(): void {
    for (const end of this.ends) end.close();
    closeShared(this.shared);
  }
}

const opened = (from: Fds | Handle): Handle => ("memory" in from ? from : mapShared(from));
