import { LEASE_BYTES, type LeaseWay } from "./leases.js";
import { digits } from "./report/format.js";
import { compare, type Measure, type RowResult } from "./results.js";
import { pairedRatio, type Ratio } from "./statistics.js";
import type { Cell } from "./workloads.js";

/** One aim of the product beside what was measured. */
export interface Aim {
  readonly aim: string;
  readonly measured: string;
  /** Absent where a contender that it compares was not there. */
  readonly met?: boolean;
}

/** The rows that the aims speak of. */
const OURS = "ring-spawn";
const ASLEEP = "ring-spawn-asleep";
const CGO = "cgo-batched";
const FLOOR = "eventfd";
const THREADS = "ring-threads";
const JS_GO = "ring-js-go";
const CPP = "ring-cpp";
const RIGTORP = "rigtorp";
const PORT = "message-port";
const MEMCPY = "memcpy-js";

/** They have all their rounds in every run. */
export const AIMED_AT: readonly string[] = [OURS, ASLEEP, CGO, FLOOR, THREADS, JS_GO, CPP, RIGTORP, PORT, MEMCPY];

const US = 1000;
const NOT_MEASURED = "not measured";

/** A payload twice as large may take twice as long, and this much more, before it counts as a cliff. */
const CLIFF = 1.25;

const RATIO_SAID_MIN = 0.0001;

/** Holds the results against what the product is to reach. */
export function judgeAims(rows: readonly RowResult[]): Aim[] {
  const ratio = (workload: Cell["workload"], key: string, measure: Measure, theirs = CGO, ours = OURS) =>
    compare(rows, workload, key, measure, ours, theirs);
  return [
    atLeast("W3, 1000 in flight: calls/s ≥ 2 × cgo", ratio("W3", "1000", "callsPerSecond"), 2),
    atMost("W3, 1000 in flight: CPU a call ≤ 1/2 of cgo", ratio("W3", "1000", "cpuPerCallUs"), 1 / 2),
    spinningLatency(rows),
    atMost("W2, asleep: p50 ≤ 1.2 × bare eventfd", ratio("W2", "latency", "p50Ns", FLOOR, ASLEEP), 1.2),
    sleepers(rows, ratio("W1", "1000", "callsPerSecond")),
    atMost("W1: CPU a call ≤ 2/3 of cgo", ratio("W1", "1000", "cpuPerCallUs"), 2 / 3),
    noCliff(rows, "in"),
    noCliff(rows, "out"),
    sameAtAnySize(rows, "in"),
    sameAtAnySize(rows, "out"),
    coldStart(rows),
    mix(rows),
    moves(rows, "W10, from Go: ≥ 5 M items/s", OURS, "out", 5e6, "W10"),
    moves(rows, "W8, JS to JS, batched: ≥ 200 M entries/s", THREADS, "batch", 200e6),
    moves(rows, "W8, JS to JS, one at a time: ≥ 25 M entries/s", THREADS, "one", 25e6),
    moves(rows, "W8, JS to Go, batched: ≥ 100 M entries/s", JS_GO, "batch", 100e6),
    atLeast("W8, C++ to C++, one at a time: ≥ rigtorp", ratio("W8", "one", "callsPerSecond", RIGTORP, CPP), 1),
    atLeast("W8, one at a time: ≥ 20 × MessagePort", ratio("W8", "one", "callsPerSecond", PORT, THREADS), 20),
    atLeast("W8, messages of 1 KiB: ≥ 0.7 × memcpy", ratio("W8", "message", "callsPerSecond", MEMCPY, THREADS), 0.7),
    atMost("W8, asleep: p50 ≤ 1.1 × bare eventfd", ratio("W8", "asleep", "p50Ns", FLOOR, JS_GO), 1.1),
  ];
}

export function formatRatio({ ratio, low, high }: Ratio): string {
  const interval = Number.isFinite(high) ? ` (${lowEnd(low)} to ${digits(high)})` : "";
  return `${digits(ratio)} ×${interval}`;
}

/** The low end of an interval that says nothing need not say it to seven places. */
function lowEnd(low: number): string {
  return low < RATIO_SAID_MIN ? `under ${RATIO_SAID_MIN}` : digits(low);
}

function atLeast(aim: string, ratio: Ratio | undefined, bound: number): Aim {
  if (!ratio) return { aim, measured: NOT_MEASURED };
  return { aim, measured: formatRatio(ratio), met: ratio.ratio >= bound };
}

function atMost(aim: string, ratio: Ratio | undefined, bound: number): Aim {
  if (!ratio) return { aim, measured: NOT_MEASURED };
  return { aim, measured: formatRatio(ratio), met: ratio.ratio <= bound };
}

function spinningLatency(rows: readonly RowResult[]): Aim {
  const aim = "W2, spinning: p50 ≤ 1 µs";
  const p50 = find(rows, OURS, "W2")[0]?.latencyNs?.p50;
  if (p50 === undefined) return { aim, measured: NOT_MEASURED };
  return { aim, measured: `${(p50 / US).toFixed(2)} µs`, met: p50 <= US };
}

function sleepers(rows: readonly RowResult[], ratio: Ratio | undefined): Aim {
  const aim = "W1: ≥ 85,000 calls/s, or as many as cgo";
  const rate = find(rows, OURS, "W1")[0]?.callsPerSecond;
  if (rate === undefined) return { aim, measured: NOT_MEASURED };
  // "As many" is as good as the measurement can tell: the interval reaches 1.
  const asMany = ratio !== undefined && ratio.high >= 1;
  const measured = `${Math.round(rate).toLocaleString("en")} calls/s${ratio ? `, ${formatRatio(ratio)} cgo` : ""}`;
  return { aim, measured, met: rate >= 85_000 || asMany };
}

/** Looks for a step between neighbouring sizes at which a call costs more than its bytes explain. */
function noCliff(rows: readonly RowResult[], direction: "in" | "out"): Aim {
  const aim = `W4, ${direction}: no cliff (no step costs more than ${CLIFF} × its bytes)`;
  const sizes = find(rows, OURS, "W4")
    .filter(({ key }) => key.startsWith(direction))
    .sort((a, b) => a.bytes - b.bytes);
  if (sizes.length < 2) return { aim, measured: NOT_MEASURED };
  const steps = sizes.slice(1).map((to, i) => {
    const from = sizes[i] as RowResult;
    return { from, to, factor: from.callsPerSecond / to.callsPerSecond / (to.bytes / from.bytes) };
  });
  const worst = steps.reduce((a, b) => (b.factor > a.factor ? b : a));
  const measured = `worst step ${worst.factor.toFixed(2)} ×, from ${worst.from.bytes} to ${worst.to.bytes} bytes`;
  return { aim, measured, met: worst.factor <= CLIFF };
}

/** What is handed over in place must not cost more the larger it is. */
function sameAtAnySize(rows: readonly RowResult[], way: LeaseWay): Aim {
  const aim = `W12, ${way}: calls/s independent of size (8 MiB ≥ 0.8 × 64 KiB)`;
  const [small, large] = [LEASE_BYTES[0], LEASE_BYTES.at(-1)].map((bytes) =>
    find(rows, OURS, "W12").find(({ key }) => key === `${way} ${bytes}`),
  );
  const ratio = small && large && pairedRatio(large.rounds.callsPerSecond, small.rounds.callsPerSecond);
  return atLeast(aim, ratio, 0.8);
}

function coldStart(rows: readonly RowResult[]): Aim {
  const aim = "W5: first answer ≤ 40 ms after import";
  const start = find(rows, OURS, "W5")[0]?.start;
  if (!start) return { aim, measured: NOT_MEASURED };
  const { importMs, openMs, firstAnswerMs } = start;
  const after = openMs + firstAnswerMs;
  return { aim, measured: `${after.toFixed(1)} ms, and ${importMs.toFixed(1)} ms for the import`, met: after <= 40 };
}

function mix(rows: readonly RowResult[]): Aim {
  const { p99Ns, aloneP99Ns } = find(rows, OURS, "W6").find(({ key }) => key === "mix")?.rounds ?? {};
  const ratio = p99Ns && aloneP99Ns && pairedRatio(p99Ns, aloneP99Ns);
  return atMost("W6, mix: p99 of the quick calls ≤ 2 × that of quick calls alone", ratio, 2);
}

/** Entries a second of a queue, or items of a stream. */
function moves(
  rows: readonly RowResult[],
  aim: string,
  contender: string,
  key: string,
  bound: number,
  workload: Cell["workload"] = "W8",
): Aim {
  const rate = find(rows, contender, workload).find((row) => row.key === key)?.callsPerSecond;
  if (rate === undefined) return { aim, measured: NOT_MEASURED };
  return { aim, measured: `${digits(rate / 1e6)} M/s`, met: rate >= bound };
}

function find(rows: readonly RowResult[], contender: string, workload: Cell["workload"]): RowResult[] {
  return rows.filter((row) => row.contender === contender && row.workload === workload);
}
