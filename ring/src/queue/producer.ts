import { ClosedError, RingError } from "../errors.js";
import * as L from "../layout.js";
import { type Place, RawProducer } from "../raw/index.js";
import type { Wait } from "../wait/spin.js";
import { End, type Host, type WaitOptions } from "./end.js";
import type { Entry, TypedArray, Views } from "./entries.js";

/** What an end has done so far, and how the queue stands. */
export interface Stats {
  /** Entries that fit the queue; for messages bytes. */
  readonly capacity: number;
  /** Entries in the queue now; for messages bytes. */
  readonly length: number;
  /** Times that this end went to sleep. */
  readonly waits: number;
  /** Times that it rang the other side's doorbell. */
  readonly doorbells: number;
}

/** The waiting half of a producer, of entries or of messages. */
export abstract class ProducerEnd<T> extends End<RawProducer> {
  constructor(
    memory: SharedArrayBuffer,
    protected readonly place: Place,
    host: Host,
    wait: Wait,
  ) {
    super(
      memory,
      "producer",
      (bell) => new RawProducer(memory, place, bell),
      host,
      wait,
      (raw, wanted) => raw.room(wanted) >= wanted,
    );
  }

  /** Throws what a push after the end gets. */
  protected refuseIfOver(): void {
    if (this.closed) throw new ClosedError("push: this producer was closed");
    const end = this.peerEnd();
    if (end === L.DIED) throw this.peerDiedError();
    if (end !== 0) throw new ClosedError("push: the consumer has stopped");
  }

  /** Pushes one, with its publication; false if there is no room. */
  protected abstract put(value: T): boolean;

  /** Pushes as many of the values as there is room for, from index `from` on, and publishes them together. */
  protected abstract putMany(values: ArrayLike<T>, from: number): number;

  /** How much room a push of this value needs: entries, or bytes. */
  protected abstract needed(value: T): number;

  /**
   * Pushes one; false if there is no room, or others wait for it.
   *
   * @throws {ClosedError}, {PeerDiedError}, {DamagedError}; {RingError} `ERR_RING_MISUSE` if the value is none of the
   * queue's; {MessageTooLongError}.
   */
  tryPush(value: T): boolean {
    return !this.busy && this.put(value);
  }

  /** Pushes one as soon as there is room. The value must not change before the promise settles. */
  push(value: T, options?: WaitOptions): Promise<void> {
    return this.later(
      () => this.put(value),
      () => this.needed(value),
      options,
    );
  }

  /**
   * Pushes all values in order, as room comes, and resolves when the last one is in. If it is aborted or refused, those
   * that were in stay in: how many only the consumer can say.
   */
  pushMany(values: ArrayLike<T>, options?: WaitOptions): Promise<void> {
    let done = 0;
    const attempt = () => {
      done += this.putMany(values, done);
      return done >= values.length;
    };
    return this.later(attempt, () => this.needed(values[done] as T), options);
  }

  /** Resolves when the attempt succeeds, now or as room comes. */
  private later(attempt: () => boolean, wanted: () => number, options?: WaitOptions): Promise<void> {
    try {
      options?.signal?.throwIfAborted();
      if (!this.busy && attempt()) return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.wait(() => attempt() || undefined, wanted, options).then(nothing);
  }

  /** Blocks this thread until there is room; false after the timeout. Not on a browser's main thread. */
  pushSync(value: T, timeoutMs = Number.POSITIVE_INFINITY): boolean {
    if (this.busy) throw new RingError("ERR_RING_MISUSE", "pushSync: a push that waits without blocking comes first");
    const attempt = () => this.put(value) || undefined;
    return this.waitSync(attempt, () => this.needed(value), timeoutMs) === true;
  }

  protected override isOver(): boolean {
    return false;
  }

  get stats(): Stats {
    this.raw.room(this.place.capacity);
    return { capacity: this.place.capacity, length: this.raw.length, waits: this.waits, doorbells: this.raw.doorbells };
  }

  /** The end of the queue: the consumer gets what is left. Pushes that wait are refused. Closing twice is closing once. */
  close(): void {
    this.end(new ClosedError("push: this producer was closed while it waited for room"));
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The producing end of a queue of entries. It belongs to the thread that acquired it.
 *
 * `tryPush` and `tryPushMany` never wait; `push` and `pushMany` wait for room without blocking the thread; `pushSync`
 * blocks it. The two that try do not allocate, where the entries are numbers.
 */
export class Producer<T> extends ProducerEnd<T> {
  constructor(
    memory: SharedArrayBuffer,
    place: Place,
    private readonly views: Views,
    private readonly entry: Entry<T>,
    host: Host,
    wait: Wait,
  ) {
    super(memory, place, host, wait);
  }

  protected override put(value: T): boolean {
    const { raw } = this;
    if (this.closed || this.peerSeemsOver()) this.refuseIfOver();
    const at = raw.claim();
    if (at < 0) {
      this.refuseIfOver();
      return false;
    }
    try {
      this.entry.write(this.views, at, value);
    } catch (error) {
      raw.unclaim();
      throw error;
    }
    raw.publish();
    return true;
  }

  /**
   * Pushes as many of the values as there is room for, from index `from` on, and publishes them together. Returns how
   * many. A typed array of the entry's own kind is copied at once.
   */
  tryPushMany(values: ArrayLike<T>, from = 0): number {
    if (this.busy) return 0;
    return this.putMany(values, from);
  }

  protected override putMany(values: ArrayLike<T>, from: number): number {
    if (this.closed || this.peerSeemsOver()) this.refuseIfOver();
    const { raw, place } = this;
    const wanted = values.length - from;
    if (!(from >= 0 && Number.isInteger(wanted))) {
      throw new RingError("ERR_RING_MISUSE", `pushMany: expected an array and an index into it, got ${String(from)}`);
    }
    const n = Math.min(raw.room(wanted), wanted);
    if (n <= 0) {
      this.refuseIfOver();
      return 0;
    }
    const slot = raw.index & (place.capacity - 1);
    const before = Math.min(n, place.capacity - slot);
    this.write(slot, values, from, before);
    if (n > before) this.write(0, values, from + before, n - before);
    raw.claimMany(n);
    raw.publish();
    return n;
  }

  /** Nothing is claimed yet: a value that is refused leaves no trace. */
  private write(slot: number, values: ArrayLike<T>, from: number, n: number): void {
    const { views, entry } = this;
    const target = entry.array === undefined ? undefined : views[entry.array];
    if (target !== undefined && values.constructor === target.constructor) {
      const source = values as unknown as TypedArray;
      const all = from === 0 && n === source.length;
      target.set((all ? source : source.subarray(from, from + n)) as never, L.DATA / entry.size + slot);
      return;
    }
    for (let i = 0; i < n; i++) {
      entry.write(views, L.DATA + (slot + i) * entry.size, values[from + i] as T);
    }
  }

  protected override needed(): number {
    return 1;
  }
}

const nothing = () => {};
