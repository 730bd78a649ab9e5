import { DamagedError, RingError } from "@x/mem-ring/channel";

export { DamagedError, RingError };

/** Stable codes: messages may change, these do not. */
export type Ts2goErrorCode =
  | "ERR_GO"
  | "ERR_GO_PANIC"
  | "ERR_ENCODE"
  | "ERR_DECODE"
  | "ERR_REQUEST_REFUSED"
  | "ERR_RESULT_REFUSED"
  | "ERR_BODY_TOO_LARGE"
  | "ERR_OVERLOADED"
  | "ERR_CLOSED"
  | "ERR_TIMEOUT"
  | "ERR_WOULD_BLOCK"
  | "ERR_NOT_CONNECTED"
  | "ERR_WORKER_DIED"
  | "ERR_WORKER_START"
  | "ERR_SCHEMA_MISMATCH"
  | "ERR_NOT_PROVIDED"
  | "ERR_CALLBACK"
  | "ERR_CANCELED"
  | "ERR_INVALID_OPTION";

/** Everything that this package rejects or throws with. `code` is for programs, `message` for people. */
export class Ts2goError extends Error {
  override readonly name: string = "Ts2goError";
  constructor(
    readonly code: Ts2goErrorCode | (string & {}),
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a {@link GoError} may carry besides its message. */
export interface GoErrorParts {
  readonly details?: unknown;
  /** What it wraps. */
  readonly cause?: Error | undefined;
  /** What it joins. */
  readonly errors?: readonly Error[] | undefined;
}

/**
 * The Go handler returned an error. What that wraps is its `cause`: a GoError, and so on; or, if Go got it from
 * TypeScript, an Error with the name, message, code, properties and stack that it had where it was thrown.
 *
 * Of a chain or tree, 32 errors arrive, and 16 levels.
 */
export class GoError extends Ts2goError {
  override readonly name = "GoError";
  /**
   * The exported fields of the error's type as JSON has them, by the type's own rules; undefined where there are none, or
   * more than 16 KiB. A whole number beyond 2^53 is a bigint. Fields that hold errors are null: `cause` tells of those.
   */
  declare readonly details?: unknown;
  /** The errors that it joins, as `errors.Join` does, or `fmt.Errorf` with more than one `%w`. */
  declare readonly errors?: readonly Error[];

  constructor(
    message: string,
    /** The error's type in Go, such as `*fs.PathError`. */
    readonly goType: string,
    /** What its `Code() string` method says, or that of the first error it wraps which has one; `ERR_GO` otherwise. */
    code: string,
    /** `Interface.method`. */
    readonly method: string,
    { details, cause, errors }: GoErrorParts = {},
  ) {
    super(code === "" ? "ERR_GO" : code, message, cause === undefined ? undefined : { cause });
    if (details !== undefined) this.details = details;
    if (errors !== undefined) this.errors = errors;
  }

  /**
   * The first error of that Go type among `error`, its causes and the errors that they join, or undefined: what
   * `errors.As` is in Go. `*fs.PathError` may be written `fs.PathError`. The type of its details is for the caller to say.
   *
   * @example
   * const missing = GoError.find<{ ID: number }>(error, "main.NotFound");
   * if (missing) console.log(missing.details.ID);
   */
  static find<Details = unknown>(
    error: unknown,
    goType: string,
  ): (GoError & { readonly details: Details }) | undefined {
    const wanted = goType.replace(/^\*/, "");
    const seen = new Set<unknown>();
    const left: unknown[] = [error];
    while (left.length > 0) {
      const next = left.shift();
      if (typeof next !== "object" || next === null || seen.has(next)) continue;
      seen.add(next);
      if (next instanceof GoError && next.goType.replace(/^\*/, "") === wanted) return next as never;
      const { cause, errors } = next as { cause?: unknown; errors?: unknown };
      left.unshift(cause, ...(Array.isArray(errors) ? errors : []));
    }
    return undefined;
  }
}

/**
 * The Go handler panicked. Only this call is affected. Its stack is Go's at the panic, and then who awaits the call. If it
 * panicked with an error, that is the `cause`.
 */
export class GoPanicError extends Ts2goError {
  override readonly name = "GoPanicError";
  /** Go's stack at the panic, as Go writes it. Not enumerable: `stack` says the same. */
  declare readonly goStack: string;
  constructor(
    message: string,
    /** The type of the value that it panicked with. */
    readonly goType: string,
    goStack: string,
    /** `Interface.method`. */
    readonly method: string,
    cause?: Error,
  ) {
    super("ERR_GO_PANIC", `panic in Go: ${message}`, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, "goStack", { value: goStack });
  }
}

/** An argument does not fit its type. Nothing was sent. */
export class EncodeError extends Ts2goError {
  override readonly name = "EncodeError";
  constructor(
    readonly method: string,
    /** Where in the arguments, such as `req.users[3].age`. */
    readonly path: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super("ERR_ENCODE", `${method}: ${path}: expected ${expected}, got ${received}`);
  }
}

/** What came back is not an image of the declared result. */
export class DecodeError extends Ts2goError {
  override readonly name = "DecodeError";
  constructor(problem: string) {
    super("ERR_DECODE", `the result cannot be read: ${problem}`);
  }
}

/**
 * The bounded queue, or for `alloc` the request arena, is full. Try again later, or raise `maxQueue` or `regionSize`. Or
 * the request arena is full for a call that those may be waiting for which fill it: raise `regionSize`.
 */
export class OverloadedError extends Ts2goError {
  override readonly name = "OverloadedError";
  constructor(
    /** Calls that wait, or that have memory; for a call that others wait for, bytes of the arena. */
    readonly limit: number,
    message = `${limit} calls are waiting already: the worker is not keeping up. Await earlier calls first, or connect with a larger maxQueue.`,
  ) {
    super("ERR_OVERLOADED", message);
  }
}

/** The client was closed before the call. */
export class ClosedError extends Ts2goError {
  override readonly name = "ClosedError";
  constructor() {
    super("ERR_CLOSED", "the client is closed");
  }
}

/** The call's `timeout` has passed. The handler's context has ended; whether it has done its work is unknown. */
export class TimeoutError extends Ts2goError {
  override readonly name = "TimeoutError";
  constructor(
    /** `Interface.method`. */
    readonly method: string,
    /** Milliseconds that were given; undefined where Go's clock was the first to see the deadline. */
    readonly timeout?: number,
  ) {
    super("ERR_TIMEOUT", `${method}: no answer within ${timeout === undefined ? "its timeout" : `${timeout} ms`}`);
  }
}

/** How a worker ended. */
export interface WorkerExit {
  /** Exit code, or null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last lines that it wrote to stderr. */
  readonly stderr: string;
}

/** "exit code 1", "SIGKILL", and what it said last, for messages. */
export function describeExit(exit: WorkerExit): string {
  const how =
    exit.signal !== null
      ? `was ended by ${exit.signal}`
      : exit.exitCode === null
        ? "has ended"
        : `exited with code ${exit.exitCode}`;
  return exit.stderr === "" ? how : `${how}; its last words:\n${exit.stderr.trimEnd()}`;
}

/**
 * The worker died while the call was in flight: whether Go has carried it out is unknown. Calls that had not been sent
 * yet are not rejected: the next worker gets them.
 */
export class WorkerDiedError extends Ts2goError implements WorkerExit {
  override readonly name = "WorkerDiedError";
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  constructor(exit: WorkerExit, cause?: Error) {
    super(
      "ERR_WORKER_DIED",
      cause === undefined
        ? `the Go worker ${describeExit(exit)}`
        : `the Go worker was given up (${cause.message}); it ${describeExit(exit)}`,
      cause === undefined ? undefined : { cause },
    );
    this.exitCode = exit.exitCode;
    this.signal = exit.signal;
    this.stderr = exit.stderr;
  }
}

/** Why a worker could not start. */
export type StartFailure = "missing" | "not-executable" | "crashed" | "refused" | "timeout" | "memory";

/** The worker cannot be started. The message says why, and what to do. */
export class WorkerStartError extends Ts2goError {
  override readonly name: string = "WorkerStartError";
  constructor(
    readonly reason: StartFailure,
    message: string,
    readonly exit?: WorkerExit,
    options?: ErrorOptions & { code?: Ts2goErrorCode },
  ) {
    super(options?.code ?? "ERR_WORKER_START", message, options);
  }
}

/** The Go program was built from another version of the interface. */
export class SchemaMismatchError extends WorkerStartError {
  override readonly name = "SchemaMismatchError";
  constructor(
    /** Each difference by name, such as `DemoUser.age is u8 here, u16 in Go`. */
    readonly differences: readonly string[],
    advice = "Run `ts2go build`.",
  ) {
    super(
      "refused",
      `the Go program was built from another version of the interface:\n  ${differences.join("\n  ")}\n${advice}`,
      undefined,
      { code: "ERR_SCHEMA_MISMATCH" },
    );
  }
}
