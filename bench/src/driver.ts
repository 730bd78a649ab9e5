import type { Histogram } from "hdr-histogram-js";
import { wholeNs } from "./latency.js";

const NS_PER_MS = 1e6;

/**
 * Makes `count` calls with `inFlight` of them under way at any time, and gives how long it all took, in milliseconds.
 *
 * Each lane is a loop that awaits its call and starts the next: what a program that keeps Go busy looks like, and the
 * same for every contender.
 */
export async function runInFlight(call: () => Promise<unknown>, count: number, inFlight: number): Promise<number> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left--;
      await call();
    }
  };
  const lanes: Promise<void>[] = [];
  const start = performance.now();
  for (let i = 0; i < Math.min(inFlight, count); i++) lanes.push(lane());
  await Promise.all(lanes);
  return performance.now() - start;
}

/** Makes `count` calls one after another and records how long each took. */
export async function runOneAtATime(
  call: () => Promise<unknown>,
  count: number,
  latencies: Histogram,
): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call();
    latencies.recordValue(wholeNs((performance.now() - start) * NS_PER_MS));
  }
  return performance.now() - begin;
}
