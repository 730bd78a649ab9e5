import { GCProfiler, type GCProfilerResult, getHeapStatistics } from "node:v8";
import type { Calls } from "./contender.js";

const MS_PER_US = 1e-3;

/** The garbage of one round. */
export interface Garbage {
  readonly node: {
    readonly collections: number;
    readonly collectMs: number;
    /** What was allocated on V8's heap, in bytes; the bytes of ArrayBuffers lie outside. */
    readonly heapBytes: number;
  };
  /** Absent where the contender cannot say. */
  readonly go?: { readonly collections: number; readonly allocatedBytes: number };
}

/**
 * Runs something and says how much garbage both sides made. V8 counts no allocations, but its profiler notes the heap
 * before and after every collection, and what it grew by in between is what was allocated.
 */
export async function countGarbage(calls: Calls | undefined, run: () => Promise<unknown>): Promise<Garbage> {
  const goBefore = await calls?.memory?.();
  const profiler = new GCProfiler();
  const heapBefore = getHeapStatistics().used_heap_size;
  profiler.start();
  await run();
  const heapAfter = getHeapStatistics().used_heap_size;
  const { statistics } = profiler.stop();
  const goAfter = await calls?.memory?.();
  return {
    node: {
      collections: statistics.length,
      collectMs: statistics.reduce((sum, { cost }) => sum + cost * MS_PER_US, 0),
      heapBytes: allocatedBytes(heapBefore, statistics, heapAfter),
    },
    ...(goBefore && goAfter
      ? {
          go: {
            collections: goAfter.collections - goBefore.collections,
            allocatedBytes: goAfter.allocatedBytes - goBefore.allocatedBytes,
          },
        }
      : {}),
  };
}

/** What a heap grew by between its collections. */
export function allocatedBytes(before: number, collections: GCProfilerResult["statistics"], after: number): number {
  let sum = 0;
  let last = before;
  for (const { beforeGC, afterGC } of collections) {
    sum += Math.max(0, beforeGC.heapStatistics.usedHeapSize - last);
    last = afterGC.heapStatistics.usedHeapSize;
  }
  return sum + Math.max(0, after - last);
}
