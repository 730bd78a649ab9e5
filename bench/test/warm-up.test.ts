import { expect, it } from "vitest";
import { warmUp } from "../src/warm-up.js";
import type { Cell } from "../src/workloads.js";

const cell: Cell = {
  workload: "W3",
  key: "1000",
  call: "check",
  inFlight: 1000,
  latency: false,
  bytes: 0,
  roundMs: 50,
  rounds: 3,
};

/** Somebody who makes so many calls a second, and the counts that he is asked for. */
function steady(callsPerSecond: number) {
  const counts: number[] = [];
  const measure = async (calls: number) => {
    counts.push(calls);
    const milliseconds = (calls / callsPerSecond) * 1000;
    return { calls, milliseconds, callsPerSecond, cpuPerCall: 0, cpuPerCallChild: 0 };
  };
  return { counts, measure };
}

it("comes nearer to a full round in steps, and makes one that is full", async () => {
  const { counts, measure } = steady(1e6);
  expect(await warmUp(cell, measure)).toBe(50_000);
  expect(counts[0]).toBe(2000);
  expect(counts.at(-1)).toBe(50_000);
});

it("is done when all lanes of a slow one were busy twice, however long that took", async () => {
  const { counts, measure } = steady(500);
  expect(await warmUp(cell, measure)).toBe(2000);
  expect(counts).toEqual([2000]);
});

it("leaves out who is too slow for a payload", async () => {
  const payload = { ...cell, workload: "W4", key: "in 16777216", inFlight: 8, bytes: 16 << 20 } as const;
  const { counts, measure } = steady(4);
  await expect(warmUp(payload, measure)).rejects.toThrow("left out: 8 calls take 2.00 s, too slow to go on");
  expect(counts).toEqual([8]);
  expect(await warmUp(payload, steady(20).measure)).toBe(8);
});
