import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { FLOWS, type Flow } from "../../../streams.js";
import { duration, rate } from "../../format.js";
import { FLOWED } from "../../reference.js";
import { againstReference, doubts, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { capital } from "../text.js";
import { tickDuration, tickRate } from "../ticks.js";

interface FlowCell {
  readonly flow: Flow;
  readonly cell: readonly RowResult[];
}

/** W10: items of a stream, by where they go, and how long the first one takes. */
export function streamsFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload }) => workload === "W10");
  if (rows.length === 0) return undefined;
  const cells = FLOWS.flatMap((flow): FlowCell[] => {
    const cell = rows.filter(({ key }) => key === flow);
    return cell.length > 0 ? [{ flow, cell }] : [];
  });
  return {
    id: "streams",
    title: "Streams",
    caption: streamsCaption(source, cells),
    reading:
      "One stream of a number and a double an item, read by a for-await loop whoever carries it; what goes to Go comes from an async generator. The first item is that of a stream of 300, from the call until the loop has it.",
    panels: cells.map((one) => panel(source, one)),
    height: 0,
  };
}

function panel({ series }: Source, { flow, cell }: FlowCell): Panel {
  const first = flow === "first";
  const heading = capital(`${FLOWED[flow]}: ${first ? "less" : "more"} is better`);
  const value = (row: RowResult): number => (first ? (row.latencyNs?.p50 ?? 0) : row.callsPerSecond);
  const words = ({ callsPerSecond, latencyNs }: RowResult): string =>
    first ? duration(latencyNs?.p50 ?? 0) : `${rate(callsPerSecond)}/s, ${duration(1e9 / callsPerSecond)} each`;
  const dots = cell
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      return one ? [{ series: one, value: value(row), words: words(row) }] : [];
    })
    .sort((a, b) => (first ? a.value - b.value : b.value - a.value));
  const domain = logDomain(dots.map((dot) => dot.value));
  const label = first ? "median time to the first item, ns, µs, ms" : "items per second";
  const axis = { label, domain, ticks: logTicks(domain), format: first ? tickDuration : tickRate };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, dots, axis, frame) };
}

function streamsCaption(source: Source, cells: readonly FlowCell[]): string {
  const { flow, cell } = cells[0] as FlowCell;
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const first = flow === "first";
  const brings = first
    ? `brings the first item after ${duration(subject.latencyNs?.p50 ?? 0)}`
    : `moves ${rate(subject.callsPerSecond)} items a second ${FLOWED[flow]}`;
  const own = `“${titleOf(source, subject.contender)}” ${brings}`;
  const against = againstReference(subject, cell, first ? "p50Ns" : "callsPerSecond");
  if (against === undefined) return `${own}; what it would be compared with did not run.`;
  const { reference, ratio } = against;
  const those = first ? "the time" : "those";
  return `${own}, ${formatRatio(ratio)} ${those} of “${titleOf(source, reference)}”${doubts(ratio)}`;
}
