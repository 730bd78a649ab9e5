import { ClosedError, RingError } from "../errors.js";
import * as L from "../layout.js";
import { type Place, RawConsumer } from "../raw/index.js";
import type { Wait } from "../wait/spin.js";
import { End, type Host, type WaitOptions } from "./end.js";
import type { Entry, TypedArray, Views } from "./entries.js";
import type { Stats } from "./producer.js";

/** The waiting half of a consumer, of entries or of messages. */
export abstract class ConsumerEnd<T> extends End<RawConsumer> {
  /** Whether everything was read and nothing will come any more. */
  ended = false;

  constructor(
    memory: SharedArrayBuffer,
    protected readonly place: Place,
    host: Host,
    wait: Wait,
  ) {
    super(
      memory,
      "consumer",
      (bell) => new RawConsumer(memory, place, bell),
      host,
      wait,
      (raw, wanted) => raw.ready(wanted) >= wanted,
    );
  }

  /**
   * Called when nothing was there: whether something is after all. Sets {@link ended} at the end.
   *
   * @throws {ClosedError}, {PeerDiedError}
   */
  protected look(): boolean {
    if (this.closed) throw new ClosedError("pop: this consumer was closed");
    const end = this.peerEnd();
    if (end === 0) return false;
    // What was published before the end.
    if (this.raw.available() > 0) return true;
    if (end === L.DIED) throw this.peerDiedError();
    this.ended = true;
    return false;
  }

  protected override isOver(): boolean {
    return this.ended;
  }

  get stats(): Stats {
    return {
      capacity: this.place.capacity,
      length: this.raw.available(),
      waits: this.waits,
      doorbells: this.raw.doorbells,
    };
  }

  /** Stops reading: what is left is lost, and the producer's pushes are refused. Closing twice is closing once. */
  close(): void {
    this.end(new ClosedError("pop: this consumer was closed while it waited"));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What `attempt` gives, now or as soon as there is something; `atEnd` at the end. */
  private later<V>(attempt: () => V | undefined, atEnd: V | undefined, options?: WaitOptions): Promise<V | undefined> {
    try {
      options?.signal?.throwIfAborted();
      if (!this.busy) {
        const value = attempt();
        if (value !== undefined) return Promise.resolve(value);
        if (this.ended) return Promise.resolve(atEnd);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    const last = () => attempt() ?? (this.ended ? END : undefined);
    return this.wait<V | typeof END>(last, one, options).then((value) => (value === END ? atEnd : value));
  }

  /** The next one, if there is one; sets {@link ended} at the end. */
  protected abstract take(): T | undefined;

  /** Up to `max` that are there. */
  protected abstract takeMany(max: number): T[];

  /**
   * The next entry, or a copy of the next message; `undefined` if there is none, or others wait for it. `ended` says
   * whether one may come.
   *
   * @throws {PeerDiedError} once everything is read, if the producer ended without closing; {DamagedError};
   * {ClosedError} after `close`.
   */
  tryPop(): T | undefined {
    return this.busy ? undefined : this.take();
  }

  /**
   * Up to `max` that are there.
   *
   * @throws {RingError} `ERR_RING_MISUSE` if `max` is no whole number from 0
   */
  tryPopMany(max: number): T[] {
    this.checkMax(max, 0);
    return this.busy ? [] : this.takeMany(max);
  }

  /** The next one, as soon as there is one; `undefined` at the end. */
  pop(options?: WaitOptions): Promise<T | undefined> {
    return this.later(() => this.take(), undefined, options);
  }

  /** Up to `max`, at least 1, as soon as there is one; none at the end. */
  popMany(max: number, options?: WaitOptions): Promise<T[]> {
    const some = () => {
      this.checkMax(max, 1);
      const values = this.takeMany(max);
      return values.length === 0 ? undefined : values;
    };
    return this.later<T[]>(some, [], options) as Promise<T[]>;
  }

  /** Blocks this thread until there is one; `undefined` at the end or after the timeout. Not on a browser's main thread. */
  popSync(timeoutMs = Number.POSITIVE_INFINITY): T | undefined {
    if (this.busy) throw new RingError("ERR_RING_MISUSE", "popSync: a pop that waits without blocking comes first");
    return this.waitSync(() => this.take(), one, timeoutMs);
  }

  /** All up to the end. Leaving the loop does not close this end: another loop goes on where it was left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const value = this.tryPop() ?? (await this.pop());
      if (value === undefined) return;
      yield value;
    }
  }

  /** How many may be popped at most: anything else would move the index to where it must not be. */
  private checkMax(max: number, least: number): void {
    if (!(max >= least && (Number.isInteger(max) || max === Number.POSITIVE_INFINITY))) {
      throw new RingError("ERR_RING_MISUSE", `pop: max must be a whole number from ${least}, got ${String(max)}`);
    }
  }
}

/**
 * The consuming end of a queue of entries. It belongs to the thread that acquired it.
 *
 * `tryPop`, `tryPopMany` and `tryPopInto` never wait; `pop`, `popMany` and `for await` wait without blocking the thread;
 * `popSync` blocks it. `tryPop` of numbers does not allocate, `tryPopInto` two small views at most.
 */
export class Consumer<T> extends ConsumerEnd<T> {
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

  protected override take(): T | undefined {
    const { raw } = this;
    if (this.closed || (raw.ready(1) === 0 && !this.look())) {
      if (this.closed) this.look();
      return undefined;
    }
    const value = this.entry.read(this.views, raw.at(0));
    raw.advance(1);
    return value;
  }

  protected override takeMany(max: number): T[] {
    const values: T[] = [];
    const n = this.count(max);
    if (n === 0) return values;
    const { raw, views, entry } = this;
    for (let i = 0; i < n; i++) values.push(entry.read(views, raw.at(i)));
    raw.advance(n);
    return values;
  }

  /** Fills a typed array of the entry's own kind with what is there, and returns how many entries that were. */
  tryPopInto(target: TypedArray): number {
    const { raw, views, entry, place } = this;
    const source = entry.array === undefined ? undefined : views[entry.array];
    if (source === undefined || source.constructor !== target.constructor) {
      throw new RingError(
        "ERR_RING_MISUSE",
        `tryPopInto: expected ${source?.constructor.name ?? "an entry kind that has typed arrays"}, got ${target.constructor.name}`,
      );
    }
    if (this.busy) return 0;
    const n = this.count(target.length);
    if (n === 0) return 0;
    const first = L.DATA / entry.size;
    const slot = raw.index & (place.capacity - 1);
    const before = Math.min(n, place.capacity - slot);
    target.set(source.subarray(first + slot, first + slot + before) as never);
    if (n > before) target.set(source.subarray(first, first + n - before) as never, before);
    raw.advance(n);
    return n;
  }

  private count(max: number): number {
    const { raw } = this;
    const n = this.closed ? 0 : raw.ready(max);
    if (n === 0 && !this.look()) return 0;
    return Math.min(n === 0 ? raw.available() : n, max);
  }
}

/** What a wait resolves with at the end: `undefined` means that it goes on. */
const END = Symbol("end");
const one = () => 1;
