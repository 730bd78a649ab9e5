import type { Direction } from "./direction.js";
import { RegionDamagedError } from "./errors.js";
import { ENTRY_SIZE } from "./layout.js";
import { native } from "./native.js";

/**
 * The consuming end of a ring. One thread at a time; the mirror is go/memring/consumer.go.
 *
 * Entries between {@link available} and {@link advance} belong to the consumer, but not their contents: the peer can
 * still write there, so each is copied once into locals and the copy is checked.
 */
export class Consumer {
  private readonly words: Int32Array;
  private readonly tailWord: number;
  private readonly headWord: number;
  private readonly spaceWord: number;
  private readonly entries: number;
  private readonly capacity: number;
  private readonly mask: number;
  /** Own index, private. */
  private head: number;

  /** `doorbell` is the producer's own: it is rung when the producer waits for room. */
  constructor(
    buffer: ArrayBufferLike,
    direction: Direction,
    private readonly doorbell: number,
  ) {
    this.words = new Int32Array(buffer, 0, direction.entries >>> 2);
    this.tailWord = direction.tail >>> 2;
    this.headWord = direction.head >>> 2;
    this.spaceWord = direction.space >>> 2;
    this.entries = direction.entries;
    this.capacity = direction.capacity;
    this.mask = direction.capacity - 1;
    this.head = Atomics.load(this.words, this.headWord);
  }

  /** The index of the next entry to be read, free-running in 32 bits. */
  get index(): number {
    return this.head;
  }

  /**
   * How many entries can be read.
   *
   * @throws {RegionDamagedError} if the producer's index is nowhere it could be.
   */
  available(): number {
    // SYNC POINT: entries visible. Pairs with the producer's store of tail.
    const n = (Atomics.load(this.words, this.tailWord) - this.head) | 0;
    if (n < 0 || n > this.capacity) {
      throw new RegionDamagedError(
        `ring: the producer's tail is ${n} entries ahead of head, with a capacity of ${this.capacity}`,
      );
    }
    return n;
  }

  /** The byte position of the `i`-th entry that can be read. */
  at(i: number): number {
    return this.entries + ((this.head + i) & this.mask) * ENTRY_SIZE;
  }

  /** Frees the first `n` entries, and wakes the producer if it waits for room. */
  advance(n: number): void {
    this.head = (this.head + n) | 0;
    const words = this.words;
    // SYNC POINT: slots free. Pairs with the producer's load of head.
    Atomics.store(words, this.headWord, this.head);
    // SYNC POINT: producer waits. Pairs with the producer's store of `space` before its last load of head.
    if (Atomics.load(words, this.spaceWord) !== 0 && Atomics.exchange(words, this.spaceWord, 0) !== 0) {
      native.ringDoorbell(this.doorbell);
    }
  }
}
