import { spawn } from "node:child_process";
import { once } from "node:events";
import { addonPath, buildAddon, buildGoProgram, loadAddon } from "../build-steps/addon.js";
import { contenderFolder } from "../build-steps/paths.js";
import type { Contender } from "../contender.js";

const ID = "eventfd";

interface Addon {
  /** Makes an eventfd and gives its number. */
  open(): number;
  roundTrips(ping: number, pong: number, count: number): Promise<Float64Array>;
}

/** No calls at all: two sleeping threads that wake each other, the floor under every row that does not spin. */
export const eventfd: Contender = {
  id: ID,
  title: "bare eventfd",
  workloads: ["W2", "W8"],
  queue: ["asleep"],
  build: async () => {
    await buildAddon(ID, "eventfd", false);
    await buildGoProgram(contenderFolder(ID), ID);
  },
  open: async () => {
    const addon = loadAddon<Addon>(addonPath(ID, "eventfd"));
    const ping = addon.open();
    const pong = addon.open();
    const child = spawn(`${contenderFolder(ID)}bin/${ID}`, { stdio: ["pipe", "inherit", "inherit", ping, pong] });
    await once(child, "spawn");
    child.unref();
    return {
      childPid: child.pid as number,
      roundTrips: (count) => addon.roundTrips(ping, pong, count),
      close: async () => {
        child.kill();
        await once(child, "exit");
      },
    };
  },
};
