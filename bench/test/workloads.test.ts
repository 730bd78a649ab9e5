import { describe, expect, it } from "vitest";
import { comparedCells, FULL_COMPARISON, QUICK_COMPARISON } from "../src/compare/cells.js";
import type { Contender, WorkloadId } from "../src/contender.js";
import { contenders } from "../src/contenders/index.js";
import { FULL, QUICK } from "../src/effort.js";
import { estimateMs, leftOut, roundsOf, runs, schedule, scheduled } from "../src/schedule.js";
import { type Cell, cells, payloadsInFlight, TITLES } from "../src/workloads.js";

const ALL = Object.keys(TITLES) as WorkloadId[];

const contender = (more: Partial<Contender> = {}): Contender => ({
  id: "one",
  title: "one",
  build: async () => {},
  open: () => Promise.reject(new Error("never opened")),
  ...more,
});

describe.each([
  ["quick", QUICK],
  ["full", FULL],
] as const)("the cells of a %s run", (_, effort) => {
  const all = cells(effort, ALL);

  it("have names that tell them apart, and every workload has some", () => {
    const names = all.map(({ workload, key }) => `${workload} ${key}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(all.map(({ workload }) => workload))).toEqual(new Set(ALL));
  });

  it("are only those of the workloads that are asked for", () => {
    const some = cells(effort, ["W2", "W9"]);
    expect(new Set(some.map(({ workload }) => workload))).toEqual(new Set(["W2", "W9"]));
  });

  it("carry up to 1 or 16 MiB, and never more than 128 MiB in one direction at a time", () => {
    const payloads = all.filter(({ workload }) => workload === "W4");
    expect(Math.max(...payloads.map(({ bytes }) => bytes))).toBe(effort === QUICK ? 1 << 20 : 16 << 20);
    for (const { bytes, inFlight } of payloads) expect(bytes * inFlight).toBeLessThanOrEqual(128 << 20);
  });

  it("have at least seven rounds where headlines are made", () => {
    for (const cell of all.filter(({ workload }) => ["W1", "W2", "W3", "W6"].includes(workload))) {
      expect(cell.rounds).toBeGreaterThanOrEqual(7);
    }
  });
});

it("lets fewer payloads be under way the larger they are, and always one", () => {
  expect([16, 1 << 20, 16 << 20, 64 << 20, 1 << 30].map(payloadsInFlight)).toEqual([8, 8, 8, 2, 1]);
});

describe("a schedule", () => {
  const many = (count: number): Contender[] => Array.from({ length: count }, () => contender());

  it("keeps to its budget by making rounds shorter, not fewer", () => {
    const few = schedule(QUICK, ALL, many(1));
    const more = schedule(QUICK, ALL, many(6));
    expect(few.roundMs).toBe(QUICK.roundMs);
    expect(more.roundMs).toBeLessThan(QUICK.roundMs);
    expect(more.seconds * 1000).toBeLessThanOrEqual(QUICK.budgetMs);
    expect(more.cells.map(({ rounds }) => rounds)).toEqual(few.cells.map(({ rounds }) => rounds));
  });

  it("of everybody stays under half an hour, and a quick one under two minutes with room for builds", () => {
    expect(schedule(FULL, ALL, contenders).seconds).toBeLessThan(30 * 60);
    expect(schedule(QUICK, ALL, contenders).seconds).toBeLessThan(105);
  });

  it("leaves something out only where rounds got as short as they may, and never of those in the aims", () => {
    const slow = contender({ id: "slow", slowCallsPerSecond: 2000 });
    const aimed = contender({ id: "ring-spawn" });
    const alone = schedule(QUICK, ALL, [slow, aimed]);
    for (const cell of alone.cells) for (const one of [slow, aimed]) expect(roundsOf(one, cell)).toBe(cell.rounds);
    expect(leftOut(slow, alone.cells, ALL)).toEqual([]);
    const crowded = schedule(QUICK, ALL, [slow, aimed, ...many(12)]);
    for (const cell of crowded.cells) expect(roundsOf(aimed, cell)).toBe(cell.rounds);
    const rounds = (one: Contender, workload: WorkloadId): number[] =>
      crowded.cells.filter((cell) => cell.workload === workload).map((cell) => roundsOf(one, cell));
    expect(rounds(contender(), "W3")).toEqual([3, 0, 3, 3]);
    expect(rounds(slow, "W3")).toEqual([3, 0, 3, 3]);
    expect(rounds(slow, "W1")).toEqual([0]);
    expect(leftOut(slow, crowded.cells, ALL)).toEqual([
      {
        contender: "slow",
        reason:
          "W1, some of W3, some of W6, W7, W9, some of W10, some of W11, some of W4: left out, the run is short of time",
      },
    ]);
    expect(leftOut(contender({ cannot: { W1: "no" } }), crowded.cells, ALL)).toEqual([
      { contender: "one", reason: "W1: no" },
      {
        contender: "one",
        reason: "some of W3, some of W6, some of W10, some of W11, some of W4: left out, the run is short of time",
      },
    ]);
  });

  it("counts with longer rounds of who is slow", () => {
    const [cell] = cells(QUICK, ["W1"]).map((one) => ({ ...one, observed: false })) as [Cell];
    const slow = contender({ slowCallsPerSecond: 1000 });
    // 2000 calls before every lane was busy twice: once to warm up, and in each round.
    expect(estimateMs([cell], [slow])).toBeGreaterThan(2000 * (cell.rounds + 1));
    expect(estimateMs([cell], [slow])).toBeLessThan(2200 * (cell.rounds + 1));
  });

  it("ends where rounds would get too short, and says honestly how long that takes", () => {
    const { roundMs, seconds } = schedule(QUICK, ALL, many(1000));
    expect(roundMs).toBeGreaterThanOrEqual(50);
    expect(seconds * 1000).toBeGreaterThan(QUICK.budgetMs);
  });

  it("takes the number of rounds that it is told", () => {
    for (const { rounds } of schedule(QUICK, ALL, many(1), 2).cells) expect(rounds).toBe(2);
  });

  it("starts nobody who has no cell in it", () => {
    const queue = contender({ id: "queue", workloads: ["W8"], queue: ["one"] });
    const everybody = [queue, contender({ id: "ring-spawn" }), ...many(20)];
    expect(scheduled(everybody, schedule(QUICK, ALL, everybody))).toEqual(everybody.slice(1));
    expect(scheduled(everybody, schedule(FULL, ALL, everybody))).toEqual(everybody);
  });

  it("asks for leases only where there are some", () => {
    const all = cells(FULL, ["W12"]);
    expect(all.map(({ key }) => key)).toContain("out 8388608");
    expect(all.map((cell) => runs(contender(), cell))).toEqual(all.map(() => false));
    expect(all.map((cell) => runs(contender({ leases: true }), cell))).toEqual(all.map(() => true));
    expect(runs(contender({ leases: true, workloads: ["W2"] }), all[0] as Cell)).toBe(false);
  });

  it("counts a contender only where it runs", () => {
    const [cell, other] = cells(QUICK, ["W1", "W2"]).slice(0, 2) as [never, never];
    const only = contender({ workloads: ["W1"] });
    expect(estimateMs([cell, other], [only])).toBe(estimateMs([cell], [contender()]));
    expect(runs(contender({ cannot: { W1: "a reason" } }), cell)).toBe(false);
  });
});

describe.each([
  ["quick", QUICK_COMPARISON],
  ["full", FULL_COMPARISON],
] as const)("the cells of a %s comparison", (_, effort) => {
  it("ask another checkout for nothing but plain calls", () => {
    const all = comparedCells(effort, ALL);
    expect(new Set(all.map(({ workload }) => workload))).toEqual(new Set(["W1", "W2", "W3", "W4", "W6"]));
    const known = new Set(["workload", "key", "call", "inFlight", "latency", "bytes", "roundMs", "rounds"]);
    for (const cell of all) expect(Object.keys(cell).filter((field) => !known.has(field))).toEqual([]);
  });
});
