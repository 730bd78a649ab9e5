import { expect, it } from "vitest";
import { judgeAims } from "../src/aims.js";
import type { RowResult } from "../src/results.js";

/** A row with the same number in every round. */
function row(contender: string, workload: RowResult["workload"], key: string, rate: number, cpu = 1): RowResult {
  return {
    contender,
    workload,
    key,
    call: "check",
    inFlight: 1,
    bytes: workload === "W4" ? Number(key.split(" ")[1]) : 0,
    callsPerSecond: rate,
    cpuPerCallUs: cpu,
    cpuPerCallChildUs: 0,
    latencyNs: { p50: 1e9 / rate, p90: 0, p99: 0, p999: 0, max: 0 },
    rounds: { calls: [1, 1], callsPerSecond: [rate, rate], cpuPerCallUs: [cpu, cpu], p50Ns: [1e9 / rate, 1e9 / rate] },
  };
}

/** W5 and W6 of ours: where a cold start's time went, and how late quick calls were among long ones. */
function later(openMs: number, p99: number): RowResult[] {
  const start = { nodeMs: 30, importMs: 50, openMs, firstAnswerMs: 5 };
  const mix = row("ring-spawn", "W6", "mix", 1e6);
  return [
    { ...row("ring-spawn", "W5", "start", 1), start },
    { ...mix, rounds: { ...mix.rounds, p99Ns: [p99, p99], aloneP99Ns: [20_000, 20_000] } },
  ];
}

/** W8: what each queue moves a second, and how long a trip between sleepers takes. */
function queues(rates: readonly [one: number, batch: number, message: number, toGo: number, cpp: number], ns: number) {
  const [one, batch, message, toGo, cpp] = rates;
  return [
    row("ring-threads", "W8", "one", one),
    row("message-port", "W8", "one", 1.3e6),
    row("ring-threads", "W8", "batch", batch),
    row("ring-js-go", "W8", "batch", toGo),
    row("ring-cpp", "W8", "one", cpp),
    row("rigtorp", "W8", "one", 80e6),
    row("ring-threads", "W8", "message", message),
    row("memcpy-js", "W8", "message", 10e6),
    row("ring-js-go", "W8", "asleep", 1e9 / ns),
    row("eventfd", "W8", "asleep", 1e9 / 10_000),
  ];
}

/** W12 of ours: calls a second of 64 KiB and of 8 MiB, both ways. */
function leases(small: number, large: number): RowResult[] {
  return ["in", "out"].flatMap((way) => [
    row("ring-spawn", "W12", `${way} 65536`, small),
    row("ring-spawn", "W12", `${way} 8388608`, large),
  ]);
}

const verdicts = (rows: RowResult[]): (boolean | undefined)[] => judgeAims(rows).map(({ met }) => met);

it("says nothing of what was not measured", () => {
  expect(verdicts([])).toEqual(Array(20).fill(undefined));
});

it("finds every aim met that is met", () => {
  const rows = [
    row("ring-spawn", "W3", "1000", 6e6, 0.2),
    row("cgo-batched", "W3", "1000", 3e6, 0.4),
    row("ring-spawn", "W2", "latency", 1.1e6),
    row("ring-spawn-asleep", "W2", "latency", 20_000),
    row("eventfd", "W2", "latency", 22_000),
    row("ring-spawn", "W1", "1000", 90_000, 2),
    row("cgo-batched", "W1", "1000", 95_000, 3),
    row("ring-spawn", "W4", "in 16", 1e6),
    row("ring-spawn", "W4", "in 64", 1e6),
    row("ring-spawn", "W4", "out 16", 1e6),
    row("ring-spawn", "W4", "out 64", 250_000),
    row("ring-spawn", "W10", "out", 5.1e6),
    ...leases(50_000, 41_000),
    ...later(35, 40_000),
    ...queues([27e6, 210e6, 7.1e6, 110e6, 81e6], 10_900),
  ];
  expect(verdicts(rows)).toEqual(Array(20).fill(true));
});

it("finds every aim missed that is missed", () => {
  const rows = [
    row("ring-spawn", "W3", "1000", 5e6, 0.3),
    row("cgo-batched", "W3", "1000", 3e6, 0.4),
    row("ring-spawn", "W2", "latency", 0.9e6),
    row("ring-spawn-asleep", "W2", "latency", 10_000),
    row("eventfd", "W2", "latency", 22_000),
    row("ring-spawn", "W1", "1000", 80_000, 2.9),
    row("cgo-batched", "W1", "1000", 95_000, 3),
    row("ring-spawn", "W4", "in 16", 1e6),
    row("ring-spawn", "W4", "in 64", 100_000),
    row("ring-spawn", "W4", "out 16", 1e6),
    row("ring-spawn", "W4", "out 64", 190_000),
    row("ring-spawn", "W10", "out", 4.9e6),
    ...leases(50_000, 39_000),
    ...later(36, 41_000),
    ...queues([24e6, 190e6, 6.9e6, 90e6, 79e6], 11_100),
  ];
  expect(verdicts(rows)).toEqual(Array(20).fill(false));
});
