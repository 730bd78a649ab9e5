import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ticksCpu } from "../src/cpu.js";
import { runInFlight, runMix, runOneAtATime, runUntil } from "../src/driver.js";
import { encodeHistogram, latencyHistogram, mergeHistograms, wholeNs } from "../src/latency.js";
import { Sampler, sampleEvery } from "../src/sampling.js";

/** A call that takes a while and counts how many are under way. */
function countingCall() {
  const seen = { calls: 0, underWay: 0, most: 0 };
  const call = async (): Promise<void> => {
    seen.calls++;
    seen.most = Math.max(seen.most, ++seen.underWay);
    await sleep(1);
    seen.underWay--;
  };
  return { call, seen };
}

describe("runInFlight", () => {
  it.each([
    [100, 1],
    [100, 8],
    [100, 64],
    [5, 64],
  ])("makes %i calls with never more than %i under way", async (count, inFlight) => {
    const { call, seen } = countingCall();
    await runInFlight(call, count, inFlight);
    expect(seen).toEqual({ calls: count, underWay: 0, most: Math.min(count, inFlight) });
  });

  it("rejects when a call does", async () => {
    await expect(runInFlight(() => Promise.reject(new Error("no")), 10, 2)).rejects.toThrow("no");
  });
});

describe("sampling", () => {
  it.each([
    [1, 200],
    [3, 66],
    [31, 6],
  ])("times one call in %i", async (every, expected) => {
    const { call, seen } = countingCall();
    const sampler = new Sampler(200, every);
    await runInFlight(call, 200, 10, sampler);
    expect(seen).toEqual({ calls: 200, underWay: 0, most: 10 });
    const latencies = sampler.histogram();
    expect(latencies.totalCount).toBe(expected);
    // A timer of a millisecond may fire early, but not every time.
    expect(latencies.maxValue).toBeGreaterThan(500_000);
  });
});

it("times all of few calls, and of many no more than two thousand, never the same place in a batch", () => {
  expect([10, 2000, 4001, 12_000, 600_000].map(sampleEvery)).toEqual([1, 1, 3, 7, 307]);
});

describe("runMix", () => {
  it("makes a long call for every 99 quick ones, beside them, and waits for it", async () => {
    const quick = countingCall();
    const long = { calls: 0, done: 0 };
    const longCall = async (): Promise<void> => {
      long.calls++;
      await sleep(30);
      long.done++;
    };
    const sampler = new Sampler(990);
    await runMix(quick.call, longCall, 990, 20, sampler);
    expect(quick.seen).toEqual({ calls: 990, underWay: 0, most: 20 });
    expect(long).toEqual({ calls: 10, done: 10 });
    expect(sampler.histogram().totalCount).toBe(990);
  });

  it("rejects when a long call does", async () => {
    const quick = countingCall();
    const run = runMix(quick.call, () => Promise.reject(new Error("too long")), 500, 5, new Sampler(500));
    await expect(run).rejects.toThrow("too long");
  });
});

it("runs until it is told to stop, and counts what it made", async () => {
  const { call, seen } = countingCall();
  const end = performance.now() + 50;
  const { calls, milliseconds } = await runUntil(() => performance.now() > end, call, 7);
  expect(seen).toEqual({ calls, underWay: 0, most: 7 });
  expect(milliseconds).toBeGreaterThanOrEqual(50);
});

describe("latencies", () => {
  it("records one for every call", async () => {
    const { call, seen } = countingCall();
    const histogram = latencyHistogram();
    await runOneAtATime(call, 20, histogram);
    expect(seen).toEqual({ calls: 20, underWay: 0, most: 1 });
    expect(histogram.totalCount).toBe(20);
  });

  it("gives the percentiles of known data, to three digits, and of rounds taken together", () => {
    const rounds = [0, 1].map((round) => {
      const histogram = latencyHistogram();
      for (let i = 1; i <= 500; i++) histogram.recordValue((round * 500 + i) * 1000);
      return encodeHistogram(histogram);
    });
    const all = mergeHistograms(rounds);
    expect(all.totalCount).toBe(1000);
    for (const percentile of [50, 90, 99]) {
      expect(all.getValueAtPercentile(percentile) / (percentile * 10_000)).toBeCloseTo(1, 2);
    }
  });

  it("keeps what a histogram cannot hold inside its range", () => {
    expect([wholeNs(-5), wholeNs(0.2), wholeNs(41.6), wholeNs(1e15)]).toEqual([1, 1, 42, 10e9]);
  });
});

it("reads CPU time from /proc/<pid>/stat, whatever the program is called", () => {
  expect(ticksCpu("7 (a (b) c) S 1 7 7 0 -1 4194560 1 2 3 4 120 30 5 6 20 0 1 0")).toBe(1_500_000);
});
