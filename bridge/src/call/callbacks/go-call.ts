/**
 * What an implementation gets behind its arguments. It is what a client's methods take as their options: passed on, it
 * gives a call that is made on behalf of this one the same end.
 */
export interface Caller {
  /** Is aborted when the caller's context ends in Go, or when the client ends. Its reason is an Error. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left until the deadline of the caller's context, at least 1; absent where it has none. */
  readonly timeout?: number;
}

/** One call from Go, from its decoding to its reply. */
export class GoCall {
  /** Why nobody waits for the reply any more, if so. */
  private reason: Error | undefined;
  private controller: AbortController | undefined;

  constructor(
    /** Go's own. */
    readonly id: number,
    /** The callback's number. */
    readonly index: number,
    readonly args: unknown[],
    /** When the caller's patience ends, on the clock of `performance.now`; 0: never. */
    private readonly deadline: number,
  ) {}

  get givenUp(): boolean {
    return this.reason !== undefined;
  }

  /** Nobody waits for the reply any more. None of the program's code runs in here: see {@link tell}. */
  giveUp(reason: Error): void {
    this.reason = reason;
  }

  /** Aborts the implementation's signal, if it has looked at it. */
  tell(): void {
    this.controller?.abort(this.reason);
  }

  /** A signal costs more than most calls: it is made when somebody wants it. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** The implementation's last argument. */
  get caller(): Caller {
    const call = this;
    const caller = {
      get signal(): AbortSignal {
        return call.signal;
      },
    };
    if (this.deadline === 0) return caller;
    return Object.defineProperty(caller, "timeout", {
      enumerable: true,
      get: () => Math.max(1, Math.ceil(call.deadline - performance.now())),
    });
  }
}
