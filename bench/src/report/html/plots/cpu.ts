import { formatRatio } from "../../../aims.js";
import type { Results, RowResult } from "../../../results.js";
import { digits } from "../../format.js";
import { busiestCell, throughputRows } from "../cells.js";
import { againstReference, doubts, subjectOf } from "../compare.js";
import { type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import { short } from "../ticks.js";

const TITLE = "CPU time a call";

/** W3: what a call costs both sides, with one call in flight and with many. */
export function cpuFigure(source: Source): Figure | undefined {
  const busiest = busiestCell(source.results);
  if (busiest.length === 0) return undefined;
  const single = singleCell(source.results);
  const settings = single[0]?.inFlight === busiest[0]?.inFlight ? [busiest] : [busiest, single];
  const domain = logDomain(settings.flat().flatMap(({ cpuPerCallUs }) => cpuPerCallUs));
  return {
    id: "cpu",
    title: TITLE,
    caption: cpuCaption(source, busiest),
    reading: "Filled marks are both sides together; hollow ones the part of Node’s own process, where Go has another.",
    panels: settings.map((cell) => panel(source, cell, domain)),
    height: 0,
  };
}

function panel({ series }: Source, cell: readonly RowResult[], domain: [number, number]): Panel {
  const heading = `${cell[0]?.inFlight.toLocaleString("en")} in flight`;
  const rows = cell
    .toSorted((a, b) => a.cpuPerCallUs - b.cpuPerCallUs)
    .flatMap((row): DotRow[] => {
      const one = series.get(row.contender);
      if (!one) return [];
      const { cpuPerCallUs: value, cpuPerCallChildUs: child } = row;
      const words = `${digits(value)} µs`;
      if (child === 0) return [{ series: one, value, words }];
      const node = Math.max(value - child, domain[0]);
      return [{ series: one, value, words, hollow: node, interval: [node, value] }];
    });
  const low = Math.min(domain[0], ...rows.flatMap(({ hollow }) => (hollow === undefined ? [] : hollow / 1.1)));
  const shown: [number, number] = [low, domain[1]];
  const axis = { label: "CPU time a call, µs", domain: shown, ticks: logTicks(shown), format: short };
  return { heading, draw: (frame) => dotPlot(`${TITLE}, ${heading}.`, rows, axis, frame) };
}

function cpuCaption(source: Source, cell: readonly RowResult[]): string {
  const at = `With ${cell[0]?.inFlight.toLocaleString("en")} in flight`;
  const best = cell.toSorted((a, b) => a.cpuPerCallUs - b.cpuPerCallUs)[0] as RowResult;
  const subject = cell.find(({ contender }) => contender === subjectOf(cell)) ?? best;
  const against = againstReference(subject, cell, "cpuPerCallUs");
  const name = `“${titleOf(source, subject.contender)}”`;
  if (against === undefined) {
    return `${at} a call by ${name} costs ${digits(subject.cpuPerCallUs)} µs of CPU time; what it would be compared with did not run.`;
  }
  const { reference, ratio } = against;
  const least =
    best === subject
      ? "the least of all"
      : `against a least of ${digits(best.cpuPerCallUs)} µs by “${titleOf(source, best.contender)}”`;
  const own = `${digits(subject.cpuPerCallUs)} µs, ${least}`;
  return `${at} a call by ${name} costs ${formatRatio(ratio)} the CPU time of one by “${titleOf(source, reference)}”, both sides together (${own})${doubts(ratio)}`;
}

function singleCell(results: Results): RowResult[] {
  const rows = throughputRows(results);
  const fewest = Math.min(...rows.map(({ inFlight }) => inFlight));
  return rows.filter(({ inFlight }) => inFlight === fewest);
}
