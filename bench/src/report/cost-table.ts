import type { Results, RowResult } from "../results.js";
import { digits } from "./format.js";
import type { TitledRow } from "./own-tables.js";
import { newTable } from "./table.js";

const MIB = 1 << 20;

/** The cells that a reader of the terminal looks at; results.json has more. */
const SHOWN = ["W2 latency", "W3 1000", `W4 in ${MIB}`, `W4 out ${MIB}`];

/** Memory, garbage and system calls of the rows that were looked at more closely; nothing if none was. */
export function costTable(titled: readonly TitledRow[]): string | undefined {
  const observed = titled.filter(([, { observed, workload, key }]) => observed && SHOWN.includes(`${workload} ${key}`));
  if (observed.length === 0) return undefined;
  const table = newTable([
    "contender",
    "cell",
    "peak, Node",
    "peak, child",
    "V8 heap a call",
    "Go heap a call",
    "GCs a million calls, V8",
    "Go",
    "syscalls a call",
  ]);
  for (const [title, row] of observed) table.push([title, `${row.workload} ${row.key}`, ...costs(row)]);
  return table.toString();
}

function costs({ peakBytes, observed }: RowResult): string[] {
  if (!observed) return [];
  const { calls, nodeCollections, nodeHeapBytesPerCall, goCollections, goBytesPerCall, syscallsPerCall } = observed;
  const mib = (bytes: number | undefined): string => (bytes === undefined ? "" : `${digits(bytes / MIB)} MiB`);
  const perMillion = (count: number | undefined): string => (count === undefined ? "" : digits((count / calls) * 1e6));
  return [
    mib(peakBytes?.node),
    mib(peakBytes?.child),
    `${Math.round(nodeHeapBytesPerCall)} B`,
    goBytesPerCall === undefined ? "" : `${Math.round(goBytesPerCall)} B`,
    perMillion(nodeCollections),
    perMillion(goCollections),
    syscallsPerCall === undefined ? "" : digits(syscallsPerCall),
  ];
}

/** What the figures are, where this machine did not let them be what they should. */
export function costNotes({ syscalls, rows }: Results): string {
  const notes = ["Garbage and system calls of both sides, from a round that counts for nothing else."];
  if ("reason" in syscalls) notes.push(`System calls were not counted (${syscalls.reason}).`);
  if (rows.some(({ peakBytes }) => peakBytes && !peakBytes.ofRound))
    notes.push("Some peaks are those of the process's whole life: this kernel does not let them be reset.");
  return notes.join(" ");
}
