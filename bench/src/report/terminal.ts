import type { Aim } from "../aims.js";
import { formatRatio } from "../aims.js";
import type { WorkloadId } from "../contender.js";
import { describeMachine } from "../machine.js";
import { compare, type Results, type RowResult } from "../results.js";
import { TITLES } from "../workloads.js";
import { costNotes, costTable } from "./cost-table.js";
import { digits, duration, rate, size } from "./format.js";
import { OWN_TABLES } from "./own-tables.js";
import { REFERENCE } from "./reference.js";
import { newTable } from "./table.js";

/** The whole report as text for a terminal. */
export function terminalReport(results: Results): string {
  const { machine, failures, micro, rows, aims } = results;
  const parts = [describeMachine(machine), microLine(micro)];
  for (const workload of Object.keys(TITLES) as WorkloadId[]) {
    const some = rows.filter((row) => row.workload === workload);
    if (some.length > 0) parts.push(`${workload}: ${TITLES[workload]}\n${workloadTable(results, workload)}`);
  }
  const costs = costTable(
    results.contenders.flatMap(({ id, title }) =>
      rows.filter((row) => row.contender === id).map((row) => [title, row]),
    ),
  );
  if (costs) parts.push(`Beside the clock\n${costs}\n${costNotes(results)}`);
  if (aims.some(({ met }) => met !== undefined)) parts.push(`Aims\n${aimTable(aims)}`);
  if (failures.length > 0) {
    parts.push(["Not measured:", ...failures.map(({ contender, reason }) => `  ${contender}: ${reason}`)].join("\n"));
  }
  return parts.join("\n\n");
}

function microLine(micro: Results["micro"]): string {
  const costs = micro.map(({ name, nanoseconds }) => `${name} ${duration(nanoseconds)}`);
  return `The floor, without any contender: ${costs.join(", ")}.`;
}

function workloadTable(results: Results, workload: WorkloadId): string {
  if (workload === "W4") return payloadTable(results);
  const own = OWN_TABLES[workload];
  if (own) return own(ordered(results, workload), results.rows);
  const latency = workload === "W2";
  const table = newTable([
    "contender",
    "in flight",
    "calls/s",
    "CPU a call",
    ...(latency ? ["p50", "p90", "p99", "p99.9", "max"] : []),
    latency ? "p50 against cgo" : "calls/s against cgo",
    "CPU against cgo",
  ]);
  for (const [contender, row] of ordered(results, workload)) {
    const against = (measure: "callsPerSecond" | "p50Ns" | "cpuPerCallUs"): string => {
      if (row.contender === REFERENCE) return "1";
      const ratio = compare(results.rows, workload, row.key, measure, row.contender, REFERENCE);
      return ratio ? formatRatio(ratio) : "";
    };
    const l = row.latencyNs;
    table.push([
      contender,
      row.inFlight,
      rate(row.callsPerSecond),
      `${digits(row.cpuPerCallUs)} µs`,
      ...(latency ? (l ? [l.p50, l.p90, l.p99, l.p999, l.max].map(duration) : ["", "", "", "", ""]) : []),
      against(latency ? "p50Ns" : "callsPerSecond"),
      against("cpuPerCallUs"),
    ]);
  }
  return table.toString();
}

/** Sizes across, contenders down: calls a second, and the bytes that they carry. */
function payloadTable(results: Results): string {
  const rows = results.rows.filter((row) => row.workload === "W4");
  const directions = [...new Set(rows.map(({ key }) => key.split(" ")[0] as string))];
  return directions
    .map((direction) => {
      const mine = rows.filter(({ key }) => key.startsWith(`${direction} `));
      const sizes = [...new Set(mine.map(({ bytes }) => bytes))];
      const table = newTable([direction, ...sizes.map(size)]);
      for (const { id, title } of results.contenders) {
        const cells = sizes.map((bytes) => mine.find((row) => row.contender === id && row.bytes === bytes));
        if (cells.some(Boolean)) table.push([title, ...cells.map((row) => (row ? carried(row) : ""))]);
      }
      return table.toString();
    })
    .join("\n");
}

function carried(row: RowResult): string {
  return `${rate(row.callsPerSecond)}\n${digits((row.callsPerSecond * row.bytes) / 2 ** 30)} GiB/s`;
}

function aimTable(aims: readonly Aim[]): string {
  const table = newTable(["aim", "measured", ""]);
  for (const { aim, measured, met } of aims.filter((one) => one.met !== undefined))
    table.push([aim, measured, met ? "met" : "NOT met"]);
  return table.toString();
}

/** The rows of a workload, cell by cell, each with its contender's title. */
function ordered(results: Results, workload: WorkloadId): [string, RowResult][] {
  const rows = results.rows.filter((row) => row.workload === workload);
  return [...new Set(rows.map(({ key }) => key))].flatMap((key) =>
    results.contenders.flatMap(({ id, title }) =>
      rows.filter((row) => row.key === key && row.contender === id).map((row): [string, RowResult] => [title, row]),
    ),
  );
}
