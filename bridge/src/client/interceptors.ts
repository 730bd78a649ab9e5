import type { Metadata } from "../call/metadata.js";
import type { CallOptions } from "../call/patience.js";
import { Ts2goError } from "../errors.js";
import type { MethodSpec } from "./service.js";
import { arity, hasStreams, type Stub, stub } from "./stub.js";
import type { Transport } from "./transport.js";

/** What an interceptor sees of one call. */
interface Call<Method, Args> {
  /** The interface's name. */
  readonly service: string;
  readonly method: Method;
  /** `stream`: a stream is among the arguments, or the result is one. */
  readonly kind: "unary" | "stream" | "oneway";
  readonly args: Args;
  /** Never undefined: an empty object where the caller gave none. */
  readonly options: CallOptions;
}

/**
 * One call on its way. An `Interceptor<Demo>` sees the calls of an interface: where `call.method` is known, `call.args` has
 * its types. Without an interface it is any call.
 */
export type CallInfo<T = unknown> = unknown extends T
  ? Call<string, readonly unknown[]>
  : {
      // biome-ignore lint/suspicious/noExplicitAny: any method will do.
      [K in keyof T & string]: T[K] extends (...args: infer A extends any[]) => unknown ? Call<K, Readonly<A>> : never;
    }[keyof T & string];

/**
 * Stands around the calls of a client, to log, to measure, to retry, to add metadata. `next` makes the call, with what it is
 * given as arguments and options: hand on another object to change them; `service`, `method` and `kind` are only to look at.
 * It resolves with what the call resolves with, or rejects with its error; where the result is a stream, it resolves at once
 * with the AsyncIterable, and of a one-way call with undefined when that was sent.
 *
 * It may call `next` never or several times, and resolve with something else.
 */
export type Interceptor<T = unknown> = (call: CallInfo<T>, next: (call: CallInfo) => Promise<unknown>) => unknown;

/** The call with more metadata. Keys that it has already get the new values. */
export function withMetadata(call: CallInfo, metadata: Metadata): CallInfo {
  const { options } = call;
  // Not by spreading alone: what an implementation was called with has getters.
  const { signal, timeout } = options;
  return { ...call, options: { ...options, signal, timeout, metadata: { ...options.metadata, ...metadata } } };
}

/** The method of a client whose calls go through interceptors, the first of them outermost. */
export function intercepted(
  transport: Transport,
  service: string,
  method: MethodSpec,
  interceptors: readonly Interceptor[],
): Stub {
  const n = arity(method);
  const kind = method.oneway === true ? "oneway" : hasStreams(method) ? "stream" : "unary";
  const plain = stub(transport, method);
  const send = async ({ args, options }: CallInfo): Promise<unknown> => {
    const all: unknown[] = args.slice(0, n);
    all.length = n;
    return plain(...all, options);
  };
  const run = interceptors.reduceRight<(call: CallInfo) => Promise<unknown>>(
    (next, interceptor) => async (call) => interceptor(call, next),
    send,
  );
  const begin = (all: readonly unknown[]): Promise<unknown> => {
    const options = (all[n] ?? {}) as CallOptions;
    return run({ service, method: method.name, kind, args: all.slice(0, n), options });
  };
  if (kind === "oneway") {
    return (...all) => {
      begin(all).catch((error: Error) => transport.reportOneway(error));
    };
  }
  if (method.streams !== true) return (...all) => begin(all);
  return (...all) => new InterceptedStream(`${service}.${method.name}`, () => begin(all));
}

/** The method of `client.sync` where there are interceptors. */
export function interceptedSync(service: string, method: MethodSpec): Stub {
  return () => {
    throw new Ts2goError(
      "ERR_WOULD_BLOCK",
      `sync call of ${service}.${method.name}: the client has interceptors, which are asynchronous: await the call, or connect a client without any`,
    );
  };
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A result stream behind interceptors. As every result stream it is begun by the first `next`. */
class InterceptedStream implements AsyncIterableIterator<unknown, undefined> {
  private source: Promise<AsyncIterator<unknown>> | undefined;
  private over = false;

  constructor(
    private readonly name: string,
    private readonly begin: () => Promise<unknown>,
  ) {}

  async next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.over) return DONE;
    try {
      this.source ??= this.open();
      const result = await (await this.source).next();
      if (result.done !== true) return result;
    } catch (error) {
      // The error goes to one reader, and after it there is nothing.
      if (this.over) return DONE;
      this.over = true;
      throw error;
    }
    this.over = true;
    return DONE;
  }

  private async open(): Promise<AsyncIterator<unknown>> {
    const items = (await this.begin()) as Partial<AsyncIterable<unknown>> | null | undefined;
    const iterate = items?.[Symbol.asyncIterator];
    if (iterate === undefined) {
      throw new TypeError(`${this.name}: an interceptor has to resolve with an AsyncIterable, as next does`);
    }
    return iterate.call(items as AsyncIterable<unknown>);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.over = true;
    const source = await this.source?.catch(() => undefined);
    await source?.return?.();
    return DONE;
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
