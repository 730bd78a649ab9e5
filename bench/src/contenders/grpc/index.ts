import type { GrpcObject, ServiceClientConstructor } from "@grpc/grpc-js";
import { buildGoProgram } from "../../build-steps/addon.js";
import { BENCH, contenderFolder } from "../../build-steps/paths.js";
import { type Contender, IMPORTED } from "../../contender.js";
import { GoChild, type Network } from "../child/go-child.js";
import { CallBack, type CallBackService, openServer, openStream } from "./call-back.js";
import { calls, type Service } from "./calls.js";
import { type StreamService, streams } from "./streams.js";

const ID = "grpc";

/** The largest message in bytes: the largest payload and what stands around it. */
const MESSAGE_BYTES_MAX = 17 << 20;

const OPTIONS = {
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  // Node's own 64 KiB make Go wait for Node in the middle of every larger message.
  "grpc-node.flow_control_window": MESSAGE_BYTES_MAX,
};

/** gRPC over loopback: contenders/grpc/README.md. */
export const grpcTcp = contender({ id: "grpc-tcp", title: "gRPC, TCP", network: "tcp" });

/** The same over a unix socket. */
export const grpcUnix = contender({ id: "grpc-unix", title: "gRPC, unix socket", network: "unix" });

/** The same with calls from Go as messages of one stream that Node has opened, instead of calls of a server in Node. */
export const grpcUnixStream = contender({
  id: "grpc-unix-stream",
  title: "gRPC, unix socket, calls on a stream",
  network: "unix",
  workloads: ["W11"],
  onStream: true,
});

interface Row extends Pick<Contender, "id" | "title" | "workloads"> {
  readonly network: Network;
  readonly onStream?: boolean;
}

function contender({ network, onStream = false, ...row }: Row): Contender {
  return {
    ...row,
    slowCallsPerSecond: 5_000,
    build: () => buildGoProgram(contenderFolder(ID), ID),
    open: async () => {
      // Loaded only here: nobody else's process should carry them.
      const { credentials, loadPackageDefinition } = await import("@grpc/grpc-js");
      const { load } = await import("@grpc/proto-loader");
      performance.mark(IMPORTED);
      const child = await GoChild.start(ID, network);
      const { bench } = loadPackageDefinition(await load(`${BENCH}proto/bench.proto`, { defaults: true }));
      const services = bench as GrpcObject as Record<"Bench" | "CallBack" | "Host", ServiceClientConstructor>;
      const target = network === "unix" ? `unix:${child.address}` : child.address;
      const service = new services.Bench(target, credentials.createInsecure(), OPTIONS);
      const callBacks = new services.CallBack(target, credentials.createInsecure(), OPTIONS);
      const callBackService = callBacks as unknown as CallBackService;
      const callBack = new CallBack(callBackService, () =>
        onStream ? openStream(callBackService) : openServer(services.Host, network, child.address),
      );
      return {
        calls: calls(service as unknown as Service),
        streams: streams(service as unknown as StreamService),
        callBack: (count, goroutines) => callBack.run(count, goroutines),
        childPid: child.pid,
        close: async () => {
          await callBack.close();
          callBacks.close();
          service.close();
          await child.close();
        },
      };
    },
  };
}
