import type { Histogram } from "hdr-histogram-js";
import { wholeNs } from "./latency.js";
import type { Sampler } from "./sampling.js";

const NS_PER_MS = 1e6;

/** One long call goes with so many quick ones: the 1 % of W6. */
const QUICK_PER_LONG = 99;

/** Long calls under way, at most: more than are needed at 10 million quick calls a second. */
const LONG_MAX = 512;

export type Call = () => Promise<unknown>;

/**
 * Makes `count` calls with `inFlight` of them under way at any time, and gives how long it all took, in milliseconds.
 *
 * Each lane is a loop that awaits its call and starts the next: what a program that keeps Go busy looks like, and the
 * same for every contender. A sampler times some of the calls.
 */
export async function runInFlight(call: Call, count: number, inFlight: number, sampler?: Sampler): Promise<number> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left--;
      await call();
    }
  };
  let untilSample = sampler?.every ?? 0;
  const sampledLane = async (some: Sampler): Promise<void> => {
    while (left > 0) {
      left--;
      if (--untilSample > 0) {
        await call();
        continue;
      }
      untilSample = some.every;
      const start = performance.now();
      await call();
      some.add(performance.now() - start);
    }
  };
  const lanes: Promise<void>[] = [];
  const start = performance.now();
  for (let i = 0; i < Math.min(inFlight, count); i++) lanes.push(sampler ? sampledLane(sampler) : lane());
  await Promise.all(lanes);
  return performance.now() - start;
}

/**
 * `runInFlight` with long calls beside the quick ones, one for every 99. The lanes do not wait for the long ones: they
 * keep as many quick calls under way as without, so that the two can be compared. Only quick calls count and are timed.
 */
export async function runMix(
  quick: Call,
  long: Call,
  count: number,
  inFlight: number,
  sampler: Sampler,
): Promise<number> {
  const under = new Set<Promise<unknown>>();
  let untilLong = QUICK_PER_LONG;
  let failed: { readonly error: unknown } | undefined;
  const call = (): Promise<unknown> => {
    if (--untilLong <= 0 && under.size < LONG_MAX) {
      untilLong = QUICK_PER_LONG;
      const one: Promise<void> = long().then(
        () => void under.delete(one),
        (error: unknown) => {
          failed ??= { error };
        },
      );
      under.add(one);
    }
    return failed ? Promise.reject(failed.error) : quick();
  };
  const milliseconds = await runInFlight(call, count, inFlight, sampler);
  await Promise.all(under);
  if (failed) throw failed.error;
  return milliseconds;
}

/** Makes calls with `inFlight` of them under way until it is told to stop; gives how many, and the milliseconds. */
export async function runUntil(
  stopped: () => boolean,
  call: Call,
  inFlight: number,
): Promise<{ calls: number; milliseconds: number }> {
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (!stopped()) {
      calls++;
      await call();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { calls, milliseconds: performance.now() - start };
}

/** Makes `count` calls one after another and records how long each took. */
export async function runOneAtATime(call: Call, count: number, latencies: Histogram): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call();
    latencies.recordValue(wholeNs((performance.now() - start) * NS_PER_MS));
  }
  return performance.now() - begin;
}
