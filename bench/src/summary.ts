import type { Histogram } from "hdr-histogram-js";
import type { ColdStart } from "./cold/start.js";
import { mergeHistograms } from "./latency.js";
import type { LoopDelay } from "./loop-delay.js";
import type { Peak } from "./peak.js";
import type { ObservedResult, Percentiles, RowResult } from "./results.js";
import type { Observed, Row } from "./rounds.js";
import { median } from "./statistics.js";

/** Denser towards the tail, where a distribution has its story. */
const CURVE_PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99] as const;

/** Sums up the rounds of a row: medians, and percentiles of all latencies together. */
export function summarize({ contender, cell, rounds, observed }: Row): RowResult {
  const callsPerSecond = rounds.map((round) => round.callsPerSecond);
  const cpuPerCallUs = rounds.map((round) => round.cpuPerCall);
  const latencies = merged(rounds.map((round) => round.latencies));
  const alone = merged(rounds.map((round) => round.alone?.latencies));
  const delays = rounds.flatMap(({ loopDelay }) => loopDelay ?? []);
  const starts = rounds.flatMap(({ start }) => start ?? []);
  const peaks = rounds.flatMap(({ peak }) => peak ?? []);
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
    ...(latencies ? { latencyNs: percentiles(latencies) } : {}),
    ...(alone ? { aloneLatencyNs: percentiles(alone) } : {}),
    ...(delays.length > 0 ? { loopDelayNs: delayOf(delays) } : {}),
    ...(starts.length > 0 ? { start: startOf(starts) } : {}),
    ...(cell.threads === undefined ? {} : { threads: cell.threads }),
    ...(peaks.length > 0 ? { peakBytes: peakOf(peaks) } : {}),
    ...(observed ? { observed: observedOf(observed) } : {}),
    rounds: {
      calls: rounds.map((round) => round.calls),
      callsPerSecond,
      cpuPerCallUs,
      ...series(
        "p50Ns",
        rounds.map(({ p50 }) => p50),
      ),
      ...series(
        "p99Ns",
        rounds.map(({ p99 }) => p99),
      ),
      ...series(
        "aloneP99Ns",
        rounds.map(({ alone: quick }) => quick?.p99),
      ),
    },
  };
}

function series<Name extends string>(name: Name, values: readonly (number | undefined)[]) {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? ({ [name]: known } as Record<Name, number[]>) : {};
}

function merged(encoded: readonly (string | undefined)[]): Histogram | undefined {
  const known = encoded.filter((one) => one !== undefined);
  return known.length > 0 ? mergeHistograms(known) : undefined;
}

function percentiles(all: Histogram): Percentiles {
  return {
    p50: all.getValueAtPercentile(50),
    p90: all.getValueAtPercentile(90),
    p99: all.getValueAtPercentile(99),
    p999: all.getValueAtPercentile(99.9),
    max: all.maxValue,
    curve: CURVE_PERCENTILES.map((percentile) => [percentile, all.getValueAtPercentile(percentile)]),
  };
}

/** Medians of the rounds, but the longest delay of all. */
function delayOf(delays: readonly LoopDelay[]): LoopDelay {
  return {
    p50: median(delays.map(({ p50 }) => p50)),
    p99: median(delays.map(({ p99 }) => p99)),
    max: Math.max(...delays.map(({ max }) => max)),
    turnMean: median(delays.map(({ turnMean }) => turnMean)),
  };
}

function startOf(starts: readonly ColdStart[]): ColdStart {
  const middle = (phase: keyof ColdStart): number => median(starts.map((start) => start[phase]));
  return {
    nodeMs: middle("nodeMs"),
    importMs: middle("importMs"),
    openMs: middle("openMs"),
    firstAnswerMs: middle("firstAnswerMs"),
  };
}

function peakOf(peaks: readonly Peak[]): Peak {
  const children = peaks.flatMap(({ child }) => child ?? []);
  return {
    node: Math.max(...peaks.map(({ node }) => node)),
    ...(children.length > 0 ? { child: Math.max(...children) } : {}),
    ofRound: peaks.every(({ ofRound }) => ofRound),
  };
}

function observedOf({ calls, garbage: { node, go }, syscalls }: Observed): ObservedResult {
  return {
    calls,
    nodeCollections: node.collections,
    nodeCollectMs: node.collectMs,
    nodeHeapBytesPerCall: node.heapBytes / calls,
    ...(go ? { goCollections: go.collections, goBytesPerCall: go.allocatedBytes / calls } : {}),
    ...(syscalls === undefined ? {} : { syscallsPerCall: syscalls / calls }),
  };
}
