import { AsyncResource } from "node:async_hooks";
import type { StreamCall } from "./stream-call.js";

const resolved = Promise.resolve();
/** Items of a batch at most, and the bytes that it is to have about. */
const ITEMS_MAX = 256;
const BATCH_BYTES = 32 << 10;

/** A batch that could not be encoded: whoever knows the schema says which item does not fit. */
export class Misfit extends Error {
  constructor(
    readonly items: readonly unknown[],
    cause: unknown,
  ) {
    super("an item of the stream could not be sent", { cause });
  }
}

/**
 * An argument stream: takes items from the program's iterable and sends them in batches, at most a window of them ahead
 * of the handler.
 *
 * A batch goes out at once while nothing is on its way; otherwise items gather until Go has taken one, or the batch is
 * full: so single items do not wait, and many travel together.
 */
export class Outgoing {
  private call: StreamCall | undefined;
  /** Batches that may be sent. */
  private credit = 0;
  private batch: unknown[] = [];
  /** Items of the next batch: what fits {@link BATCH_BYTES}, judged by the last one. */
  private limit = ITEMS_MAX;
  private stopped = false;
  private iterator: AsyncIterator<unknown> | undefined;
  private wake: (() => void) | undefined;
  /** The program's code runs in the asynchronous context of the call, whenever that could be sent. */
  private readonly scope = new AsyncResource("ts2go.stream");

  /** `fail` rejects the call with what the iterable threw, or what did not fit. */
  constructor(
    private readonly items: AsyncIterable<unknown>,
    private readonly fail: (error: Error) => void,
  ) {}

  /** The call was sent. */
  begin(call: StreamCall): void {
    this.call = call;
    this.credit = call.window;
    this.scope.runInAsyncScope(this.run, this, call).catch((error: unknown) => {
      if (this.stopped) return;
      this.fail(error as Error);
      call.giveUp(error instanceof Error ? error.message : String(error));
    });
  }

  private async run(call: StreamCall): Promise<void> {
    // An ordinary iterable will do, too: an array, a generator.
    const source = this.items as AsyncIterable<unknown> & Iterable<unknown>;
    const iterator = (source[Symbol.asyncIterator] ?? source[Symbol.iterator]).call(source) as AsyncIterator<unknown>;
    this.iterator = iterator;
    for (;;) {
      const { done, value } = await iterator.next();
      if (this.stopped) return;
      if (done) break;
      this.batch.push(value);
      if (this.batch.length >= this.limit || this.credit === call.window) {
        await this.flush(call);
        if (this.stopped) return;
      }
    }
    while (this.batch.length > 0 && !this.stopped) await this.flush(call);
    if (!this.stopped) call.end();
  }

  /** Sends the batch, when there is credit and room. */
  private async flush(call: StreamCall): Promise<void> {
    while (!this.stopped && this.batch.length > 0 && !this.trySend(call)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private trySend(call: StreamCall): boolean {
    if (this.credit === 0) return false;
    const { batch } = this;
    // Before it is sent: a getter of an item may call back into here.
    this.batch = [];
    let sent: boolean;
    try {
      sent = call.send(batch);
    } catch (error) {
      throw new Misfit(batch, error);
    }
    if (!sent) {
      this.batch = [...batch, ...this.batch];
      return false;
    }
    this.credit--;
    return true;
  }

  /** How many bytes the last batch had. */
  sized(items: number, bytes: number): void {
    this.limit = Math.min(Math.max(1, Math.floor((BATCH_BYTES * items) / Math.max(bytes, 1))), ITEMS_MAX);
  }

  /** Go has taken so many batches. Called from a drain: the program's code must not run before its end. */
  credited(batches: number): void {
    this.credit += batches;
    resolved.then(() => this.resume());
  }

  /** There may be credit or room again. */
  resume(): void {
    const { wake, call } = this;
    if (wake !== undefined) {
      this.wake = undefined;
      wake();
    } else if (call !== undefined && !this.stopped && this.batch.length > 0) {
      // The source lets us wait: what has gathered need not wait for it.
      try {
        this.trySend(call);
      } catch (error) {
        this.fail(error as Error);
        call.giveUp((error as Error).message);
      }
    }
  }

  /** Nobody takes items any more. The source is told. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.batch = [];
    this.wake?.();
    const { iterator } = this;
    if (iterator?.return === undefined) return;
    // Not from here, which may be a drain: it runs the program's code. Whatever it does then is its own affair.
    resolved.then(() => this.scope.runInAsyncScope(() => iterator.return?.())).catch(() => {});
  }
}
