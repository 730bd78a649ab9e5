import { readdirSync, readFileSync } from "node:fs";

const US_PER_NS = 1e-3;
/** Linux counts /proc/<pid>/stat in hundredths of a second on every architecture that Node runs on. */
const US_PER_TICK = 10_000;
/** Where the two counters begin in /proc/<pid>/stat, counted behind the program's name. */
const UTIME_FIELD = 11;

/** CPU time spent so far in microseconds, by this process and by the children that work for it. */
export interface CpuTime {
  readonly node: number;
  readonly child: number;
}

export function cpuTime(children: readonly number[]): CpuTime {
  const { user, system } = process.cpuUsage();
  return { node: user + system, child: children.reduce((sum, pid) => sum + processCpu(pid), 0) };
}

/** CPU time of another process in microseconds: to the nanosecond from its threads, or from its ticks. */
export function processCpu(pid: number): number {
  return threadsCpu(pid) ?? ticksCpu(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Counts the threads that live: Go and Node keep theirs, so none takes its time with it while we measure. */
function threadsCpu(pid: number): number | undefined {
  let ns = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    }
  } catch {
    return undefined; // a kernel without schedstat, or a thread that ended between the two reads
  }
  return ns * US_PER_NS;
}

/** User and system time from the text of /proc/<pid>/stat; the name in it may hold spaces and brackets. */
export function ticksCpu(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME_FIELD]) + Number(fields[UTIME_FIELD + 1])) * US_PER_TICK;
}
