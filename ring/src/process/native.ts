import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { RingError } from "../errors.js";

/** What the addon gives. One declaration for each function of ring/native/. */
export interface Native {
  /** Creates a sealed memfd of the view's size, maps it over the view's memory, returns the fd. */
  mapRegion(view: Uint8Array): number;
  /** Maps a sealed memfd over the view's memory. */
  mapExisting(view: Uint8Array, fd: number): void;
  /** Bytes of an open file. */
  fileSize(fd: number): number;
  /** Gives pages back to the system; they read as zero again. */
  release(fd: number, offset: number, length: number): void;
  closeFd(fd: number): void;
  /** Makes an owner that closes the fds when it is collected. */
  closeWhenCollected(fds: readonly number[]): object;
  /** Closes an owner's fds now. */
  closeOwned(owner: object): void;
  /** Processors that this process may run on. */
  cpuCount(): number;
  /** Copies `count` bytes: much faster than `set` where one side is shared memory. Throws RangeError. */
  copyBytes(target: Uint8Array, at: number, source: Uint8Array, from: number, count: number): void;
  /** Bytes of a region as an ArrayBuffer of their own. The region has to live for as long as that is held. */
  leaseBytes(region: Uint8Array, at: number, count: number): ArrayBuffer;
  /** Takes such a buffer's bytes away: its views are empty then. */
  endLease(buffer: ArrayBuffer): void;
  createDoorbell(): number;
  ringDoorbell(fd: number): void;
  hearDoorbell(fd: number): boolean;
  futexWait(view: Int32Array, index: number, expected: number, timeoutMs: number): "ok" | "not-equal" | "timed-out";
  futexWake(view: Int32Array, index: number, count: number): number;
  createWaiter(
    region: Uint8Array,
    tailOffset: number,
    sleepingOffset: number,
    doorbell: number,
    state: Uint32Array,
    callback: (reason: number) => void,
  ): { ref(): void; close(): void };
  /** Calls back in every turn of the event loop in which the fd can be read, between start and stop. */
  watchReadable(fd: number, callback: () => void): Watch;
  /** Blocks the thread until one of the two can be read (1, 2 or both; `other` may be -1), or the timeout (0). */
  waitReadable(fd: number, other: number, timeoutMs: number): number;
  /** An fd that can be read when the process has ended; -1 if there is none of that number. */
  openPidfd(pid: number): number;
  /** Leaves word of this thread's end in the memory, should it come before the result is called. Offsets in bytes. */
  atThreadEnd(memory: Uint8Array, word: number, flag: number, value: number, doorbell: number): () => void;
  connectUnix(path: string): number;
  sendFds(socket: number, fds: readonly number[]): void;
  /** The fds of one message; null if there is none yet. */
  receiveFds(socket: number): number[] | null;
  /** Ends and reaps the child when this JavaScript environment ends; the result dismisses the guardian. */
  guardChild(pid: number): () => void;
}

/** A poll handle of the event loop. */
export interface Watch {
  /** Begins to watch, and says whether that keeps the event loop alive. May be called again to change that. */
  start(keepAlive: boolean): void;
  stop(): void;
  /** For good: nothing may be called after it. */
  close(): void;
}

/** The one place that knows where the binary lies: beside this package, by platform. */
function load(): Native {
  const platform = `${process.platform}-${process.arch}`;
  // Which C library this Node is linked to shows soonest in which binary loads: asking takes longer than trying.
  const candidates = process.platform === "linux" ? [`${platform}-glibc`, `${platform}-musl`] : [platform];
  const tried: string[] = [];
  for (const target of candidates) {
    const path = fileURLToPath(new URL(`../../prebuilds/${target}/mem_ring.node`, import.meta.url));
    if (!existsSync(path)) {
      tried.push(`${path}: not there`);
      continue;
    }
    try {
      return createRequire(import.meta.url)(path) as Native;
    } catch (error) {
      tried.push(`${path}: ${(error as Error).message}`);
    }
  }
  throw new RingError(
    "ERR_RING_ADDON_MISSING",
    `@x/mem-ring has no native addon for ${platform}. In a checkout, run \`npm run build\`. Tried:\n  ${tried.join("\n  ")}`,
  );
}

export const native: Native = load();
