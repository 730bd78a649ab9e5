import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { digits, rate } from "../../format.js";
import { againstReference, doubts, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { short, tickRate } from "../ticks.js";

/** How long W1's handler sleeps, in seconds: no contender can make more calls than `inFlight` in this time. */
const SLEEP_S = 0.01;

/** W1: handlers that wait. How near a contender comes to what the sleep allows, and what that costs. */
export function sleepersFigure(source: Source): Figure | undefined {
  const all = source.results.rows.filter(({ workload }) => workload === "W1");
  const cell = all.filter(({ key }) => key === all[0]?.key);
  const first = cell[0];
  if (!first) return undefined;
  const bound = first.inFlight / SLEEP_S;
  return {
    id: "sleepers",
    title: `Handlers that sleep 10 ms, ${first.inFlight.toLocaleString("en")} calls in flight`,
    caption: sleepersCaption(source, cell, bound),
    reading: `The dashed line is what the sleep itself allows: ${bound.toLocaleString("en")} calls per second.`,
    panels: [
      panel(source, cell, {
        heading: "Calls per second: more is better",
        label: "calls per second",
        value: ({ callsPerSecond }) => callsPerSecond,
        words: (value) => `${rate(value)}, ${((100 * value) / bound).toFixed(0)} % of the bound`,
        format: tickRate,
        rule: bound,
        best: "most",
      }),
      panel(source, cell, {
        heading: "CPU time a call: less is better",
        label: "CPU time a call, µs, both sides",
        value: ({ cpuPerCallUs }) => cpuPerCallUs,
        words: (value) => `${digits(value)} µs`,
        format: short,
        best: "least",
      }),
    ],
    height: 0,
  };
}

interface Side {
  readonly heading: string;
  readonly label: string;
  readonly value: (row: RowResult) => number;
  readonly words: (value: number) => string;
  readonly format: (tick: number) => string;
  readonly rule?: number;
  readonly best: "most" | "least";
}

function panel({ series }: Source, cell: readonly RowResult[], side: Side): Panel {
  const { heading, label, value, words, format, rule, best } = side;
  const rows = cell
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      return one ? [{ series: one, value: value(row), words: words(value(row)) }] : [];
    })
    .sort((a, b) => (best === "most" ? b.value - a.value : a.value - b.value));
  const domain = logDomain([...rows.map((row) => row.value), ...(rule === undefined ? [] : [rule])]);
  const axis = { label, domain, ticks: logTicks(domain), format, ...(rule === undefined ? {} : { rule }) };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, rows, axis, frame) };
}

function sleepersCaption(source: Source, cell: readonly RowResult[], bound: number): string {
  const first = cell[0] as RowResult;
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? first;
  const name = `“${titleOf(source, subject.contender)}”`;
  const share = `${((100 * subject.callsPerSecond) / bound).toFixed(0)} % of what the sleep allows`;
  const calls = againstReference(subject, cell, "callsPerSecond");
  const cpu = againstReference(subject, cell, "cpuPerCallUs");
  if (calls === undefined || cpu === undefined) {
    return `${name} makes ${share}; what it would be compared with did not run.`;
  }
  return `${name} makes ${formatRatio(calls.ratio)} the calls of “${titleOf(source, calls.reference)}”, ${share}, for ${formatRatio(cpu.ratio)} its CPU time a call${doubts(calls.ratio, cpu.ratio)}`;
}
