import { TimeoutError, Ts2goError } from "../errors.js";
import { listen, unlisten } from "./abort.js";
import type { Channel } from "./channel.js";
import type { Metadata } from "./metadata.js";
import { fail, type Settle } from "./settle.js";
import type { Slot } from "./slots.js";

/** What may be given with every call, behind its arguments. */
export interface SendOptions {
  /** What goes with the call: `ts2go.MetadataFrom(ctx)` in Go. Nothing comes back that way. */
  readonly metadata?: Metadata | undefined;
}

/** What may be given with a call that has an answer, behind its arguments. */
export interface CallOptions extends SendOptions {
  /** Ends the call: the promise rejects at once with the signal's reason, and the handler's context is cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, from the call on, after which the promise rejects with `TimeoutError` and the context's deadline passes. */
  readonly timeout?: number | undefined;
}

/** Whether the caller may give the call up. */
export const isPatient = ({ signal, timeout }: CallOptions): boolean => signal !== undefined || timeout !== undefined;

/** The longest timeout in milliseconds: what a timer of Node's can count. */
const TIMEOUT_MAX = 2 ** 31 - 1;

/**
 * How long the caller of one call is willing to wait. Only calls with a signal or a timeout have one.
 *
 * A call that is given up while it waits here is never sent. One that was sent keeps its slot and its request's memory
 * until Go is done with it, and Go is told by a CANCEL.
 */
export class Patience {
  /** Ends the call, and the waiting for anything else to end it. */
  readonly settle: Settle;
  private readonly signal: AbortSignal | undefined;
  /** When it ends, on the clock of `performance.now`; 0: never. */
  private readonly deadline: number;
  private timer: NodeJS.Timeout | undefined;
  private channel: Channel | undefined;
  private slot: Slot | undefined;
  private callId = 0;

  /**
   * `dropped` is called if the call is given up before it was sent.
   *
   * @throws {Ts2goError} `ERR_INVALID_OPTION`; the signal's reason if it is aborted already.
   */
  constructor(
    method: string,
    options: CallOptions,
    private readonly settleCall: Settle,
    private readonly dropped: (self: Patience) => void,
  ) {
    const { signal, timeout } = options;
    check(method, options);
    signal?.throwIfAborted();
    this.signal = signal;
    const settle = (result: unknown) => {
      this.end();
      settleCall(result);
    };
    const refuse = (error: Error) => {
      this.end();
      fail(settleCall, error);
    };
    this.settle = settleCall.refuse === undefined ? settle : Object.assign(settle, { refuse });
    this.deadline = timeout === undefined ? 0 : performance.now() + timeout;
    if (timeout !== undefined) {
      // The call itself keeps the event loop alive, if anything has to.
      this.timer = setTimeout(
        () => this.giveUp(new TimeoutError(method, timeout), "deadline exceeded"),
        timeout,
      ).unref();
    }
    if (signal !== undefined) listen(signal, this.onAbort);
  }

  private readonly onAbort = () => {
    const reason: unknown = this.signal?.reason;
    this.giveUp(reason, reason instanceof Error ? reason.message : String(reason));
  };

  /** Milliseconds that are left, at least 1; 0: there is no deadline. */
  get remainingMs(): number {
    return this.deadline === 0 ? 0 : Math.max(1, Math.ceil(this.deadline - performance.now()));
  }

  /** Tells that the call was sent. */
  sent(channel: Channel, slot: Slot): void {
    this.channel = channel;
    this.slot = slot;
    this.callId = slot.callId;
  }

  private giveUp(error: unknown, reason: string): void {
    this.end();
    if (this.slot === undefined) this.dropped(this);
    else this.channel?.cancel(this.slot, this.callId, reason);
    fail(this.settleCall, error as Error);
  }

  /** Stops waiting for anything to end the call. */
  end(): void {
    clearTimeout(this.timer);
    if (this.signal !== undefined) unlisten(this.signal, this.onAbort);
  }
}

function check(method: string, { signal, timeout }: CallOptions): void {
  const refuse = (name: string, expected: string, received: unknown): never => {
    throw new Ts2goError(
      "ERR_INVALID_OPTION",
      `${method}: option ${name}: expected ${expected}, got ${String(received)}`,
    );
  };
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse("signal", "an AbortSignal", signal);
  if (timeout !== undefined && !(typeof timeout === "number" && timeout > 0 && timeout <= TIMEOUT_MAX)) {
    refuse("timeout", `milliseconds above 0 and up to ${TIMEOUT_MAX}`, timeout);
  }
}
