import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

const ATTACH_MS_MAX = 3_000;

/** Counts the system calls of processes between two moments. */
export interface SyscallCounter {
  /** How many there were since it was attached. */
  stop(): Promise<number>;
}

export interface SyscallTool {
  readonly name: "perf" | "strace";
  attach(pids: readonly number[]): Promise<SyscallCounter>;
}

/** `perf stat` first, which costs the counted next to nothing; strace stops them at every call. */
const TOOLS: readonly SyscallTool[] = [
  { name: "perf", attach: attachPerf },
  { name: "strace", attach: attachStrace },
];

/** The first tool that works here, tried on this process; or why none does. */
export async function findSyscallTool(): Promise<SyscallTool | string> {
  const reasons: string[] = [];
  for (const tool of TOOLS) {
    try {
      const counter = await tool.attach([process.pid]);
      await counter.stop();
      return tool;
    } catch (error) {
      reasons.push(`${tool.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return reasons.join("; ");
}

async function attachPerf(pids: readonly number[]): Promise<SyscallCounter> {
  const args = ["stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", pids.join(), "-D", "-1", "--control", "fd:3,4"];
  const perf = spawn("perf", args, { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"], env: C_LOCALE });
  const output = collect(perf.stderr as Readable);
  const control = perf.stdio[3] as Writable;
  const acknowledged = perf.stdio[4] as Readable;
  // perf gone before it reads is told apart by its exit.
  control.on("error", () => undefined);
  const command = async (text: string): Promise<void> => {
    const ack = once(acknowledged, "data");
    control.write(`${text}\n`);
    await orEnd(perf, ack, output);
  };
  await command("enable");
  return {
    stop: async () => {
      await command("disable");
      await end(perf);
      return perfCount(output());
    },
  };
}

async function attachStrace(pids: readonly number[]): Promise<SyscallCounter> {
  const args = ["-c", "-f", ...pids.flatMap((pid) => ["-p", `${pid}`])];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"], env: C_LOCALE });
  const output = collect(strace.stderr as Readable);
  const attached = (async () => {
    while ((output().match(/attached/g)?.length ?? 0) < pids.length) await once(strace.stderr as Readable, "data");
  })();
  await orEnd(strace, attached, output);
  return {
    stop: async () => {
      await end(strace);
      return straceCount(output());
    },
  };
}

const C_LOCALE = { ...process.env, LC_ALL: "C" };

/** The count from what `perf stat -x,` writes. */
export function perfCount(output: string): number {
  const count = Number(/^(\d+),[^\n]*raw_syscalls:sys_enter/m.exec(output)?.[1] ?? Number.NaN);
  if (Number.isNaN(count)) throw new Error(lastLine(output));
  return count;
}

/** The sum from the table that `strace -c` writes: the third number of its last line is the count of calls. */
export function straceCount(output: string): number {
  // A process that made none has no table.
  if (output.includes("attached") && !output.includes("total")) return 0;
  const total = /^\s*100\.00\s+(.*)\s+total$/m.exec(output)?.[1];
  const count = Number(total?.trim().split(/\s+/)[2] ?? Number.NaN);
  if (Number.isNaN(count)) throw new Error(lastLine(output));
  return count;
}

function collect(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return () => text;
}

/** Waits for something that a tool does, and rejects with its last words if it ends or hangs instead. */
async function orEnd(tool: ChildProcess, awaited: Promise<unknown>, output: () => string): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  const ended = once(tool, "close", { signal }).then(() => {
    throw new Error(lastLine(output()));
  });
  const timer = setTimeout(() => tool.kill("SIGKILL"), ATTACH_MS_MAX);
  try {
    await Promise.race([awaited, ended]);
  } finally {
    clearTimeout(timer);
    ended.catch(() => undefined);
    abort.abort();
  }
}

/** Lets a tool write its figures and end. */
async function end(tool: ChildProcess): Promise<void> {
  const closed = once(tool, "close");
  tool.kill("SIGINT");
  await closed;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) || "it said nothing";
}
