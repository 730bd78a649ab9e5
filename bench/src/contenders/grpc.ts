import type { Client, GrpcObject, ServiceError } from "@grpc/grpc-js";
import type { DemoComplicatedRequest, DemoResponse } from "../bench.js";
import { buildGoProgram } from "../build-steps/addon.js";
import { BENCH, contenderFolder } from "../build-steps/paths.js";
import { type Calls, type Contender, IMPORTED } from "../contender.js";
import { GoChild, type Network } from "./child/go-child.js";

const ID = "grpc";

/** The largest message in bytes: the largest payload and what stands around it. */
const MESSAGE_BYTES_MAX = 17 << 20;

const OPTIONS = {
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  // Node's own 64 KiB make Go wait for Node in the middle of every larger message.
  "grpc-node.flow_control_window": MESSAGE_BYTES_MAX,
};

/** gRPC over loopback: contenders/grpc/README.md. */
export const grpcTcp = contender("grpc-tcp", "gRPC, TCP", "tcp", (address) => address);

/** The same over a unix socket. */
export const grpcUnix = contender("grpc-unix", "gRPC, unix socket", "unix", (path) => `unix:${path}`);

function contender(id: string, title: string, network: Network, target: (address: string) => string): Contender {
  return {
    id,
    title,
    slowCallsPerSecond: 5_000,
    build: () => buildGoProgram(contenderFolder(ID), ID),
    open: async () => {
      // Loaded only here: nobody else's process should carry them.
      const { credentials, loadPackageDefinition } = await import("@grpc/grpc-js");
      const { load } = await import("@grpc/proto-loader");
      performance.mark(IMPORTED);
      const child = await GoChild.start(ID, network);
      const { bench } = loadPackageDefinition(await load(`${BENCH}proto/bench.proto`, { defaults: true }));
      const Service = (bench as GrpcObject).Bench as unknown as new (...args: unknown[]) => Service;
      const service = new Service(target(child.address), credentials.createInsecure(), OPTIONS);
      return {
        calls: calls(service),
        childPid: child.pid,
        close: async () => {
          service.close();
          await child.close();
        },
      };
    },
  };
}

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

/** The client that @grpc/grpc-js makes of bench.proto. */
type Service = Client & Readonly<Record<keyof Methods, (request: unknown, done: Done) => void>>;

function calls(service: Service): Calls {
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
