import type { MethodSpec } from "../client/service.js";
import { Fifo } from "./fifo.js";
import type { Patience } from "./patience.js";
import type { Settle } from "./settle.js";
import type { StreamCall } from "./stream/index.js";
import type { CallContext } from "./surroundings.js";

/** A call that has not been encoded yet. Its arguments are still the caller's. */
export interface WaitingCall {
  readonly method: MethodSpec;
  readonly args: unknown;
  readonly settle: Settle;
  /** How long its caller waits, where that was said. */
  readonly patience: Patience | undefined;
  /** Its streams, if it has any. */
  readonly stream: StreamCall | undefined;
  /** What it takes along, if anything. */
  readonly context: CallContext | undefined;
  /** Since when it was seen here, on the clock of `performance.now`; 0: not seen yet. */
  since: number;
  /** Its number in the queue: it counts up. */
  order: number;
  /** Calls from Go that had come by then: implementations of these may be waiting for it. */
  readonly after: number;
}

/**
 * Calls waiting for a worker or for room: those with streams apart from those without, each first in, first out. A stream
 * may wait until others have been read, and a reader for a call: so calls must be able to pass.
 */
export class CallQueue {
  /** Of both together. */
  length = 0;
  private readonly calls = new Fifo<WaitingCall>();
  private readonly streams = new Fifo<WaitingCall>();
  private pushed = 0;

  /** The one that has waited for longest. */
  get first(): WaitingCall | undefined {
    const call = this.calls.first;
    const stream = this.streams.first;
    if (call === undefined || stream === undefined) return call ?? stream;
    return call.order < stream.order ? call : stream;
  }

  /** The first of those without streams. */
  get firstCall(): WaitingCall | undefined {
    return this.calls.first;
  }

  push(call: WaitingCall): void {
    call.order = this.pushed++;
    this.kind(call).push(call);
    this.length++;
  }

  /** Takes out {@link first} or {@link firstCall}, unless its caller has given it up while it was encoded. */
  shift(call: WaitingCall): void {
    const kind = this.kind(call);
    if (kind.first !== call) return;
    kind.shift();
    this.length--;
  }

  /** Takes out a call, wherever it stands. */
  remove(call: WaitingCall): void {
    if (this.kind(call).remove(call)) this.length--;
  }

  /** The call that is ended by `settle`. */
  of(settle: Settle): WaitingCall | undefined {
    return this.find((call) => call.settle === settle);
  }

  /** The first one without streams that `is` holds for, or else the first with streams. */
  find(is: (call: WaitingCall) => boolean): WaitingCall | undefined {
    return this.calls.find(is) ?? this.streams.find(is);
  }

  /** Dates the calls that have no date yet: those at the end, for they come in order. */
  date(now: number): void {
    const dates = (call: WaitingCall) => {
      if (call.since !== 0) return false;
      call.since = now;
      return true;
    };
    this.calls.backwards(dates);
    this.streams.backwards(dates);
  }

  /** Every waiting call, in no order. */
  all(): WaitingCall[] {
    return [...this.calls.all(), ...this.streams.all()];
  }

  private kind(call: WaitingCall): Fifo<WaitingCall> {
    return call.stream === undefined ? this.calls : this.streams;
  }
}
