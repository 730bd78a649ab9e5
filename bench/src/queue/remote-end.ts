import { type ChildProcess, fork, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Done, End, Job, Role } from "./end.js";
import { run } from "./end.js";
import type { Place } from "./transports.js";

/** An end as the host sees it: somewhere else, or in the host's own thread. One job at a time. */
export interface RemoteEnd {
  readonly pid?: number;
  run(job: Job): Promise<Done>;
  close(): Promise<void>;
}

/** An end in the host's own thread, for peers whose producer is the parent of its consumer. */
export function ownEnd(end: End): RemoteEnd {
  return { run: (job) => run(end, job), close: async () => {} };
}

/** Starts a thread with an end. */
export async function threadEnd(place: Place, role: Role): Promise<RemoteEnd> {
  const transferList = place.transport === "port" ? [place.port] : [];
  const worker = new Worker(new URL("./thread.js", import.meta.url), { workerData: { place, role }, transferList });
  await once(worker, "message");
  return {
    run: async (job) => {
      worker.postMessage(job);
      const [done] = await once(worker, "message");
      return done as Done;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/** A child that was forked for an end. */
export interface Forked extends RemoteEnd {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
}

/** Starts a Node process with an end; resolves when it says `word`. Further fds are its files from 4 on. */
export async function forkEnd(
  args: readonly string[],
  { fds = [], piped = false, word = "ready" }: { fds?: readonly number[]; piped?: boolean; word?: string },
): Promise<Forked> {
  const standard = piped ? (["pipe", "pipe", "inherit"] as const) : (["ignore", "ignore", "inherit"] as const);
  const child = fork(fileURLToPath(new URL("./process.js", import.meta.url)), [...args], {
    stdio: [...standard, "ipc", ...fds],
  });
  await said(child, word);
  return {
    pid: child.pid as number,
    stdin: child.stdin,
    stdout: child.stdout,
    run: async (job) => {
      const done = new Promise<Done>((resolve) => {
        const listen = (message: Done | string): void => {
          if (typeof message === "string") return;
          child.off("message", listen);
          resolve(message);
        };
        child.on("message", listen);
      });
      child.send(job);
      return done;
    },
    close: async () => {
      child.disconnect();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function said(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message) => {
      if (message === word) resolve();
    });
    child.once("exit", (code) => reject(new Error(`its end of the queue ended with code ${code} before it was ready`)));
  });
}

/**
 * Starts a program with an end, or with both, that is not JavaScript: told `KIND COUNT` in a line, it answers with the
 * milliseconds, or with the nanoseconds of each trip, in a line of numbers. Further fds are its files from 3 on.
 */
export async function programEnd(path: string, args: readonly string[], fds: readonly number[]): Promise<RemoteEnd> {
  const options: SpawnOptions = { stdio: ["pipe", "pipe", "inherit", ...fds] };
  const child = spawn(path, args, options);
  await once(child, "spawn");
  const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
  child.unref();
  return {
    pid: child.pid as number,
    run: async (job) => {
      child.stdin?.write(`${job.kind} ${job.count}\n`);
      const { value, done } = await lines.next();
      if (done) return { error: "its end of the queue ended" };
      if (value.startsWith("error ")) return { error: value.slice("error ".length) };
      const numbers = value === "" ? [] : value.split(" ").map(Number);
      if (job.kind !== "asleep") return { ms: numbers[0] ?? 0 };
      return { trips: numbers.length > 0 ? Float64Array.from(numbers) : undefined };
    },
    close: async () => {
      child.ref();
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
