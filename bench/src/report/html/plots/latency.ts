import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { digits, duration } from "../../format.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type Figure, type Source, titleOf } from "../figure.js";
import { type Line, linePlot } from "../lines.js";
import { type LogAxis, logDomain, logTicks } from "../scale.js";
import { tickDuration } from "../ticks.js";

const TITLE = "Latency of one call at a time";

/** Below it lies nothing that a reader asks for, and all marks on top of each other. */
const PERCENTILE_MIN = 25;
const PERCENTILE_MAX = 99.99;
/** Where the longest latency of all stands: one step behind the last percentile. */
const MAX_AT = 1e5;
const PERCENTILE_TICKS = [50, 90, 99, 99.9, 99.99];

/** W2: the whole distribution, on an axis on which every nine of the percentile has the same room. */
export function latencyFigure(source: Source): Figure | undefined {
  const { results, series } = source;
  const rows = results.rows.filter(({ workload, latencyNs }) => workload === "W2" && latencyNs);
  const cell = rows.filter(({ key }) => key === rows[0]?.key);
  const lines = [...series.values()].flatMap((one): Line[] => {
    const row = cell.find(({ contender }) => contender === one.id);
    if (!row) return [];
    const points = distribution(row).map(({ x, ns, name }) => ({
      x,
      y: ns,
      title: `${one.title}: ${name} ${duration(ns)}`,
    }));
    return [{ series: one, points }];
  });
  if (lines.length === 0) return undefined;
  const caption = latencyCaption(source, cell);
  const yDomain = logDomain(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const x: LogAxis = {
    label: "percentile of calls",
    domain: [nines(PERCENTILE_MIN), MAX_AT],
    ticks: [...PERCENTILE_TICKS.map(nines), MAX_AT],
    format: (value) => (value === MAX_AT ? "max" : `p${Number((100 - 100 / value).toFixed(2))}`),
  };
  const y: LogAxis = { label: "latency (ns, µs, ms)", domain: yDomain, ticks: logTicks(yDomain), format: tickDuration };
  return {
    id: "latency",
    title: TITLE,
    caption,
    reading: "A point (p99, 10 µs) says: 99 of 100 calls took 10 µs or less. The longest of all calls stands at max.",
    panels: [{ draw: (frame) => linePlot(`${TITLE}. ${caption}`, lines, x, y, frame) }],
    legend: lines.map(({ series }) => series),
    height: 460,
  };
}

function latencyCaption(source: Source, cell: readonly RowResult[]): string {
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const reference = cell.find(({ contender }) => contender === referenceOf(cell));
  const ratio = reference && reference !== subject && ratioOf(subject, reference.contender, cell, "p50Ns");
  const name = `“${titleOf(source, subject.contender)}”`;
  const p99 = subject.latencyNs?.p99 ?? Number.NaN;
  const theirP99 = reference?.latencyNs?.p99 ?? Number.NaN;
  if (!ratio) {
    const p50 = subject.latencyNs?.p50 ?? Number.NaN;
    return `Half of the calls by ${name} take ${duration(p50)} or less, 99 of 100 take ${duration(p99)}; what it would be compared with did not run.`;
  }
  const tail = `${digits(p99 / theirP99)} × the time of one by “${titleOf(source, reference.contender)}” (${duration(p99)} against ${duration(theirP99)})`;
  return `At p99 a call by ${name} takes ${tail}, and at the median ${formatRatio(ratio)}${doubts(ratio)}`;
}

/** The points of a row's distribution that its number of calls can support, and the longest call. */
function distribution({ latencyNs, rounds }: RowResult): { x: number; ns: number; name: string }[] {
  if (!latencyNs) return [];
  const { p50, p90, p99, p999, max, curve } = latencyNs;
  const calls = rounds.calls.reduce((sum, count) => sum + count, 0);
  const known =
    curve ??
    ([
      [50, p50],
      [90, p90],
      [99, p99],
      [99.9, p999],
    ] as const);
  return [
    ...known
      .filter(
        ([percentile]) => percentile >= PERCENTILE_MIN && percentile <= PERCENTILE_MAX && nines(percentile) <= calls,
      )
      .map(([percentile, ns]) => ({ x: nines(percentile), ns, name: `p${percentile}` })),
    { x: MAX_AT, ns: max, name: "max" },
  ];
}

/** One call in how many is slower: 2 at the median, 100 at p99. */
function nines(percentile: number): number {
  return 100 / (100 - percentile);
}
