import { formatRatio } from "../../../aims.js";
import type { RowResult } from "../../../results.js";
import { digits, duration, size } from "../../format.js";
import { doubts, ratioOf, referenceOf, subjectOf } from "../compare.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain } from "../scale.js";
import { enumerate } from "../text.js";
import { nsPerCall, sizePanel } from "./by-size.js";

const TITLE = "Cost by payload size";

/** W4's directions in the words of the report. */
const HEADINGS: Readonly<Record<string, string>> = {
  in: "In: Node sends, Go receives",
  out: "Out: Go sends, Node receives",
  both: "Both: there and back",
};

/** The same inside a sentence. */
const WAYS: Readonly<Record<string, string>> = { in: "into Go", out: "out of Go", both: "there and back" };

/** Sizes that have a number at the axis: the others lie too near. */
const TICK_FACTOR_MIN = 15;

/** W4: what a call costs by the size of what it carries, a panel for each direction. */
export function payloadFigure(source: Source): Figure | undefined {
  const rows = source.results.rows.filter(({ workload }) => workload === "W4");
  if (rows.length === 0) return undefined;
  const directions = [...new Set(rows.map(directionOf))];
  const yDomain = logDomain(rows.map(nsPerCall));
  return {
    id: "payload",
    title: TITLE,
    caption: payloadCaption(source, rows, directions),
    reading:
      "Time a call is the round’s time by its calls, 8 of them in flight. Where a line rises as fast as the sizes do, the bytes are all that costs.",
    panels: directions.map((direction) => panel(source, rows, direction, yDomain)),
    legend: [...source.series.values()].filter(({ id }) => rows.some(({ contender }) => contender === id)),
    height: 400,
  };
}

function panel(source: Source, all: readonly RowResult[], direction: string, yDomain: [number, number]): Panel {
  const rows = all.filter((row) => directionOf(row) === direction).sort((a, b) => a.bytes - b.bytes);
  const heading = HEADINGS[direction] ?? direction;
  return sizePanel(source, rows, {
    title: TITLE,
    heading,
    label: "payload, bytes",
    ticks: sparse,
    yDomain,
    words: carried,
  });
}

/** At the largest size: how many bytes ours carries in the time of cgo, by direction. */
function payloadCaption(source: Source, rows: readonly RowResult[], directions: readonly string[]): string {
  const largest = Math.max(...rows.map(({ bytes }) => bytes));
  const cells = directions.map((direction) =>
    rows.filter((row) => directionOf(row) === direction && row.bytes === largest),
  );
  const subject = subjectOf(rows) ?? (rows[0] as RowResult).contender;
  const reference = referenceOf(rows);
  const compared = cells.flatMap((cell) => {
    const row = cell.find(({ contender }) => contender === subject);
    const ratio =
      row && reference !== undefined && reference !== subject && ratioOf(row, reference, cell, "callsPerSecond");
    return ratio ? [{ ratio, way: WAYS[directionOf(row)] ?? directionOf(row) }] : [];
  });
  const at = `At ${size(largest)} “${titleOf(source, subject)}” carries`;
  if (compared.length === 0 || reference === undefined) {
    const own = cells.flat().filter(({ contender }) => contender === subject);
    return `${at} ${enumerate(own.map((row) => `${carried(row)} ${directionOf(row)}`))}; what it would be compared with did not run.`;
  }
  const parts = compared.map(({ ratio, way }, i) => {
    const times = i === 0 ? `${formatRatio(ratio)} the bytes of “${titleOf(source, reference)}”` : formatRatio(ratio);
    return `${times} ${way}`;
  });
  return `${at} ${enumerate(parts)}, in the same time${doubts(...compared.map(({ ratio }) => ratio))}`;
}

function directionOf({ key }: RowResult): string {
  return key.split(" ")[0] as string;
}

function carried(row: RowResult): string {
  return `${duration(nsPerCall(row))} a call, ${digits((row.callsPerSecond * row.bytes) / 2 ** 30)} GiB/s`;
}

/** The sizes that are far enough apart to be named side by side, the last among them. */
function sparse(sizes: readonly number[]): number[] {
  const kept: number[] = [];
  for (const bytes of sizes.toReversed()) {
    if (kept.length === 0 || (kept[0] as number) / bytes >= TICK_FACTOR_MIN) kept.unshift(bytes);
  }
  return kept;
}
