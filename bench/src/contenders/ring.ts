import { fileURLToPath } from "node:url";
import { BENCH } from "../build-steps/paths.js";
import { runStep } from "../build-steps/run.js";
import { double } from "../callback.js";
import { type Calls, type Contender, IMPORTED } from "../contender.js";

const TS2GO = fileURLToPath(new URL("../bridge/bin/ts2go.js", `file://${BENCH}`));

interface Row extends Pick<Contender, "id" | "title" | "workloads"> {
  readonly spin: "adaptive" | false;
  /** The handlers see requests in place instead of a copy of their own. */
  readonly borrowed: boolean;
  /** Quick calls block the thread. */
  readonly blocking?: boolean;
}

/** Ours as a user gets it: the generated client, a child process, every option at its default. */
export const ringSpawn = contender({ id: "ring-spawn", title: "ring, spawn", spin: "adaptive", borrowed: false });

/** The same with requests read in place by the handlers. */
export const ringSpawnBorrowed = contender({
  id: "ring-spawn-borrowed",
  title: "ring, spawn, borrowed",
  spin: "adaptive",
  borrowed: true,
  workloads: ["W2", "W3", "W4"],
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

function contender({ spin, borrowed, blocking, ...row }: Row): Contender {
  return {
    ...row,
    build: () => runStep(BENCH, process.execPath, [TS2GO, "build"]),
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
      const childPid = inspect(client).pid;
      return {
        calls,
        streams: client,
        callBack: (count, goroutines) => client.callBack(count, goroutines),
        ...(childPid === undefined ? {} : { childPid }),
        close: () => client.close(),
      };
    },
  };
}
