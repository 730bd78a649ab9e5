import type { Aim } from "./aims.js";
import type { Contender } from "./contender.js";
import { mergeHistograms } from "./latency.js";
import type { Machine } from "./machine.js";
import type { Micro } from "./micro.js";
import type { Failure, Row } from "./rounds.js";
import { median, pairedRatio, type Ratio } from "./statistics.js";
import type { Cell } from "./workloads.js";

/** The schema of `bench/results/latest.json`, whose README documents it. Raised when a reader would be misled. */
export const RESULTS_VERSION = 1;

export interface Results {
  readonly version: typeof RESULTS_VERSION;
  readonly startedAt: string;
  readonly seconds: number;
  readonly effort: "quick" | "full";
  readonly seed: number;
  readonly machine: Machine;
  readonly contenders: readonly { readonly id: string; readonly title: string }[];
  readonly failures: readonly Failure[];
  readonly micro: readonly Micro[];
  readonly rows: readonly RowResult[];
  readonly aims: readonly Aim[];
}

/** One contender in one cell. Every number stands beside the rounds it was made from. */
export interface RowResult {
  readonly contender: string;
  readonly workload: Cell["workload"];
  readonly key: string;
  readonly call: Cell["call"];
  readonly inFlight: number;
  readonly bytes: number;
  readonly callsPerSecond: number;
  readonly cpuPerCallUs: number;
  readonly cpuPerCallChildUs: number;
  readonly latencyNs?: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
    /** Points of the whole distribution, for a plot: percentile and nanoseconds. */
    readonly curve?: readonly (readonly [number, number])[];
  };
  readonly rounds: {
    readonly calls: readonly number[];
    readonly callsPerSecond: readonly number[];
    readonly cpuPerCallUs: readonly number[];
    readonly p50Ns?: readonly number[];
  };
}

/** Sums up the rounds of a row: medians, and percentiles of all latencies together. */
export function summarize({ contender, cell, rounds }: Row): RowResult {
  const callsPerSecond = rounds.map((round) => round.callsPerSecond);
  const cpuPerCallUs = rounds.map((round) => round.cpuPerCall);
  const encoded = rounds.flatMap(({ latencies }) => latencies ?? []);
  const p50Ns = rounds.flatMap(({ p50 }) => p50 ?? []);
  return {
    contender,
    workload: cell.workload,
    key: cell.key,
    call: cell.call,
    inFlight: cell.inFlight,
    bytes: cell.bytes,
    callsPerSecond: median(callsPerSecond),
    cpuPerCallUs: median(cpuPerCallUs),
    cpuPerCallChildUs: median(rounds.map((round) => round.cpuPerCallChild)),
    ...(encoded.length > 0 ? { latencyNs: percentiles(encoded) } : {}),
    rounds: {
      calls: rounds.map((round) => round.calls),
      callsPerSecond,
      cpuPerCallUs,
      ...(p50Ns.length > 0 ? { p50Ns } : {}),
    },
  };
}

/** Denser towards the tail, where a distribution has its story. */
const CURVE_PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99] as const;

function percentiles(encoded: readonly string[]): NonNullable<RowResult["latencyNs"]> {
  const all = mergeHistograms(encoded);
  return {
    p50: all.getValueAtPercentile(50),
    p90: all.getValueAtPercentile(90),
    p99: all.getValueAtPercentile(99),
    p999: all.getValueAtPercentile(99.9),
    max: all.maxValue,
    curve: CURVE_PERCENTILES.map((percentile) => [percentile, all.getValueAtPercentile(percentile)]),
  };
}

/** What can be compared round by round. */
export type Measure = "callsPerSecond" | "cpuPerCallUs" | "p50Ns";

/** How much greater a measure is for one contender than for another, where both ran the cell. */
export function compare(
  rows: readonly RowResult[],
  workload: Cell["workload"],
  key: string,
  measure: Measure,
  ours: string,
  theirs: string,
): Ratio | undefined {
  const find = (contender: string): readonly number[] | undefined =>
    rows.find((row) => row.contender === contender && row.workload === workload && row.key === key)?.rounds[measure];
  const a = find(ours);
  const b = find(theirs);
  return a && b && a.length > 0 && a.length === b.length ? pairedRatio(a, b) : undefined;
}

export function titles(contenders: readonly Contender[]): Results["contenders"] {
  return contenders.map(({ id, title }) => ({ id, title }));
}
