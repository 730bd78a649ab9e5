import type { AsyncResource } from "node:async_hooks";
import type { Provided } from "../../client/node-service.js";
import { type Metadata, NO_METADATA } from "../metadata.js";
import type { ThrownTree } from "./thrown.js";

/**
 * What an implementation gets behind its arguments. It is what a client's methods take as their options: passed on, it
 * gives a call that is made on behalf of this one the same end, and the same metadata.
 */
export interface Caller {
  /** Is aborted when the caller's context ends in Go, or when the client ends. Its reason is an Error. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left until the deadline of the caller's context, at least 1; undefined where it has none. */
  readonly timeout?: number | undefined;
  /** What Go has sent with the call by `ts2go.WithMetadata`. */
  readonly metadata: Metadata;
}

/** One call from Go, from its decoding to its reply: one object for all of that, because there are millions. */
export class GoCall {
  /** What the implementation has returned. */
  value: unknown = undefined;
  /** Instead of that, what it has failed with. */
  thrown: ThrownTree | undefined = undefined;
  /** Counts up from 1, in the order in which they have come. */
  number = 0;
  /** Why nobody waits for the reply any more, if so. */
  private reason: Error | undefined;
  private controller: AbortController | undefined;
  /** What came with it, if anything. */
  metadata: Metadata | undefined = undefined;
  /** The asynchronous context in which the call was made that it is made on behalf of, if that is in flight. */
  scope: AsyncResource | undefined = undefined;

  constructor(
    /** Go's own. */
    readonly id: number,
    /** The callback's number. */
    readonly index: number,
    /** Who implements it; undefined where nobody does. */
    readonly to: Provided | undefined,
    readonly oneway: boolean,
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

  /** Milliseconds that are left; undefined: there is no deadline. */
  get timeout(): number | undefined {
    return this.deadline === 0 ? undefined : Math.max(1, Math.ceil(this.deadline - performance.now()));
  }
}

/** The implementation's last argument. It is a class of its own, so that the program holds nothing else of the call. */
export class CallerOf implements Caller {
  readonly #call: GoCall;

  constructor(call: GoCall) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get timeout(): number | undefined {
    return this.#call.timeout;
  }

  get metadata(): Metadata {
    return this.#call.metadata ?? NO_METADATA;
  }
}
