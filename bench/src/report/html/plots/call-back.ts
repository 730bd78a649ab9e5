import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { duration, rate } from "../../format.js";
import { againstReference, doubts, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { tickDuration, tickRate } from "../ticks.js";

/** W11: Go calls TypeScript. */
export function callBackFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload }) => workload === "W11");
  const counts = [...new Set(rows.map(({ inFlight }) => inFlight))].sort((a, b) => a - b);
  if (counts.length === 0) return undefined;
  const cells = counts.map((count) => rows.filter(({ inFlight }) => inFlight === count));
  return {
    id: "callback",
    title: "Calls from Go to TypeScript",
    caption: callBackCaption(source, cells.at(-1) as RowResult[]),
    reading: "So many goroutines call an async function of TypeScript, one call after another each. The clock is Go's.",
    panels: cells.map((cell) => panel(source, cell)),
    height: 0,
  };
}

function panel({ series }: Source, cell: readonly RowResult[]): Panel {
  const inFlight = inFlightOf(cell);
  const one = inFlight === 1;
  const heading = `${one ? "One at a time: less" : `${words(inFlight)} in flight: more`} is better`;
  const value = (row: RowResult): number => (one ? (row.latencyNs?.p50 ?? 0) : row.callsPerSecond);
  const dots = cell
    .flatMap((row): DotRow[] => {
      const look = series.get(row.contender);
      if (!look) return [];
      return [{ series: look, value: value(row), words: one ? duration(value(row)) : `${rate(value(row))} calls/s` }];
    })
    .sort((a, b) => (one ? a.value - b.value : b.value - a.value));
  const domain = logDomain(dots.map((dot) => dot.value));
  const label = one ? "median time of a call, ns, µs, ms" : "calls per second";
  const axis = { label, domain, ticks: logTicks(domain), format: one ? tickDuration : tickRate };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, dots, axis, frame) };
}

/** Of the cell with the most calls in flight. */
function callBackCaption(source: Source, cell: readonly RowResult[]): string {
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const at = `With ${words(inFlightOf(cell))} in flight Go makes ${rate(subject.callsPerSecond)} calls/s`;
  const own = `${at} by “${titleOf(source, subject.contender)}”`;
  const against = againstReference(subject, cell, "callsPerSecond");
  if (against === undefined) return `${own}; what it would be compared with did not run.`;
  const { reference, ratio } = against;
  return `${own}, ${formatRatio(ratio)} those by “${titleOf(source, reference)}”${doubts(ratio)}`;
}

function inFlightOf(cell: readonly RowResult[]): number {
  return cell[0]?.inFlight ?? 0;
}

function words(count: number): string {
  return count.toLocaleString("en");
}
