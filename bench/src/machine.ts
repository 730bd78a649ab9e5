import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release } from "node:os";
import { promisify } from "node:util";

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  readonly go: string;
  /** The load averages over one minute, before and after. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  /** The part of the machine's CPU time that others took during the run: other programs and other machines. */
  readonly othersShare: number;
  /** More than `NOISY_SHARE` was taken by others: absolute numbers mean little, ratios a bit less. */
  readonly noisy: boolean;
}

const NOISY_SHARE = 0.05;

/** Counts the machine's CPU time, to tell afterwards how much of it was not ours. */
export class MachineWatch {
  readonly #before = systemTicks();
  readonly #oursBefore: number;
  readonly #loadBefore = loadavg()[0] as number;

  /** `running` are processes of ours that run already: what they have used so far is not counted when they end. */
  constructor(running: readonly number[] = []) {
    this.#oursBefore = running.reduce((sum, pid) => sum + ticksWithChildren(pid), ticksWithChildren("self"));
  }

  async report(): Promise<Machine> {
    const after = systemTicks();
    const ours = ticksWithChildren("self") - this.#oursBefore;
    const total = after.total - this.#before.total;
    const busy = after.busy - this.#before.busy;
    const othersShare = total > 0 ? Math.max(0, busy - ours) / total : 0;
    return {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      kernel: release(),
      node: process.version,
      go: await goVersion(),
      loadBefore: this.#loadBefore,
      loadAfter: loadavg()[0] as number,
      othersShare,
      noisy: othersShare > NOISY_SHARE,
    };
  }
}

export function describeMachine(machine: Machine): string {
  const { cpu, cores, kernel, node, go, loadBefore, loadAfter, othersShare, noisy } = machine;
  const share = `${(100 * othersShare).toFixed(1)} %`;
  return [
    `${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}, ${go}.`,
    `Load ${loadBefore.toFixed(2)} before and ${loadAfter.toFixed(2)} after; others took ${share} of the CPU:`,
    noisy ? "a NOISY machine, take the numbers with care." : "a quiet machine.",
  ].join(" ");
}

/** Ticks of all cores since the start: spent at all, and spent on anything, other machines included ("steal"). */
function systemTicks(): { total: number; busy: number } {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] as string;
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, n) => sum + n, 0);
  const [, , , idle = 0, iowait = 0] = ticks;
  return { total, busy: total - idle - iowait };
}

/** Ticks of a process and of all its children that ended. */
function ticksWithChildren(pid: number | "self"): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, n) => sum + Number(n), 0);
}

async function goVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"]);
    return stdout.trim().replace(/^go/, "Go ");
  } catch {
    return "no Go";
  }
}
