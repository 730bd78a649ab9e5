import { describe, expect, it } from "vitest";
import { encodeHistogram, latencyHistogram } from "../src/latency.js";
import type { Measurement } from "../src/measure.js";
import { type Failure, measureCell, type Runner } from "../src/rounds.js";
import { seededRandom } from "../src/statistics.js";
import { summarize } from "../src/summary.js";
import type { Cell } from "../src/workloads.js";

const cell: Cell = {
  workload: "W3",
  key: "8",
  call: "check",
  inFlight: 8,
  latency: false,
  bytes: 0,
  roundMs: 1,
  rounds: 4,
  observed: true,
};

const garbage = { node: { collections: 2, collectMs: 1, heapBytes: 5000 } };

/** A round whose rate is `calls`, with one latency. */
function round(calls: number, more: Partial<Measurement> = {}): Measurement {
  const histogram = latencyHistogram();
  histogram.recordValue(calls);
  return {
    calls,
    milliseconds: 1000,
    callsPerSecond: calls,
    cpuPerCall: 2,
    cpuPerCallChild: 1,
    latencies: encodeHistogram(histogram),
    p50: calls,
    p99: calls,
    ...more,
  };
}

/** Somebody who takes part, and writes down what he is asked. */
function runner(id: string, log: string[], more: Partial<Runner> = {}): Runner {
  return {
    id,
    warmUp: async () => 7,
    measure: async (_, count) => {
      log.push(id);
      return round(count);
    },
    observe: async (_, count) => ({ calls: count, garbage, syscalls: 14 }),
    ...more,
  };
}

describe("measureCell", () => {
  it("lets everybody run once a round, and observes once", async () => {
    const log: string[] = [];
    const rows = await measureCell(cell, [runner("a", log), runner("b", log)], seededRandom(1), () => expect.fail());
    expect(rows.map(({ contender, rounds }) => [contender, rounds.length])).toEqual([
      ["a", 4],
      ["b", 4],
    ]);
    for (let i = 0; i < 8; i += 2) expect(log.slice(i, i + 2).toSorted()).toEqual(["a", "b"]);
    expect(new Set([0, 2, 4, 6].map((i) => log[i]))).toEqual(new Set(["a", "b"]));
    expect(rows[0]?.observed).toEqual({ calls: 7, garbage, syscalls: 14 });
  });

  it("lets who makes fewer rounds make the first ones", async () => {
    const log: string[] = [];
    const runners = [runner("a", log), runner("b", log, { rounds: 2 })];
    const rows = await measureCell(cell, runners, seededRandom(1), () => expect.fail());
    expect(rows.map(({ rounds }) => rounds.length)).toEqual([4, 2]);
    expect(log.slice(0, 4).toSorted()).toEqual(["a", "a", "b", "b"]);
    expect(log.slice(4)).toEqual(["a", "a"]);
  });

  it("drops who fails in a round, and says so", async () => {
    const failures: Failure[] = [];
    const dies = { measure: () => Promise.reject(new Error("died")) };
    const rows = await measureCell(cell, [runner("a", []), runner("b", [], dies)], seededRandom(1), (one) =>
      failures.push(one),
    );
    expect(rows.map(({ contender }) => contender)).toEqual(["a"]);
    expect(failures).toEqual([{ contender: "b", reason: "W3 8: died" }]);
  });

  it("keeps what was measured when only the observation fails", async () => {
    const failures: Failure[] = [];
    const blind = { observe: () => Promise.reject(new Error("not permitted")) };
    const rows = await measureCell(cell, [runner("a", [], blind)], seededRandom(1), (one) => failures.push(one));
    expect(rows[0]?.rounds).toHaveLength(4);
    expect(rows[0]?.observed).toBeUndefined();
    expect(failures).toEqual([{ contender: "a", reason: "W3 8, garbage and system calls: not permitted" }]);
  });
});

describe("summarize", () => {
  it("takes medians of rounds, percentiles of all latencies, and the highest peaks", () => {
    const peak = (node: number, ofRound = true) => ({ peak: { node, child: 2 * node, ofRound } });
    const rounds = [round(100, peak(5)), round(300, peak(9)), round(200, peak(7))];
    const row = summarize({ contender: "a", cell, rounds, observed: { calls: 10, garbage, syscalls: 25 } });
    expect(row).toMatchObject({
      callsPerSecond: 200,
      latencyNs: { p50: 200, max: 300 },
      peakBytes: { node: 9, child: 18, ofRound: true },
      observed: { calls: 10, nodeHeapBytesPerCall: 500, syscallsPerCall: 2.5 },
      rounds: { callsPerSecond: [100, 300, 200], p99Ns: [100, 300, 200] },
    });
    expect(row.latencyNs?.curve?.[0]).toEqual([1, 100]);
    expect(row.latencyNs?.curve?.at(-1)).toEqual([99.99, 300]);
    expect(row).not.toHaveProperty("start");
    expect(row.rounds).not.toHaveProperty("aloneP99Ns");
  });

  it("sums up cold starts, loop delays and mixes", () => {
    const start = (ms: number) => ({ start: { nodeMs: 30, importMs: ms, openMs: 2 * ms, firstAnswerMs: 1 } });
    const delay = (ms: number) => ({ loopDelay: { p50: ms, p99: 2 * ms, max: 3 * ms, turnMean: ms } });
    const rounds = [1, 2, 6].map((ms) => round(10, { ...start(ms), ...delay(ms), alone: round(5) }));
    expect(summarize({ contender: "a", cell: { ...cell, threads: 2 }, rounds })).toMatchObject({
      start: { nodeMs: 30, importMs: 2, openMs: 4, firstAnswerMs: 1 },
      loopDelayNs: { p50: 2, p99: 4, max: 18, turnMean: 2 },
      aloneLatencyNs: { p99: 5 },
      threads: 2,
      rounds: { aloneP99Ns: [5, 5, 5] },
    });
  });
});
