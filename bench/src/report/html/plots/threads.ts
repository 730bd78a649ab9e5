import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { pairedRatio, type Ratio } from "../../../statistics.js";
import { rate } from "../../format.js";
import { againstReference, doubts, subjectOf } from "../compare.js";
import { type Figure, type Source, titleOf } from "../figure.js";
import { type Line, linePlot } from "../lines.js";
import { type LogAxis, logDomain, logTicks } from "../scale.js";
import { tickRate } from "../ticks.js";

const TITLE = "Throughput by worker threads";

/** W9: what more threads of JavaScript bring, each with a client of its own. */
export function threadsFigure(source: Source): Figure | undefined {
  const { results, series } = source;
  const rows = results.rows.filter(({ workload, threads }) => workload === "W9" && threads);
  const lines = [...series.values()].flatMap((one): Line[] => {
    const points = rows
      .filter(({ contender }) => contender === one.id)
      .sort((a, b) => threadsOf(a) - threadsOf(b))
      .map((row) => ({
        x: threadsOf(row),
        y: row.callsPerSecond,
        title: `${one.title}: ${rate(row.callsPerSecond)} calls/s from ${row.threads} threads`,
      }));
    return points.length > 0 ? [{ series: one, points }] : [];
  });
  if (lines.length === 0) return undefined;
  const xs = [...new Set(rows.map(threadsOf))].sort((a, b) => a - b);
  const x: LogAxis = {
    label: "worker threads",
    domain: xs.length > 1 ? [xs[0] as number, xs.at(-1) as number] : logDomain(xs),
    ticks: xs,
    format: String,
  };
  const yDomain = logDomain(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const y: LogAxis = { label: "calls per second", domain: yDomain, ticks: logTicks(yDomain), format: tickRate };
  const caption = threadsCaption(source, rows);
  return {
    id: "threads",
    title: TITLE,
    caption,
    reading: "Each thread has a client of its own and 64 calls in flight; calls are those of all threads together.",
    panels: [{ draw: (frame) => linePlot(`${TITLE}. ${caption}`, lines, x, y, frame) }],
    legend: lines.map(({ series: one }) => one),
    height: 400,
  };
}

function threadsCaption(source: Source, rows: readonly RowResult[]): string {
  const most = Math.max(...rows.map(threadsOf));
  const cell = rows.filter((row) => threadsOf(row) === most);
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const many = most === 1 ? "1 thread" : `${most} threads`;
  const own = `From ${many} “${titleOf(source, subject.contender)}” makes ${rate(subject.callsPerSecond)} calls/s`;
  const scaling = most > 1 ? scalingOf(subject, rows) : undefined;
  const told = scaling ? `${own}, ${formatRatio(scaling)} those from one` : own;
  const against = againstReference(subject, cell, "callsPerSecond");
  if (against === undefined) return `${told}; what it would be compared with did not run.`;
  const { reference, ratio } = against;
  const those = `${formatRatio(ratio)} those of “${titleOf(source, reference)}”`;
  return `${told} and ${those}${doubts(...(scaling ? [scaling] : []), ratio)}`;
}

/** Against its own single thread. These rounds are of two cells: that they pair by chance makes the interval no narrower. */
function scalingOf({ contender, rounds }: RowResult, rows: readonly RowResult[]): Ratio | undefined {
  const single = rows.find((row) => row.contender === contender && row.threads === 1)?.rounds.callsPerSecond;
  return single?.length === rounds.callsPerSecond.length ? pairedRatio(rounds.callsPerSecond, single) : undefined;
}

function threadsOf({ threads }: RowResult): number {
  return threads ?? 1;
}
