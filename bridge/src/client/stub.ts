import type { CallOptions, SendOptions } from "../call/patience.js";
import type { MethodSpec } from "./service.js";
import type { Transport } from "./transport.js";

/** Whether the method has a stream among its parameters, or for its result. */
export const hasStreams = (method: MethodSpec): boolean => method.streams === true || method.items !== undefined;

/** How many arguments the method has, a stream among them too. */
export const arity = (method: MethodSpec): number => method.params + (method.items === undefined ? 0 : 1);

/** A method of a client: its arguments, and options behind them. */
export type Stub = (...args: unknown[]) => unknown;

/** The method of a client that makes a call. */
export function stub(transport: Transport, method: MethodSpec): Stub {
  const n = method.params;
  if (hasStreams(method)) {
    const at = method.items?.at ?? -1;
    const all = arity(method);
    return (...args: unknown[]) => {
      const options = args[all] as CallOptions | undefined;
      const given = args.slice(0, all);
      const [items] = at < 0 ? [] : given.splice(at, 1);
      return transport.stream(method, n === 1 ? given[0] : given, items, options);
    };
  }
  const send: Stub =
    method.oneway === true
      ? (arg, options) => transport.oneway(method, arg, options as SendOptions | undefined)
      : (arg, options) => transport.unary(method, arg, options as CallOptions | undefined);
  // One argument, the common case, goes without an array around it.
  return n === 1 ? send : (...args) => (args.length > n ? send(args.slice(0, n), args[n]) : send(args));
}

/** The method of `client.sync`. */
export function syncStub(transport: Transport, method: MethodSpec): Stub {
  const n = method.params;
  return (...args: unknown[]) =>
    args.length > n
      ? transport.sync(method, n === 1 ? args[0] : args.slice(0, n), args[n] as SendOptions | undefined)
      : transport.sync(method, n === 1 ? args[0] : args);
}
