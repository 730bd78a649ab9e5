import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { median } from "../../../statistics.js";
import { digits } from "../../format.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { short } from "../ticks.js";

const TITLE = "Cold start to the first answer";

/** W5: how long a new process takes until its first answer, and how much of it is the import. */
export function startsFigure(source: Source): Figure | undefined {
  const cell = source.results.rows.filter(({ workload, start }) => workload === "W5" && start);
  if (cell.length === 0) return undefined;
  const rows = cell
    .toSorted((a, b) => togetherMs(a) - togetherMs(b))
    .flatMap((row): DotRow[] => {
      const series = source.series.get(row.contender);
      if (!series || !row.start) return [];
      const { importMs, openMs, firstAnswerMs } = row.start;
      const value = togetherMs(row);
      const words = `${digits(value)} ms: ${[importMs, openMs, firstAnswerMs].map(digits).join(" + ")}`;
      return [{ series, value, words, hollow: importMs, interval: [importMs, value] }];
    });
  const domain = logDomain(rows.flatMap(({ value, hollow = value }) => [value, hollow]));
  const axis = { label: "time since the first line, ms", domain, ticks: logTicks(domain), format: short };
  const nodeMs = median(cell.flatMap(({ start }) => start?.nodeMs ?? []));
  return {
    id: "starts",
    title: TITLE,
    caption: startsCaption(source, cell),
    reading: `Filled marks are import, opening and first answer together, hollow ones the import alone; the numbers are the sum and its three parts. Node itself took some ${digits(nodeMs)} ms before, which is in none of them.`,
    panels: [{ draw: (frame) => dotPlot(`${TITLE}.`, rows, axis, frame) }],
    height: 0,
  };
}

function startsCaption(source: Source, cell: readonly RowResult[]): string {
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? (cell[0] as RowResult);
  const { importMs = 0, openMs = 0, firstAnswerMs = 0 } = subject.start ?? {};
  const own = `“${titleOf(source, subject.contender)}” has its first answer ${digits(togetherMs(subject))} ms after the first line: ${digits(importMs)} ms for the import, ${digits(openMs)} ms to open and ${digits(firstAnswerMs)} ms for the call`;
  const reference = cell.find(({ contender }) => contender === referenceOf(cell));
  // Calls a second are one by the time: whose are fewer takes longer.
  const ratio = reference && reference !== subject && ratioOf(reference, subject.contender, cell, "callsPerSecond");
  if (!ratio) return `${own}; what it would be compared with did not run.`;
  return `${own}. That is ${formatRatio(ratio)} the time of “${titleOf(source, reference.contender)}”${doubts(ratio)}`;
}

function togetherMs({ callsPerSecond }: RowResult): number {
  return 1000 / callsPerSecond;
}
