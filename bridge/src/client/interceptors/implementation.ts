import type { Caller } from "../../call/callbacks/index.js";
import type { NodeServiceSpec } from "../node-service.js";
import { type CallInfo, chain, type Interceptor } from "./interceptor.js";

type Method = (...args: unknown[]) => unknown;

/** An implementation whose methods are called through interceptors, the first of them outermost. */
export function interceptedImplementation(
  { name: service, methods }: NodeServiceSpec,
  implementation: object,
  interceptors: readonly Interceptor[],
): object {
  const target = implementation as Record<string, Method>;
  const all: Record<string, Method> = {};
  for (const { name, oneway } of methods) {
    const call = (args: readonly unknown[]) => target[name]?.(...args);
    const run = chain(interceptors, async ({ args, options }: CallInfo) => {
      return call(oneway === true ? args : [...args, options]);
    });
    all[name] = oneway
      ? (...args) => run({ service, method: name, kind: "oneway", args, options: {} })
      : (...args) => {
          const options = spreadable(args.pop() as Caller);
          return run({ service, method: name, kind: "unary", args, options });
        };
  }
  return all;
}

/** A caller whose properties are its own, so that an interceptor can spread it. It is still asked only when it is used. */
function spreadable(caller: Caller): Caller {
  return {
    get signal() {
      return caller.signal;
    },
    get timeout() {
      return caller.timeout;
    },
    get metadata() {
      return caller.metadata;
    },
  };
}
