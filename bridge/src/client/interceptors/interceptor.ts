import type { Metadata } from "../../call/metadata.js";
import type { CallOptions } from "../../call/patience.js";

/** What an interceptor sees of one call. */
interface Call<Method, Args> {
  /** The interface's name. */
  readonly service: string;
  readonly method: Method;
  /** `stream`: a stream is among the arguments, or the result is one. */
  readonly kind: "unary" | "stream" | "oneway";
  readonly args: Args;
  /** An empty object where the caller gave none; around an implementation, what that gets as its `Caller`. */
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

/** Makes a call, or hands it to the next interceptor. */
export type Next = (call: CallInfo) => Promise<unknown>;

/**
 * Stands around the calls of a client, or around an implementation that Go calls: to log, to measure, to retry, to refuse, to
 * add metadata. `next` makes the call, with what it is given as arguments and options: hand on another object to change them;
 * `service`, `method` and `kind` are only to look at. It resolves with what the call resolves with, or rejects with its error;
 * where the result is a stream, it resolves at once with the AsyncIterable, and for a one-way call with undefined when that
 * was sent.
 *
 * It may call `next` never or several times, and resolve with something else.
 */
export type Interceptor<T = unknown> = CallInfo<T> extends infer C ? Around<C> : never;

/**
 * Apart from {@link Interceptor}, so that TypeScript compares calls: else it compares the interfaces, which have nothing in
 * common, and an interceptor of any call would not do for those of one.
 */
type Around<C> = (call: C, next: Next) => unknown;

/** The call with more metadata. Keys that it has already get the new values. */
export function withMetadata(call: CallInfo, metadata: Metadata): CallInfo {
  return { ...call, options: { ...call.options, metadata: { ...call.options.metadata, ...metadata } } };
}

/** The interceptors around `send`, the first of them outermost. What one throws at once is a rejection, too. */
export function chain(interceptors: readonly Interceptor[], send: Next): Next {
  return interceptors.reduceRight<Next>((next, interceptor) => async (call) => interceptor(call, next), send);
}
