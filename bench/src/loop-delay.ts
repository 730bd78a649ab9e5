import { monitorEventLoopDelay, performance } from "node:perf_hooks";

const NS_PER_MS = 1e6;
/** The monitor's timer: the finest that libuv has. */
const RESOLUTION_MS = 1;

/** How long the event loop let others wait, in nanoseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The mean length of a turn without the time in which the loop slept; polling counts. */
  readonly turnMean: number;
}

/**
 * Watches the event loop from here to a call of `read`.
 *
 * Node's own monitor is one timer in C++ a millisecond and no JavaScript: less than a thousandth of the processor. What
 * would be finer (a chain of `setImmediate`) keeps the loop from ever sleeping or polling, which is what it should
 * watch. The monitor's values contain the millisecond that it meant to wait; that is taken off, and since libuv counts
 * whole milliseconds, delays below one are not told from none. The mean turn, which Node counts anyhow, fills that gap.
 */
export function watchLoopDelay(): { read(): LoopDelay } {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = turns();
  monitor.enable();
  return {
    read: () => {
      monitor.disable();
      const after = turns();
      const late = (ns: number): number => Math.max(0, ns - RESOLUTION_MS * NS_PER_MS);
      // Without a single value the monitor's maximum is 0: the round was over before its timer.
      return {
        p50: late(monitor.percentile(50)),
        p99: late(monitor.percentile(99)),
        max: late(monitor.max),
        turnMean: ((after.busyMs - before.busyMs) * NS_PER_MS) / Math.max(1, after.count - before.count),
      };
    },
  };
}

function turns(): { count: number; busyMs: number } {
  const { uvMetricsInfo, idleTime } = performance.nodeTiming;
  return { count: uvMetricsInfo.loopCount, busyMs: performance.now() - idleTime };
}
