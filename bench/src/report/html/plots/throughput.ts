import { formatRatio } from "../../../aims.js";
import type { Results, RowResult } from "../../../results.js";
import { rate } from "../../format.js";
import { busiestCell, throughputRows } from "../cells.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type Figure, type Source, titleOf } from "../figure.js";
import { type Line, linePlot } from "../lines.js";
import { type LogAxis, logDomain, logTicks } from "../scale.js";
import type { Frame } from "../svg.js";
import { enumerate } from "../text.js";
import { tickRate } from "../ticks.js";

const TITLE = "Throughput by calls in flight";

/** W3: how many calls a second, by how many are in flight. */
export function throughputFigure(source: Source): Figure | undefined {
  const lines = throughputLines(source);
  if (lines.length === 0) return undefined;
  return {
    id: "throughput",
    title: TITLE,
    caption: throughputCaption(source),
    panels: [{ draw: (frame) => drawThroughput(source, frame) }],
    legend: lines.map(({ series }) => series),
    height: 460,
  };
}

export function hasThroughput(results: Results): boolean {
  return throughputRows(results).length > 0;
}

/** The drawing alone, of a run that has W3. */
export function drawThroughput(source: Source, frame: Frame): string {
  const lines = throughputLines(source);
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const yDomain = logDomain(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const x: LogAxis = {
    label: "calls in flight",
    domain: xs.length > 1 ? [xs[0] as number, xs.at(-1) as number] : logDomain(xs),
    ticks: xs,
    format: (value) => value.toLocaleString("en"),
  };
  const y: LogAxis = { label: "calls per second", domain: yDomain, ticks: logTicks(yDomain), format: tickRate };
  return linePlot(`${TITLE}. ${throughputCaption(source)}`, lines, x, y, frame);
}

/** With many calls in flight: ours against cgo, and against the slowest. */
export function throughputCaption(source: Source): string {
  const cell = busiestCell(source.results).toSorted((a, b) => b.callsPerSecond - a.callsPerSecond);
  const best = cell[0] as RowResult;
  const at = `At ${best.inFlight.toLocaleString("en")} in flight`;
  const subject = cell.find(({ contender }) => contender === subjectOf(cell));
  const others = new Set([referenceOf(cell), cell.at(-1)?.contender]);
  const compared = [...others].flatMap((id) => {
    if (!subject || id === undefined || id === subject.contender) return [];
    const ratio = ratioOf(subject, id, cell, "callsPerSecond");
    return ratio ? [{ ratio, words: `${formatRatio(ratio)} the calls of “${titleOf(source, id)}”` }] : [];
  });
  if (!subject || compared.length === 0) {
    const calls = `“${titleOf(source, best.contender)}” makes ${rate(best.callsPerSecond)} calls/s`;
    return `${at} ${calls}; what it would be compared with did not run.`;
  }
  return `${at} “${titleOf(source, subject.contender)}” makes ${enumerate(compared.map(({ words }) => words))}${doubts(...compared.map(({ ratio }) => ratio))}`;
}

function throughputLines({ results, series }: Source): Line[] {
  const rows = throughputRows(results);
  return [...series.values()].flatMap((one) => {
    const mine = rows.filter(({ contender }) => contender === one.id).sort((a, b) => a.inFlight - b.inFlight);
    if (mine.length === 0) return [];
    const points = mine.map((row) => ({
      x: row.inFlight,
      y: row.callsPerSecond,
      title: `${one.title}: ${rate(row.callsPerSecond)} calls/s with ${row.inFlight} in flight`,
    }));
    return [{ series: one, points }];
  });
}
