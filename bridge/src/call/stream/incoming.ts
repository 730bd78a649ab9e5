import type { Settle } from "../settle.js";
import { rejection } from "../trace.js";
import { DONE, Iteration } from "./iteration.js";
import type { StreamCall } from "./stream-call.js";

type Reader<T> = (result: IteratorResult<T, undefined> | Promise<never>) => void;

/**
 * A result stream, as the caller reads it. The call is made at the first `next`, and given up by `return`, which a loop
 * calls when it is left early.
 *
 * Go sends items in batches, at most a window of them ahead of the reader: a reader that stops stops Go.
 */
export class Incoming<T> extends Iteration<T> {
  /** Batches that have come and were not begun. */
  private readonly batches: T[][] = [];
  private current: T[] = [];
  private next_ = 0;
  /** Who waits for an item, in order. */
  private readonly readers: Reader<T>[] = [];
  private started = false;
  private over = false;
  private error: Error | undefined;
  private call: StreamCall | undefined;

  /** `start` makes the call; it is called at most once. */
  constructor(private readonly start: (self: Incoming<T>) => StreamCall) {
    super();
  }

  /** Ends the stream: Go has completed the call. */
  readonly settle: Settle = Object.assign(() => this.finish(undefined), {
    refuse: (error: Error) => this.finish(error),
  });

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.next_ < this.current.length && this.readers.length === 0) {
      return Promise.resolve({ done: false, value: this.current[this.next_++] as T });
    }
    return new Promise((resolve) => {
      this.readers.push(resolve);
      if (this.started) this.serve();
      else this.begin();
    });
  }

  private begin(): void {
    this.started = true;
    if (this.over) return this.serve();
    try {
      this.call = this.start(this);
    } catch (error) {
      this.finish(error as Error);
    }
  }

  /** A batch has come. Nobody's code runs in here: a promise is resolved, and that is all. */
  push(batch: T[]): void {
    this.batches.push(batch);
    this.serve();
  }

  private finish(error: Error | undefined): void {
    if (this.over) return;
    this.over = true;
    this.error = error;
    this.serve();
  }

  private serve(): void {
    while (this.readers.length > 0) {
      if (this.next_ === this.current.length) {
        const batch = this.batches.shift();
        if (batch === undefined) break;
        this.current = batch;
        this.next_ = 0;
        // The next one may come while this one is read.
        this.call?.credit(1);
        continue;
      }
      this.readers.shift()?.({ done: false, value: this.current[this.next_++] as T });
    }
    if (!this.over) return;
    // What came before the end was read; the error goes to one reader, and after it there is nothing.
    for (const reader of this.readers.splice(0)) {
      const { error } = this;
      this.error = undefined;
      reader(error === undefined ? DONE : rejection(error));
    }
  }

  /** Gives the stream up: Go's context is cancelled, and what has come is dropped. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.batches.length = 0;
    this.current = [];
    this.next_ = 0;
    if (!this.over) {
      this.over = true;
      if (this.started) this.call?.giveUp("the reader of the stream has stopped");
    }
    this.error = undefined;
    this.serve();
    return Promise.resolve(DONE);
  }
}
