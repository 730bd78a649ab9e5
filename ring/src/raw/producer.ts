import type { Direction } from "./direction.js";
import { RegionDamagedError } from "./errors.js";
import { ENTRY_SIZE } from "./layout.js";
import { native } from "./native.js";

/**
 * The producing end of a ring. One thread at a time; the mirror is go/memring/producer.go.
 *
 * Entries are claimed one by one and published together: what is written between {@link claim} and {@link publish} is
 * not yet visible to the consumer.
 */
export class Producer {
  private readonly words: Int32Array;
  private readonly tailWord: number;
  private readonly headWord: number;
  private readonly sleepingWord: number;
  private readonly spaceWord: number;
  private readonly entries: number;
  private readonly capacity: number;
  private readonly mask: number;
  /** Own index, private: what stands in the region is only for the peer. */
  private tail: number;
  /** How far the peer has been told. */
  private published: number;
  /** Cached copy of the consumer's index: the shared word is loaded only when this says full. */
  private head: number;
  /** Doorbells rung, for looking. */
  doorbells = 0;

  /** `doorbell` is the consumer's. */
  constructor(
    buffer: ArrayBufferLike,
    direction: Direction,
    private readonly doorbell: number,
  ) {
    this.words = new Int32Array(buffer, 0, direction.entries >>> 2);
    this.tailWord = direction.tail >>> 2;
    this.headWord = direction.head >>> 2;
    this.sleepingWord = direction.sleeping >>> 2;
    this.spaceWord = direction.space >>> 2;
    this.entries = direction.entries;
    this.capacity = direction.capacity;
    this.mask = direction.capacity - 1;
    this.tail = Atomics.load(this.words, this.tailWord);
    this.published = this.tail;
    // As if the ring were full: the first claim loads the shared word, and checks it as every later one does.
    this.head = (this.tail - this.capacity) | 0;
  }

  /** Entries claimed and not yet published. */
  get unpublished(): number {
    return (this.tail - this.published) | 0;
  }

  /**
   * The byte position of the next free entry, or -1 if the ring is full. The entry is the caller's until it is
   * published; {@link unclaim} gives the last one back.
   *
   * @throws {RegionDamagedError} if the consumer's index is nowhere it could be.
   */
  claim(): number {
    if (((this.tail - this.head) | 0) === this.capacity && !this.lookAgain()) return -1;
    const at = this.entries + (this.tail & this.mask) * ENTRY_SIZE;
    this.tail = (this.tail + 1) | 0;
    return at;
  }

  /** Gives back the entry that was claimed last. */
  unclaim(): void {
    this.tail = (this.tail - 1) | 0;
  }

  private lookAgain(): boolean {
    // SYNC POINT: slots free. Pairs with the consumer's store of head after it has copied the entries.
    const head = Atomics.load(this.words, this.headWord);
    // It lies between where it was seen last and what was published: a consumer never goes back.
    if ((this.published - head) >>> 0 > (this.published - this.head) >>> 0) {
      throw new RegionDamagedError(
        `ring: the consumer's head is ${head >>> 0}, the producer's tail ${this.published >>> 0}`,
      );
    }
    this.head = head;
    return ((this.tail - head) | 0) !== this.capacity;
  }

  /** Makes every claimed entry visible, and wakes the consumer if it sleeps. */
  publish(): void {
    if (this.tail === this.published) return;
    this.published = this.tail;
    const words = this.words;
    // SYNC POINT: entries visible. Pairs with the consumer's load of tail.
    Atomics.store(words, this.tailWord, this.tail);
    // SYNC POINT: consumer asleep. Pairs with the consumer's store of `sleeping` before its last load of tail: each
    // side stores its own word and then loads the other's, so at least one of them sees the other.
    if (Atomics.load(words, this.sleepingWord) !== 0 && Atomics.exchange(words, this.sleepingWord, 0) !== 0)
      this.ring();
  }

  /** Says again what was published and rings, whatever the flags say: against words that somebody has overwritten. */
  republish(): void {
    Atomics.store(this.words, this.tailWord, this.published);
    this.ring();
  }

  private ring(): void {
    this.doorbells++;
    native.ringDoorbell(this.doorbell);
  }

  /**
   * Hand-shake 2: call this when {@link claim} has found no room. True: there is room after all. False: the producer's
   * own doorbell will ring when there is. Publish before waiting: for entries that it can't see, the consumer makes no
   * room.
   */
  waitForSpace(): boolean {
    // SYNC POINT: producer waits. Pairs with the consumer's load of `space` after its store of head.
    Atomics.store(this.words, this.spaceWord, 1);
    if (!this.lookAgain()) return false;
    Atomics.store(this.words, this.spaceWord, 0);
    return true;
  }
}
