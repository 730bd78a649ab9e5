import { DamagedError } from "../errors.js";
import type { Bell, Place } from "./place.js";

/**
 * The producing end of a ring: memory only, it never waits. One thread at a time; the mirror is go/memring/raw_producer.go.
 *
 * Entries are claimed one by one or many together, and published together: what is written between {@link claim} and
 * {@link publish} is not yet visible to the consumer.
 */
export class RawProducer {
  private readonly words: Int32Array;
  private readonly tailWord: number;
  private readonly headWord: number;
  private readonly sleepingWord: number;
  private readonly spaceWord: number;
  private readonly entries: number;
  private readonly entrySize: number;
  private readonly capacity: number;
  private readonly mask: number;
  /** Own index, private: what stands in the memory is only for the peer. */
  private tail: number;
  /** How far the peer has been told. */
  private published: number;
  /** Cached copy of the consumer's index: the shared word is loaded only when this says full. */
  private head: number;
  /** Doorbells rung, for looking. */
  doorbells = 0;

  /** `bell` is the consumer's. */
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
    this.tail = Atomics.load(this.words, this.tailWord);
    this.published = this.tail;
    // As if the ring were full: the first claim loads the shared word, and checks it as every later one does.
    this.head = (this.tail - this.capacity) | 0;
  }

  /** The index of the next entry to be claimed, free-running in 32 bits. */
  get index(): number {
    return this.tail;
  }

  /** Entries claimed and not yet published. */
  get unpublished(): number {
    return (this.tail - this.published) | 0;
  }

  /** Entries published that the consumer had not given back when the shared word was loaded last. */
  get length(): number {
    return (this.published - this.head) | 0;
  }

  /**
   * The byte position of the next free entry, or -1 if the ring is full. The entry is the caller's until it is
   * published; {@link unclaim} gives the last one back.
   *
   * @throws {DamagedError} if the consumer's index is nowhere it could be.
   */
  claim(): number {
    if (((this.tail - this.head) | 0) === this.capacity && this.look() === 0) return -1;
    const at = this.entries + (this.tail & this.mask) * this.entrySize;
    this.tail = (this.tail + 1) | 0;
    return at;
  }

  /** Gives back the entry that was claimed last. */
  unclaim(): void {
    this.tail = (this.tail - 1) | 0;
  }

  /**
   * How many entries can be claimed: the shared word is loaded only if the cached copy says fewer than `wanted`.
   *
   * @throws {DamagedError}
   */
  room(wanted: number): number {
    const room = (this.head + this.capacity - this.tail) | 0;
    return room >= wanted ? room : this.look();
  }

  /** Claims `n` entries, for which there is {@link room}. They lie one after the other, and go on at the ring's start. */
  claimMany(n: number): void {
    this.tail = (this.tail + n) | 0;
  }

  /** Gives back everything that was claimed and not published. */
  unclaimAll(): void {
    this.tail = this.published;
  }

  /** Loads how far the consumer has read; returns how many entries can be claimed. */
  private look(): number {
    // SYNC POINT: slots free. Pairs with the consumer's store of head after it has copied the entries.
    const head = Atomics.load(this.words, this.headWord);
    // It lies between where it was seen last and what was published: a consumer never goes back.
    if ((this.published - head) >>> 0 > (this.published - this.head) >>> 0) {
      throw new DamagedError(`ring: the consumer's head is ${head >>> 0}, the producer's tail ${this.published >>> 0}`);
    }
    this.head = head;
    return (head + this.capacity - this.tail) | 0;
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
    this.wake();
  }

  /** Wakes the consumer whatever its flag says: for what stands in other words than tail. */
  wake(): void {
    Atomics.exchange(this.words, this.sleepingWord, 0);
    this.ring();
  }

  private ring(): void {
    this.doorbells++;
    this.bell.ring();
  }

  /**
   * Hand-shake 2, steps a and b: call this when there was no room for `wanted` entries. False: there is room after all.
   * True: the producer's own doorbell will ring when the consumer moves; wait for it, and come back here before waiting
   * again. Publish before: for entries that it can't see, the consumer makes no room.
   */
  arm(wanted = 1): boolean {
    // SYNC POINT: producer waits. Pairs with the consumer's load of `space` after its store of head.
    Atomics.store(this.words, this.spaceWord, 1);
    if (this.look() < wanted) return true;
    this.disarm();
    return false;
  }

  /** Takes back what {@link arm} has said. */
  disarm(): void {
    Atomics.exchange(this.words, this.spaceWord, 0);
  }
}
