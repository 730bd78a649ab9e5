import { buildGoProgram } from "../../build-steps/addon.js";
import { contenderFolder } from "../../build-steps/paths.js";
import { type Contender, IMPORTED } from "../../contender.js";
import { GoChild } from "../child/go-child.js";

const ID = "connect";

/** Connect's own protocol over HTTP/2: contenders/connect/README.md. */
export const connect: Contender = {
  id: ID,
  title: "Connect",
  slowCallsPerSecond: 3_000,
  cannot: { W11: "it would be a second server, in Node, as in the rows of gRPC" },
  build: () => buildGoProgram(contenderFolder(ID), ID),
  open: async () => {
    // Loaded only here: nobody else's process should carry what it imports.
    const { Client } = await import("./client.js");
    performance.mark(IMPORTED);
    const child = await GoChild.start(ID, "tcp");
    const client = new Client(`http://${child.address}`);
    return {
      calls: client.calls,
      streams: client.streams,
      childPid: child.pid,
      close: async () => {
        client.close();
        await child.close();
      },
    };
  },
};
