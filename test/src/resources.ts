import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What a process holds that a leak would show in. */
export interface Resources {
  /** Open fds by what they are, such as `anon_inode:[eventfd]`; sockets and pipes without their numbers. */
  readonly fds: ReadonlyMap<string, number>;
  /** Mappings of regions. */
  readonly mappings: number;
  /** Child processes, zombies too. */
  readonly children: readonly number[];
}

/** Reads what this process holds at the moment. */
export function resources(): Resources {
  const fds = new Map<string, number>();
  for (const fd of readdirSync("/proc/self/fd")) {
    let target: string;
    try {
      target = readlinkSync(`/proc/self/fd/${fd}`).replace(/:\[\d+\]$/, "");
    } catch {
      continue; // the fd of this very listing
    }
    fds.set(target, (fds.get(target) ?? 0) + 1);
  }
  const mappings = readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .filter((line) => line.includes("memfd:mem-ring"));
  return { fds, mappings: mappings.length, children: children(process.pid) };
}

/** The children of a process, zombies too. */
export function children(pid: number): number[] {
  const found: number[] = [];
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      const list = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim();
      if (list !== "") found.push(...list.split(" ").map(Number));
    } catch {
      // A kernel without CONFIG_PROC_CHILDREN, or a thread that has just ended.
    }
  }
  return found;
}

/** Whether there is such a process, not counting zombies. */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** User and system time of a process so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Waits until `condition` holds; throws what was waited for after `timeoutMs`. */
export async function until(what: string, condition: () => boolean, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Collects garbage until the count of region mappings is down to `mappings`: V8 unmaps a region when its buffer is collected. */
export async function untilUnmapped(mappings: number): Promise<void> {
  const gc = (globalThis as { gc?: () => void }).gc;
  if (gc === undefined) throw new Error("run with --expose-gc");
  await until(
    "regions to be unmapped",
    () => {
      gc();
      return resources().mappings <= mappings;
    },
    10_000,
  );
}
