import type { RowResult } from "../../../results.js";
import { size } from "../../format.js";
import type { Panel, Source } from "../figure.js";
import { type Line, linePlot } from "../lines.js";
import { type LogAxis, logDomain, logTicks } from "../scale.js";
import { tickDuration } from "../ticks.js";

const SECOND_NS = 1e9;

/** The round's time by its calls. */
export function nsPerCall({ callsPerSecond }: RowResult): number {
  return SECOND_NS / callsPerSecond;
}

/** A panel of what a call costs by the size of what it carries, a line for each contender. */
export function sizePanel(
  { series }: Source,
  /** Of one direction, by size. */
  rows: readonly RowResult[],
  about: {
    readonly title: string;
    readonly heading: string;
    /** What the sizes are of. */
    readonly label: string;
    /** The sizes that have a number at the axis. */
    readonly ticks: (sizes: readonly number[]) => readonly number[];
    readonly yDomain: readonly [number, number];
    /** A row in words, for the pointer. */
    readonly words: (row: RowResult) => string;
  },
): Panel {
  const { title, heading, label, ticks, yDomain, words } = about;
  const sizes = [...new Set(rows.map(({ bytes }) => bytes))];
  const lines = [...series.values()].flatMap((one): Line[] => {
    const points = rows
      .filter(({ contender }) => contender === one.id)
      .map((row) => ({ x: row.bytes, y: nsPerCall(row), title: `${one.title}, ${size(row.bytes)}: ${words(row)}` }));
    return points.length > 0 ? [{ series: one, points }] : [];
  });
  const x: LogAxis = {
    label,
    domain: sizes.length > 1 ? [sizes[0] as number, sizes.at(-1) as number] : logDomain(sizes),
    ticks: ticks(sizes),
    format: size,
  };
  const y: LogAxis = {
    label: "time a call (ns, µs, ms)",
    domain: yDomain,
    ticks: logTicks(yDomain),
    format: tickDuration,
  };
  return { heading, draw: (frame) => linePlot(`${title}. ${heading}.`, lines, x, y, frame) };
}
