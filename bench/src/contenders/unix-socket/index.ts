import { once } from "node:events";
import { buildGoProgram } from "../../build-steps/addon.js";
import { contenderFolder } from "../../build-steps/paths.js";
import type { Contender } from "../../contender.js";
import { GoChild } from "../child/go-child.js";
import { Client } from "./client.js";

const ID = "unix-socket";

/** Frames written by hand, to a child process: contenders/unix-socket/README.md. */
export const unixSocket: Contender = {
  id: ID,
  title: "unix socket, binary frames",
  leases: true,
  build: () => buildGoProgram(contenderFolder(ID), ID),
  open: async () => {
    const child = await GoChild.start(ID, "unix");
    const client = new Client(child.address);
    await once(client.socket, "connect");
    return {
      calls: client,
      streams: client.streams,
      leases: client.leases,
      callBack: (count, goroutines) => client.callBack(count, goroutines),
      childPid: child.pid,
      close: async () => {
        client.close();
        await child.close();
      },
    };
  },
};
