import { DamagedError } from "../errors.js";
import type { Bell, Place } from "./place.js";

/**
 * The consuming end of a ring: memory only, it never waits. One thread at a time; the mirror is go/memring/raw_consumer.go.
 *
 * Entries between {@link available} and {@link advance} belong to the consumer, but not their contents: the peer can
 * still write there, so each is copied once into locals and the copy is checked.
 */
export class RawConsumer {
  private readonly words: Int32Array;
  private readonly tailWord: number;
  private readonly headWord: number;
  private readonly sleepingWord: number;
  private readonly spaceWord: number;
  private readonly entries: number;
  private readonly entrySize: number;
  private readonly capacity: number;
  private readonly mask: number;
  /** Own index, private. */
  private head: number;
  /** Cached copy of the producer's index. */
  private tail: number;
  /** Doorbells rung, for looking. */
  doorbells = 0;

  /** `bell` is the producer's own: it is rung when the producer waits for room. */
  constructor(
    buffer: ArrayBufferLike,
    place: Place,
    private readonly bell: Bell,
  ) {
    this.words = new Int32Array(buffer, 0, place.entries >>> 2);
    this.tailWord = place.tail >>> 2;
    this.headWord = place.head >>> 2;
    this.sleepingWord = place.sleeping >>> 2;
    this.spaceWord = place.space >>> 2;
    this.entries = place.entries;
    this.entrySize = place.entrySize;
    this.capacity = place.capacity;
    this.mask = place.capacity - 1;
    this.head = Atomics.load(this.words, this.headWord);
    this.tail = this.head;
  }

  /** The index of the next entry to be read, free-running in 32 bits. */
  get index(): number {
    return this.head;
  }

  /**
   * How many entries can be read; loads the shared word.
   *
   * @throws {DamagedError} if the producer's index is nowhere it could be.
   */
  available(): number {
    // SYNC POINT: entries visible. Pairs with the producer's store of tail.
    const tail = Atomics.load(this.words, this.tailWord);
    const n = (tail - this.head) | 0;
    if (n < 0 || n > this.capacity) {
      throw new DamagedError(
        `ring: the producer's tail is ${n} entries ahead of head, with a capacity of ${this.capacity}`,
      );
    }
    this.tail = tail;
    return n;
  }

  /**
   * How many entries can be read: the shared word is loaded only if the cached copy says fewer than `wanted`.
   *
   * @throws {DamagedError}
   */
  ready(wanted: number): number {
    const n = (this.tail - this.head) | 0;
    return n >= wanted ? n : this.available();
  }

  /** The byte position of the `i`-th entry that can be read. */
  at(i: number): number {
    return this.entries + ((this.head + i) & this.mask) * this.entrySize;
  }

  /** Frees the first `n` entries, and wakes the producer if it waits for room. */
  advance(n: number): void {
    this.head = (this.head + n) | 0;
    const words = this.words;
    // SYNC POINT: slots free. Pairs with the producer's load of head.
    Atomics.store(words, this.headWord, this.head);
    // SYNC POINT: producer waits. Pairs with the producer's store of `space` before its last load of head.
    if (Atomics.load(words, this.spaceWord) !== 0 && Atomics.exchange(words, this.spaceWord, 0) !== 0) this.ring();
  }

  /** Wakes the producer whatever its flag says: for what stands in other words than head. */
  wake(): void {
    Atomics.exchange(this.words, this.spaceWord, 0);
    this.ring();
  }

  private ring(): void {
    this.doorbells++;
    this.bell.ring();
  }

  /**
   * Hand-shake 1, steps a and b: call this when nothing was {@link available}. False: there is something after all. True:
   * the consumer's own doorbell will ring when there is; wait for it, and come back here before waiting again.
   */
  arm(): boolean {
    // SYNC POINT: consumer asleep. Pairs with the producer's load of `sleeping` after its store of tail.
    Atomics.store(this.words, this.sleepingWord, 1);
    if (this.available() === 0) return true;
    this.disarm();
    return false;
  }

  /** Takes back what {@link arm} has said. */
  disarm(): void {
    Atomics.exchange(this.words, this.sleepingWord, 0);
  }
}
