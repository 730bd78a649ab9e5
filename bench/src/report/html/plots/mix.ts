import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { pairedRatio, type Ratio } from "../../../statistics.js";
import { digits, duration, rate } from "../../format.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { tickDuration, tickRate } from "../ticks.js";

/** W6: handlers that work, and quick calls with long ones among them. */
export function mixFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload }) => workload === "W6");
  const busy = rows.filter(({ key }) => key === "busy");
  const mix = rows.filter(({ key, latencyNs, aloneLatencyNs }) => key === "mix" && latencyNs && aloneLatencyNs);
  const panels = [
    ...(busy.length > 0 ? [busyPanel(source, busy)] : []),
    ...(mix.length > 0 ? [mixPanel(source, mix)] : []),
  ];
  if (panels.length === 0) return undefined;
  return {
    id: "mix",
    title: "Handlers that work, and long calls among quick ones",
    caption: mixCaption(source, busy, mix),
    reading:
      "In the plot of p99 64 quick calls are in flight: filled marks with 1 % of calls of 5 ms beside them, hollow ones without. The ratio is of the two, round by round.",
    panels,
    height: 0,
  };
}

function busyPanel({ series }: Source, busy: readonly RowResult[]): Panel {
  const heading = "50 µs of work, 64 in flight: more is better";
  const rows = busy
    .toSorted((a, b) => b.callsPerSecond - a.callsPerSecond)
    .flatMap(({ contender, callsPerSecond: value }): DotRow[] => {
      const one = series.get(contender);
      return one ? [{ series: one, value, words: `${rate(value)} calls/s` }] : [];
    });
  const domain = logDomain(rows.map(({ value }) => value));
  const axis = { label: "calls per second", domain, ticks: logTicks(domain), format: tickRate };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, rows, axis, frame) };
}

function mixPanel({ series }: Source, mix: readonly RowResult[]): Panel {
  const heading = "p99 of quick calls: less is better";
  const rows = mix
    .toSorted((a, b) => p99(a) - p99(b))
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      if (!one) return [];
      const value = p99(row);
      const hollow = row.aloneLatencyNs?.p99 ?? value;
      const ratio = againstAlone(row);
      const words = `${duration(value)}${ratio ? `, ${digits(ratio.ratio)} × alone` : ""}`;
      return [{ series: one, value, words, hollow, interval: [Math.min(value, hollow), Math.max(value, hollow)] }];
    });
  const domain = logDomain(rows.flatMap(({ value, hollow = value }) => [value, hollow]));
  const axis = { label: "p99 of quick calls (ns, µs, ms)", domain, ticks: logTicks(domain), format: tickDuration };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, rows, axis, frame) };
}

function mixCaption(source: Source, busy: readonly RowResult[], mix: readonly RowResult[]): string {
  const all = [...busy, ...mix];
  const subject = subjectOf(all) ?? (all[0] as RowResult).contender;
  const reference = referenceOf(all);
  const [ours, working] = [mix, busy].map((cell) => cell.find(({ contender }) => contender === subject));
  const name = `“${titleOf(source, subject)}”`;
  const later = ours && againstAlone(ours);
  const told = later
    ? [`among long calls the p99 of its quick ones is ${formatRatio(later)} that of quick ones alone`]
    : [];
  const ratio =
    working && reference !== undefined && reference !== subject
      ? ratioOf(working, reference, busy, "callsPerSecond")
      : undefined;
  if (!ratio || reference === undefined) {
    const own = working ? [`it makes ${rate(working.callsPerSecond)} calls/s`] : [];
    return `${name}: with handlers of 50 µs ${[...own, ...told].join(", and ")}; what it would be compared with did not run.`;
  }
  const against = `it makes ${formatRatio(ratio)} the calls of “${titleOf(source, reference)}”`;
  return `${name}: with handlers of 50 µs ${[against, ...told].join(", and ")}${doubts(ratio, ...(later ? [later] : []))}`;
}

function againstAlone({ rounds: { p99Ns, aloneP99Ns } }: RowResult): Ratio | undefined {
  return p99Ns && aloneP99Ns && pairedRatio(p99Ns, aloneP99Ns);
}

function p99({ latencyNs }: RowResult): number {
  return latencyNs?.p99 ?? Number.NaN;
}
