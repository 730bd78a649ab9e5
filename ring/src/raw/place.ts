/** Where the words and the entries of one ring lie, in bytes from the memory's start. */
export interface Place {
  readonly tail: number;
  readonly head: number;
  readonly sleeping: number;
  readonly space: number;
  readonly entries: number;
  /** Entries: a power of two. */
  readonly capacity: number;
  /** Bytes of an entry. */
  readonly entrySize: number;
}

/** How an end wakes the other side: by an eventfd, or by `Atomics.notify`. */
export interface Bell {
  ring(): void;
}
