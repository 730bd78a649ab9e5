import type { MethodSpec } from "../client/service.js";
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
}

/** Calls waiting for a worker or for room, first in, first out. */
export class CallQueue {
  private items: (WaitingCall | undefined)[] = [];
  private first = 0;

  get length(): number {
    return this.items.length - this.first;
  }

  push(call: WaitingCall): void {
    this.items.push(call);
  }

  /** Takes out a call whose caller has given up. */
  remove(settle: Settle): void {
    const at = this.items.findIndex((call) => call?.settle === settle);
    if (at >= 0) this.items.splice(at, 1);
  }

  /** Dates the calls that have no date yet: those at the end, for they come in order. */
  date(now: number): void {
    for (let i = this.items.length - 1; i >= this.first; i--) {
      const call = this.items[i] as WaitingCall;
      if (call.since !== 0) return;
      call.since = now;
    }
  }

  /** Every waiting call, for people. */
  all(): WaitingCall[] {
    return this.items.slice(this.first) as WaitingCall[];
  }

  peek(): WaitingCall | undefined {
    return this.items[this.first];
  }

  shift(): void {
    this.items[this.first++] = undefined;
    // Moving what is left costs less than one step for each call that has gone.
    if (this.first >= 1024 && this.first * 2 >= this.items.length) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    } else if (this.first === this.items.length) {
      this.items = [];
      this.first = 0;
    }
  }
}
