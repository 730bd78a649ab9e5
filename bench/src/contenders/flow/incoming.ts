import type { Reading } from "../../bench.js";
import { ITEM_BYTES, ITEM_DOUBLES, ITEM_WORDS, WINDOW } from "./layout.js";

type Result = IteratorResult<Reading, undefined>;

/** A stream from Go: always a window of pulls ahead of its reader, until a batch of nothing is the end. */
export class Incoming implements AsyncIterableIterator<Reading, undefined> {
  readonly #pull: () => Promise<Uint8Array>;
  /** Batches that have come and were not begun. */
  readonly #batches: Uint8Array[] = [];
  #ids: Uint32Array = new Uint32Array(0);
  #values: Float64Array = new Float64Array(0);
  #next = 0;
  #items = 0;
  #ended = false;
  #failed: { readonly error: unknown } | undefined;
  /** Who waits for an item: a loop is one reader. */
  #reader: { readonly resolve: (result: Result) => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(pull: () => Promise<Uint8Array>) {
    this.#pull = pull;
    for (let i = 0; i < WINDOW; i++) this.#ask();
  }

  next(): Promise<Result> {
    if (this.#next < this.#items || this.#begin()) return Promise.resolve({ done: false, value: this.#item() });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#serve();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the stream with an error, after what has come. */
  fail(error: unknown): void {
    this.#failed ??= { error };
    this.#serve();
  }

  /** Makes the next batch the current one and pulls another, if one has come. */
  #begin(): boolean {
    const batch = this.#batches.shift();
    if (!batch) return false;
    this.#items = batch.length / ITEM_BYTES;
    this.#ids = new Uint32Array(batch.buffer, batch.byteOffset, this.#items * ITEM_WORDS);
    this.#values = new Float64Array(batch.buffer, batch.byteOffset, this.#items * ITEM_DOUBLES);
    this.#next = 0;
    this.#ask();
    return true;
  }

  #item(): Reading {
    const i = this.#next++;
    return { id: this.#ids[i * ITEM_WORDS] as number, value: this.#values[i * ITEM_DOUBLES + 1] as number };
  }

  #ask(): void {
    this.#pull().then(
      (batch) => {
        if (batch.length === 0) this.#ended = true;
        else this.#batches.push(batch);
        this.#serve();
      },
      (error: unknown) => this.fail(error),
    );
  }

  #serve(): void {
    const reader = this.#reader;
    if (!reader) return;
    if (this.#begin()) reader.resolve({ done: false, value: this.#item() });
    else if (this.#failed) reader.reject(this.#failed.error);
    else if (this.#ended) reader.resolve({ done: true, value: undefined });
    else return;
    this.#reader = undefined;
  }
}
