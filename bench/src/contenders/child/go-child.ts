import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { contenderFolder } from "../../build-steps/paths.js";

/** Where the Go program of a contender listens. */
export type Network = "unix" | "tcp";

/** Loopback, and whichever port is free. */
const TCP_ADDRESS = "127.0.0.1:0";

/** The Go program of a contender, running and listening: `bench/go/child` is its other half. */
export class GoChild {
  readonly pid: number;
  /** The path of the socket, or host and port. */
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.pid = process.pid as number;
    this.address = address;
  }

  /** Starts `bin/<id>` of a contender, which ends with this process, and waits until it listens. */
  static async start(id: string, network: Network): Promise<GoChild> {
    const address = network === "unix" ? await socketPath(id) : TCP_ADDRESS;
    const child = spawn(`${contenderFolder(id)}bin/${id}`, [network, address], { stdio: ["pipe", "pipe", "inherit"] });
    const line = await firstLine(child);
    child.unref();
    return new GoChild(child, line);
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) {
      // It did not end by itself, and has left the folder of its socket behind.
      if (this.address.startsWith("/")) await rm(dirname(this.address), { recursive: true, force: true });
      return;
    }
    this.#process.ref();
    const exited = once(this.#process, "exit");
    this.#process.stdin?.end();
    await exited;
  }
}

/** A path in a folder that the Go program removes when it ends. */
async function socketPath(id: string): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), `bench-${id}-`)), "socket");
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface(child.stdout as Readable);
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`it ended with ${signal ?? `code ${code}`} before it listened`);
  });
  const [line] = await Promise.race([once(lines, "line"), ended]);
  return line as string;
}
