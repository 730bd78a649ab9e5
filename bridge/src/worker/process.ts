import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { DamagedError, native, type Region, type Spin } from "@x/mem-ring/channel";
import * as P from "../call/protocol.js";
import type { WorkerExit } from "../errors.js";
import { type ControlMessage, readControl } from "./control.js";

/** Where a worker's output goes: to this process's own, nowhere, or into a stream. */
export type Output = "inherit" | "ignore" | Writable;

export interface WorkerProcessOptions {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly spin: Spin;
  /** The client can adapt to another version of the interface. */
  readonly compat: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** How much of stderr is kept for error messages, in characters. */
const TAIL = 4096;
/** How long to wait, after the exit, for what it said last: somebody else may hold the pipe open. */
const LAST_WORDS_MS = 200;

/**
 * A running Go program, and the end of it: the child process, its control socket, and what it wrote last.
 *
 * The program gets the control socket, the memfd and both doorbells as fds 3 to 6. When this process dies, the control
 * socket closes and the program ends itself.
 */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly control: Socket;
  private tail = "";
  /** The worker found the region damaged: it said so before it ended. */
  damage: Error | undefined;
  private readonly dismissGuardian: () => void;
  /** Resolves when the program has ended; rejects if it could not be started at all. */
  readonly exited: Promise<WorkerExit>;

  constructor(options: WorkerProcessOptions, region: Region, onMessage: (message: ControlMessage) => void) {
    const { spin } = options;
    this.child = spawn(options.binary, options.args, {
      env: {
        ...options.env,
        [P.WORKER_ENV]: String(P.PROTOCOL_VERSION),
        [P.SPIN_ENV]: spin === false ? "off" : String(spin),
        [P.COMPAT_ENV]: options.compat ? "1" : "0",
      },
      // stderr always passes through here: its last lines belong into the error if the worker dies.
      stdio: [
        "ignore",
        options.stdout === "inherit" || options.stdout === "ignore" ? options.stdout : "pipe",
        "pipe",
        "pipe",
        region.fd,
        region.nodeDoorbell,
        region.goDoorbell,
      ],
    });
    this.control = this.child.stdio[P.CONTROL_FD] as Socket;
    readControl(this.control, (message) => {
      // It can come in one piece with the hello.
      if (message.damaged !== undefined) this.damage = new DamagedError(`found in Go: ${message.damaged}`);
      else onMessage(message);
    });
    if (this.child.stdout !== null && options.stdout instanceof Object) {
      this.child.stdout.pipe(options.stdout, { end: false });
    }
    const stderr = this.child.stderr as Readable;
    stderr.on("data", (chunk: Buffer) => {
      this.tail = (this.tail + chunk.toString("utf8")).slice(-TAIL);
      if (options.stderr === "inherit") process.stderr.write(chunk);
      else if (options.stderr !== "ignore") options.stderr.write(chunk);
    });
    this.dismissGuardian = this.child.pid === undefined ? () => {} : native.guardChild(this.child.pid);
    this.exited = this.watch(stderr);
    // Whoever does not wait for the end is not to be ended by it.
    this.exited.catch(() => {});
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  private pidfd = -1;

  /** An fd that can be read when the program has ended, for whoever blocks this thread. Closed with the program. */
  get endFd(): number {
    if (this.pidfd < 0 && this.child.pid !== undefined) this.pidfd = native.openPidfd(this.child.pid);
    return this.pidfd;
  }

  private async watch(stderr: Readable): Promise<WorkerExit> {
    const closed = (stream: Readable) => new Promise<void>((resolve) => stream.once("close", resolve));
    const streams = [stderr, this.control, ...(this.child.stdout === null ? [] : [this.child.stdout])];
    const drained = Promise.all(streams.map(closed));
    // `once` rejects on an error event: the program could not be started.
    const [exitCode, signal] = (await once(this.child, "exit")) as [number | null, string | null];
    this.dismissGuardian();
    await Promise.race([drained, setTimeout(LAST_WORDS_MS, undefined, { ref: false })]);
    this.control.destroy();
    stderr.destroy();
    if (this.pidfd >= 0) native.closeFd(this.pidfd);
    return { exitCode, signal, stderr: lastLines(this.tail) };
  }

  /** While nothing is awaited, the worker must not keep this process alive. */
  unref(): void {
    this.child.unref();
    this.control.unref();
    (this.child.stderr as Socket | null)?.unref();
    (this.child.stdout as Socket | null)?.unref();
  }

  /** While its start or its end is awaited, it has to. */
  ref(): void {
    this.child.ref();
    this.control.ref();
  }

  kill(signal: NodeJS.Signals = "SIGKILL"): void {
    this.child.kill(signal);
  }
}

/** Whole lines, where there are any. */
function lastLines(tail: string): string {
  if (tail.length < TAIL) return tail;
  const cut = tail.indexOf("\n");
  return cut < 0 ? tail : tail.slice(cut + 1);
}
