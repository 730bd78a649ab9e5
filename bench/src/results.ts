import type { Aim } from "./aims.js";
import type { ColdStart } from "./cold/start.js";
import type { Contender } from "./contender.js";
import type { LoopDelay } from "./loop-delay.js";
import type { Machine } from "./machine.js";
import type { Micro } from "./micro.js";
import type { Peak } from "./peak.js";
import type { Failure } from "./rounds.js";
import { pairedRatio, type Ratio } from "./statistics.js";
import type { Cell } from "./workloads.js";

/** The schema of `bench/results/latest.json`, whose README documents it. Raised when a reader would be misled. */
export const RESULTS_VERSION = 2;

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
  /** What counted system calls, or why nothing could. */
  readonly syscalls: { readonly tool: string } | { readonly reason: string };
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
  readonly latencyNs?: Percentiles;
  /** W6, mix: the quick calls without the long ones. */
  readonly aloneLatencyNs?: Percentiles;
  readonly loopDelayNs?: LoopDelay;
  readonly start?: ColdStart;
  readonly threads?: number;
  readonly peakBytes?: Peak;
  readonly observed?: ObservedResult;
  readonly rounds: {
    readonly calls: readonly number[];
    readonly callsPerSecond: readonly number[];
    readonly cpuPerCallUs: readonly number[];
    readonly p50Ns?: readonly number[];
    readonly p99Ns?: readonly number[];
    readonly aloneP99Ns?: readonly number[];
  };
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** Points of the whole distribution, for a plot: percentile and nanoseconds. */
  readonly curve?: readonly (readonly [number, number])[];
}

/** A round that is in no other number. */
export interface ObservedResult {
  readonly calls: number;
  readonly nodeCollections: number;
  readonly nodeCollectMs: number;
  readonly nodeHeapBytesPerCall: number;
  readonly goCollections?: number;
  readonly goBytesPerCall?: number;
  /** Of both sides. */
  readonly syscallsPerCall?: number;
}

/** What can be compared round by round. */
export type Measure = "callsPerSecond" | "cpuPerCallUs" | "p50Ns" | "p99Ns";

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
  // One of them may have made fewer rounds: the first ones.
  const common = Math.min(a?.length ?? 0, b?.length ?? 0);
  return a && b && common > 0 ? pairedRatio(a.slice(0, common), b.slice(0, common)) : undefined;
}

export function titles(contenders: readonly Contender[]): Results["contenders"] {
  return contenders.map(({ id, title }) => ({ id, title }));
}
