import { readFileSync, writeFileSync } from "node:fs";

const BYTES_PER_KIB = 1024;

/** The most memory that a process held at a time, in bytes. */
export interface Peak {
  readonly node: number;
  /** Of all children together; absent where there is none. */
  readonly child?: number;
  /** Since the round began; else since the process did, where the kernel does not let the mark be reset. */
  readonly ofRound: boolean;
}

/** Lets the peak of a process begin anew; false where that is not permitted. */
export function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    return false;
  }
}

/** Watches the memory of both sides from here to a call of `read`. */
export function watchPeak(children: readonly number[]): { read(): Peak } {
  const ofRound = [process.pid, ...children].map(resetPeak).every(Boolean);
  return {
    read: () => ({
      node: peakOf(process.pid),
      ...(children.length === 0 ? {} : { child: children.reduce((sum, pid) => sum + peakOf(pid), 0) }),
      ofRound,
    }),
  };
}

function peakOf(pid: number): number {
  return peakBytes(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** The peak resident size from the text of /proc/<pid>/status, in bytes. */
export function peakBytes(status: string): number {
  const kib = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error("/proc/<pid>/status has no VmHWM");
  return Number(kib) * BYTES_PER_KIB;
}
