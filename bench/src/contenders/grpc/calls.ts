import type { Client, ServiceError } from "@grpc/grpc-js";
import type { DemoComplicatedRequest, DemoResponse } from "../../bench.js";
import type { Calls } from "../../contender.js";

interface Bytes {
  readonly payload: Uint8Array;
}

/** Request and response of each method, as proto-loader reads bench.proto. */
interface Methods {
  check: [DemoComplicatedRequest, DemoResponse];
  checkSlowly: [DemoComplicatedRequest, DemoResponse];
  checkLong: [DemoComplicatedRequest, DemoResponse];
  checkBusy: [DemoComplicatedRequest, DemoResponse];
  take: [Bytes, { sum: number }];
  give: [{ size: number }, Bytes];
  echo: [Bytes, Bytes];
}

type Done = (error: ServiceError | null, response?: unknown) => void;

/** The client that @grpc/grpc-js makes of bench.proto, its unary calls. */
export type Service = Client & Readonly<Record<keyof Methods, (request: unknown, done: Done) => void>>;

export function calls(service: Service): Calls {
  return {
    check: (req) => call(service, "check", req),
    checkSlowly: (req) => call(service, "checkSlowly", req),
    checkLong: (req) => call(service, "checkLong", req),
    checkBusy: (req) => call(service, "checkBusy", req),
    take: async (payload) => (await call(service, "take", { payload })).sum,
    give: async (size) => (await call(service, "give", { size })).payload,
    echo: async (payload) => (await call(service, "echo", { payload })).payload,
  };
}

function call<Name extends keyof Methods>(
  service: Service,
  method: Name,
  request: Methods[Name][0],
): Promise<Methods[Name][1]> {
  return new Promise((resolve, reject) => {
    service[method](request, (error, response) => {
      if (error) reject(error);
      else resolve(response as Methods[Name][1]);
    });
  });
}
