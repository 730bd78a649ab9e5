import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BENCH } from "../build-steps/paths.js";
import { compare, type Measure, type Results, type RowResult } from "../results.js";
import { REFERENCE } from "./reference.js";

const MEASURES = ["callsPerSecond", "cpuPerCallUs", "p50Ns"] as const;

/** One run in one line of JSON, for `bench/results/history.jsonl`; bench/README.md says what is in it. */
export function historyLine(results: Results, revision: string | null): string {
  const { version, startedAt, seconds, effort, seed, machine, contenders, rows } = results;
  return JSON.stringify({
    version,
    startedAt,
    revision,
    seconds: round(seconds),
    effort,
    seed,
    machine,
    failed: contenders.map(({ id }) => id).filter((id) => !rows.some(({ contender }) => contender === id)),
    reference: REFERENCE,
    rows: rows.map((row) => historyRow(row, rows)),
  });
}

/** What git calls the sources that were measured; null where there is no git. */
export async function revision(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["describe", "--always", "--dirty"], { cwd: BENCH });
    return stdout.trim();
  } catch {
    return null;
  }
}

function historyRow(row: RowResult, rows: readonly RowResult[]) {
  const { contender, workload, key, callsPerSecond, cpuPerCallUs, latencyNs } = row;
  return {
    contender,
    workload,
    key,
    callsPerSecond: round(callsPerSecond),
    cpuPerCallUs: round(cpuPerCallUs),
    ...(latencyNs ? { p50Ns: latencyNs.p50, p99Ns: latencyNs.p99 } : {}),
    ratios: contender === REFERENCE ? {} : ratios(row, rows),
  };
}

/** Ratio, low and high end of its interval, for every measure that both have; null for an end that one round leaves open. */
function ratios({ contender, workload, key }: RowResult, rows: readonly RowResult[]) {
  const known = MEASURES.flatMap((measure: Measure) => {
    const ratio = compare(rows, workload, key, measure, contender, REFERENCE);
    return ratio ? [[measure, [ratio.ratio, ratio.low, ratio.high].map(round)] as const] : [];
  });
  return Object.fromEntries(known);
}

/** Four digits: more than a run can know. */
function round(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
