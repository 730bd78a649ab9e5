import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { duration } from "../../format.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { tickDuration } from "../ticks.js";

/** Libuv counts milliseconds: a delay below one is not told from none. */
const TOLD_NS_MIN = 1e6;

/** W7: how late the event loop is for whoever else needs it. */
export function loopFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload, loopDelayNs }) => workload === "W7" && loopDelayNs);
  if (rows.length === 0) return undefined;
  const settings = [...new Set(rows.map(({ inFlight }) => inFlight))].sort((a, b) => b - a);
  return {
    id: "loop",
    title: "Delay of the event loop",
    caption: loopCaption(
      source,
      rows.filter(({ inFlight }) => inFlight === settings[0]),
    ),
    reading:
      "Filled marks are the 99th percentile of the delay, where a delay below 1 ms stands at 1 ms: it is not told from none. Hollow ones are the mean turn of the loop.",
    panels: settings.map((inFlight) =>
      panel(
        source,
        rows.filter((row) => row.inFlight === inFlight),
      ),
    ),
    height: 0,
  };
}

function panel({ series }: Source, cell: readonly RowResult[]): Panel {
  const heading = `${cell[0]?.inFlight.toLocaleString("en")} in flight: less is better`;
  const rows = cell
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      if (!one || !row.loopDelayNs) return [];
      const { p99, turnMean: hollow } = row.loopDelayNs;
      const value = Math.max(p99, TOLD_NS_MIN);
      const interval = [Math.min(value, hollow), Math.max(value, hollow)] as const;
      return [{ series: one, value, hollow, interval, words: `${delay(p99)}, turn ${duration(hollow)}` }];
    })
    .sort((a, b) => a.value - b.value);
  const domain = logDomain(rows.flatMap(({ value, hollow = value }) => [value, hollow]));
  const axis = { label: "delay, and length of a turn (µs, ms)", domain, ticks: logTicks(domain), format: tickDuration };
  return { heading, draw: (frame) => dotPlot(`Delay of the event loop, ${heading}.`, rows, axis, frame) };
}

function loopCaption(source: Source, cell: readonly RowResult[]): string {
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const reference = cell.find(({ contender }) => contender === referenceOf(cell));
  const at = `With ${subject.inFlight.toLocaleString("en")} in flight`;
  const own = `${at} “${titleOf(source, subject.contender)}” delays 99 of 100 timers by ${late(subject)}`;
  const ratio = reference && reference !== subject && ratioOf(subject, reference.contender, cell, "callsPerSecond");
  if (!ratio) return `${own}; what it would be compared with did not run.`;
  return `${own}, against ${late(reference)} by “${titleOf(source, reference.contender)}”, while it makes ${formatRatio(ratio)} its calls${doubts(ratio)}`;
}

function late({ loopDelayNs }: RowResult): string {
  const ns = loopDelayNs?.p99 ?? Number.NaN;
  return ns < TOLD_NS_MIN ? "less than 1 ms" : `${duration(ns)} or less`;
}

function delay(ns: number): string {
  return ns < TOLD_NS_MIN ? "under 1 ms" : duration(ns);
}
