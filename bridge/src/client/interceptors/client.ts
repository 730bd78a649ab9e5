import type { CallOptions } from "../../call/patience.js";
import { Ts2goError } from "../../errors.js";
import type { MethodSpec } from "../service.js";
import { arity, hasStreams, type Stub, stub } from "../stub.js";
import type { Transport } from "../transport.js";
import { type CallInfo, chain, type Interceptor } from "./interceptor.js";
import { InterceptedStream } from "./stream.js";

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
  const run = chain(interceptors, send);
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
