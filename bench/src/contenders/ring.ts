import { fileURLToPath } from "node:url";
import type { Lease } from "@x/ts2go";
import { BENCH } from "../build-steps/paths.js";
import { once, runStep } from "../build-steps/run.js";
import { double } from "../callback.js";
import { type Calls, type Contender, IMPORTED, type Leases } from "../contender.js";
import { byCopies } from "./spare.js";

const TS2GO = fileURLToPath(new URL("../bridge/bin/ts2go.js", `file://${BENCH}`));

const build = once(() => runStep(BENCH, process.execPath, [TS2GO, "build"]));

interface Row extends Pick<Contender, "id" | "title" | "workloads" | "leases"> {
  readonly spin: "adaptive" | false;
  /** The handlers see requests in place instead of a copy of their own. */
  readonly borrowed: boolean;
  /** Quick calls block the thread. */
  readonly blocking?: boolean;
  /** W12 by copies. */
  readonly copied?: boolean;
}

/** Ours as a user gets it: the generated client, a child process, every option at its default. */
export const ringSpawn = contender({
  id: "ring-spawn",
  title: "ring, spawn",
  spin: "adaptive",
  borrowed: false,
  leases: true,
});

/** The same with requests read in place by the handlers. */
export const ringSpawnBorrowed = contender({
  id: "ring-spawn-borrowed",
  title: "ring, spawn, borrowed",
  spin: "adaptive",
  borrowed: true,
  copied: true,
  workloads: ["W2", "W3", "W4", "W12"],
  leases: true,
});

/** Large bytes as plain parameters and results, which both sides own: what the rows of leases are held against. */
export const ringSpawnCopied = contender({
  id: "ring-spawn-copied",
  title: "ring, spawn, copied",
  spin: "adaptive",
  borrowed: false,
  copied: true,
  workloads: ["W12"],
  leases: true,
});

/** The same without polling: both sides sleep whenever they have nothing to do. */
export const ringSpawnAsleep = contender({
  id: "ring-spawn-asleep",
  title: "ring, spawn, asleep",
  spin: false,
  borrowed: false,
  workloads: ["W1", "W2", "W3"],
});

/** The same with calls that block the thread: one at a time, which is all that a blocked thread can make. */
export const ringSpawnSync = contender({
  id: "ring-spawn-sync",
  title: "ring, spawn, sync",
  spin: "adaptive",
  borrowed: false,
  blocking: true,
  workloads: ["W2"],
});

function contender({ spin, borrowed, blocking, copied, ...row }: Row): Contender {
  return {
    ...row,
    build,
    open: async () => {
      // Loaded only here: whatever keeps ours from running must not keep the others from it.
      const { connect, inspect } = await import("@x/ts2go");
      const { Bench, Host } = await import("../gen/bench.js");
      performance.mark(IMPORTED);
      const client = await connect(Bench, { mode: "spawn", spin, provide: [Host.with({ double })] });
      const owned: Calls = {
        check: (req) => client.check(req),
        checkSlowly: (req) => client.checkSlowly(req),
        take: (payload) => client.take(payload),
        give: (size) => client.give(size),
        echo: (payload) => client.echo(payload),
        checkLong: (req) => client.checkLong(req),
        checkBusy: (req) => client.checkBusy(req),
        memory: () => client.memory(),
      };
      const calls: Calls = blocking
        ? { ...owned, check: (req) => Promise.resolve(client.sync.check(req)) }
        : borrowed
          ? { ...owned, check: (req) => client.checkBorrowed(req), take: (payload) => client.takeBorrowed(payload) }
          : owned;
      const leases: Leases = copied
        ? byCopies(
            (bytes) => (borrowed ? client.takeEndsBorrowed(bytes) : client.takeEnds(bytes)),
            (size, mark) => client.giveEnds(size, mark),
          )
        : {
            alloc: (size) => client.alloc(size),
            send: (bytes) => client.takeEndsLeased(bytes as Lease<Uint8Array>),
            receive: (size, mark) => client.giveEndsLeased(size, mark),
            release: (bytes) => (bytes as Lease<Uint8Array>).release(),
          };
      const childPid = inspect(client).pid;
      return {
        calls,
        streams: client,
        leases,
        callBack: (count, goroutines) => client.callBack(count, goroutines),
        ...(childPid === undefined ? {} : { childPid }),
        close: () => client.close(),
      };
    },
  };
}
