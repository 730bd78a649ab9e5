import { formatRatio } from "../../aims.js";
import type { WorkloadId } from "../../contender.js";
import type { Results, RowResult } from "../../results.js";
import { TITLES } from "../../workloads.js";
import { digits, duration, rate } from "../format.js";
import { ratioOf, referenceOf } from "./compare.js";
import { type Source, titleOf } from "./figure.js";
import { element, escapeHtml, table } from "./text.js";

/** What a workload counts, where that is not calls. */
const COUNTED: Readonly<Record<string, readonly [rates: string, costs: string]>> = {
  W8: ["entries/s", "CPU an entry"],
  W10: ["items/s", "CPU an item"],
};

/** All workloads of a run, in the order in which they were measured. */
export function workloadsOf({ rows }: Results): string[] {
  return [...new Set(rows.map(({ workload }) => workload as string))];
}

/** What a workload asks, also of one that is newer than this report. */
export function workloadTitle(workload: string): string {
  const title = TITLES[workload as WorkloadId] as string | undefined;
  return title === undefined ? workload : `${workload}: ${title}`;
}

/** Every number of a workload, cell by cell, with its ratio to the reference of the cell. */
export function workloadTable(source: Source, workload: string): string {
  const rows = source.results.rows.filter((row) => row.workload === workload);
  const latency = rows.some(({ latencyNs }) => latencyNs);
  const keys = [...new Set(rows.map(({ key }) => key))];
  const [rates, costs] = COUNTED[workload] ?? ["calls/s", "CPU a call"];
  const head = [
    "contender",
    "cell",
    "in flight",
    rates,
    "× reference",
    costs,
    "× reference",
    ...(latency ? ["p50", "p90", "p99", "p99.9", "max"] : []),
  ];
  const lines = keys.flatMap((key) => {
    const cell = rows.filter((row) => row.key === key);
    return cell.map((row) => line(source, row, cell, latency));
  });
  return table(head, lines);
}

/** The same behind a fold, below the plots that show it. */
export function foldedTables(source: Source, workloads: readonly string[]): string {
  return workloads
    .map((workload) => {
      const summary = element("summary", escapeHtml(`All numbers of ${workloadTitle(workload)}`));
      return element("details", summary + workloadTable(source, workload));
    })
    .join("\n");
}

function line(source: Source, row: RowResult, cell: readonly RowResult[], latency: boolean): string[] {
  const reference = referenceOf(cell);
  const against = (measure: "callsPerSecond" | "cpuPerCallUs"): string => {
    if (reference === undefined) return "";
    if (reference === row.contender) return "1";
    const ratio = ratioOf(row, reference, cell, measure);
    return ratio ? formatRatio(ratio) : "";
  };
  const l = row.latencyNs;
  return [
    titleOf(source, row.contender),
    row.key,
    `${row.inFlight}`,
    rate(row.callsPerSecond),
    against("callsPerSecond"),
    `${digits(row.cpuPerCallUs)} µs`,
    against("cpuPerCallUs"),
    ...(latency ? (l ? [l.p50, l.p90, l.p99, l.p999, l.max].map(duration) : ["", "", "", "", ""]) : []),
  ];
}
