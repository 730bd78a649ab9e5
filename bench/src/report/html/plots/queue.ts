import { formatRatio } from "../../../aims.js";
import { KINDS, type Kind } from "../../../queue/kinds.js";
import type { RowResult } from "../../../results.js";
import { digits, duration, rate } from "../../format.js";
import { MOVED } from "../../reference.js";
import { againstReference, doubts } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { capital } from "../text.js";
import { tickDuration, tickRate } from "../ticks.js";

/** Whom the caption is about: the queue that needs nothing native, or else the first that there is. */
const SUBJECT = "ring-threads";

/** W8: the queue alone, beside what else moves numbers between threads and processes. */
export function queueFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload }) => workload === "W8");
  if (rows.length === 0) return undefined;
  const cells = KINDS.flatMap((kind) => {
    const cell = rows.filter(({ key }) => key === kind);
    return cell.length > 0 ? [{ kind, cell }] : [];
  });
  return {
    id: "queue",
    title: "A queue alone",
    caption: queueCaption(source, cells),
    reading:
      "Each producer and consumer is alone in its thread or process. Where entries are moved, both ends of the rings spin; there and back, both sides of everything sleep.",
    panels: cells.map(({ kind, cell }) => panel(source, kind, cell)),
    height: 0,
  };
}

function panel({ series }: Source, kind: Kind, cell: readonly RowResult[]): Panel {
  const { title, unit } = MOVED[kind];
  const asleep = kind === "asleep";
  const heading = `${title}: ${asleep ? "less" : "more"} is better`;
  const value = (row: RowResult): number => (asleep ? (row.latencyNs?.p50 ?? 0) : row.callsPerSecond);
  const words = ({ callsPerSecond, latencyNs }: RowResult): string =>
    asleep ? duration(latencyNs?.p50 ?? 0) : `${rate(callsPerSecond)}, ${digits(1e9 / callsPerSecond)} ns`;
  const dots = cell
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      return one ? [{ series: one, value: value(row), words: words(row) }] : [];
    })
    .sort((a, b) => (asleep ? a.value - b.value : b.value - a.value));
  const domain = logDomain(dots.map((dot) => dot.value));
  const label = asleep ? "median time there and back, ns, µs, ms" : `${unit} per second`;
  const axis = { label, domain, ticks: logTicks(domain), format: asleep ? tickDuration : tickRate };
  return { heading: capital(heading), draw: (frame) => dotPlot(`${heading}.`, dots, axis, frame) };
}

function queueCaption(source: Source, cells: readonly { kind: Kind; cell: readonly RowResult[] }[]): string {
  const [{ kind, cell } = { kind: "one" as const, cell: [] as readonly RowResult[] }] = cells;
  const subject = cell.find(({ contender }) => contender === SUBJECT) ?? (cell[0] as RowResult);
  const { title, unit } = MOVED[kind];
  const own = `“${titleOf(source, subject.contender)}” moves ${rate(subject.callsPerSecond)} ${unit} a second (${title})`;
  const against = againstReference(subject, cell, "callsPerSecond");
  if (against === undefined) return `${own}; what it would be compared with did not run.`;
  const { reference, ratio } = against;
  return `${own}, ${formatRatio(ratio)} those of “${titleOf(source, reference)}”${doubts(ratio)}`;
}
