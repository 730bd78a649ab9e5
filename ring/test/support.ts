import { execFile, spawnSync } from "node:child_process";
import { openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { layout, native, type Place, Region } from "@x/mem-ring/channel";

/** Every run crosses the wrap of the 32-bit indices. */
export const NEAR_WRAP = 0xffffff00;

export const hash = Uint8Array.from({ length: 32 }, (_, i) => i);

/** A region with small rings, both indices of both near the wrap. */
export function smallRegion(capacity = 8, start = NEAR_WRAP): Region {
  const region = Region.create({ size: 1 << 20, toGoCapacity: capacity, toNodeCapacity: capacity }, hash);
  const words = new Int32Array(region.buffer, 0, layout.ENTRIES_OFFSET >>> 2);
  for (const at of [
    layout.CONTROL_TO_GO_TAIL,
    layout.CONTROL_TO_GO_HEAD,
    layout.CONTROL_TO_NODE_TAIL,
    layout.CONTROL_TO_NODE_HEAD,
  ])
    words[at >>> 2] = start;
  return region;
}

/** A ring on ordinary memory, with both indices at `start`. */
export function heapRing(capacity: number, start = NEAR_WRAP) {
  const direction: Place = {
    tail: layout.CONTROL_TO_GO_TAIL,
    head: layout.CONTROL_TO_GO_HEAD,
    sleeping: layout.CONTROL_TO_GO_SLEEPING,
    space: layout.CONTROL_TO_GO_SPACE,
    entries: layout.ENTRIES_OFFSET,
    capacity,
    entrySize: layout.ENTRY_SIZE,
  };
  const buffer = new SharedArrayBuffer(layout.ENTRIES_OFFSET + capacity * layout.ENTRY_SIZE);
  const words = new Int32Array(buffer);
  const word = (name: "tail" | "head" | "sleeping" | "space") => direction[name] >>> 2;
  words[word("tail")] = start;
  words[word("head")] = start;
  return {
    buffer,
    direction,
    words,
    get: (name: Parameters<typeof word>[0]) => Atomics.load(words, word(name)) >>> 0,
    set: (name: Parameters<typeof word>[0], value: number) => Atomics.store(words, word(name), value),
  };
}

/** Doorbells that are closed at the end of a test: `afterEach(bells.close)`. */
export const bells = {
  made: [] as number[],
  create(): number {
    const fd = native.createDoorbell();
    bells.made.push(fd);
    return fd;
  },
  close() {
    for (const fd of bells.made.splice(0)) native.closeFd(fd);
  },
};

/** Open file descriptors of this process. */
export const openFds = () => readdirSync("/proc/self/fd").length;

/** This process's mappings of regions. */
export const mappings = () =>
  readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .filter((line) => line.includes("memfd:mem-ring")).length;

/** Another fd for the same file. */
export const reopen = (fd: number) => openSync(`/proc/self/fd/${fd}`, "r+");

/** Collects garbage until `done` says so; what is collected is given back some turns of the event loop later. */
export async function collect(done: () => boolean, ms = 20_000): Promise<boolean> {
  const end = Date.now() + ms;
  for (;;) {
    (globalThis as { gc?: () => void }).gc?.();
    await sleep(5);
    if (done()) return true;
    if (Date.now() > end) return false;
  }
}

/** Waits until `done`; false if that takes longer than any busy machine would need. */
export async function until(done: () => boolean, ms = 30_000): Promise<boolean> {
  const end = Date.now() + ms;
  while (!done()) {
    if (Date.now() > end) return false;
    await sleep(2);
  }
  return true;
}

export const workerUrl = (name: string) => new URL(`./workers/${name}`, import.meta.url);

export interface ChildResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of test/workers in a Node process of its own, on one processor if asked to. */
export function runChild(
  script: string,
  args: readonly string[] = [],
  options: { cpu?: number; timeout?: number } = {},
) {
  const command = [process.execPath, "--expose-gc", fileURLToPath(workerUrl(script)), ...args];
  if (options.cpu !== undefined) command.unshift("taskset", "-c", String(options.cpu));
  return new Promise<ChildResult>((resolve) => {
    execFile(
      command[0] as string,
      command.slice(1),
      { timeout: options.timeout ?? 60_000, killSignal: "SIGKILL", maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        const failed = error as (Error & { code?: number | string; signal?: string }) | null;
        const code = failed === null ? 0 : typeof failed.code === "number" ? failed.code : null;
        resolve({ code, signal: failed?.signal ?? null, stdout, stderr });
      },
    );
  });
}

/** The same, for a script that prints one JSON value and ends well. */
export async function childJson<T>(...args: Parameters<typeof runChild>): Promise<T> {
  const result = await runChild(...args);
  if (result.code !== 0) {
    throw new Error(
      `${args[0]} ended with code ${result.code}, signal ${result.signal}:\n${result.stdout}\n${result.stderr}`,
    );
  }
  return JSON.parse(result.stdout) as T;
}

/** One processor that this process may run on, or undefined where taskset is missing. */
export const oneCpu: number | undefined = (() => {
  if (spawnSync("taskset", ["-V"]).status !== 0) return undefined;
  const list = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"));
  return list === null ? undefined : Number(list[1]);
})();

/** For the names of tests that need it. */
export const withoutTaskset = oneCpu === undefined ? " (skipped: taskset is not installed)" : "";
