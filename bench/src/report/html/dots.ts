import { axisX, dot, gridX, link, ruleX, ruleY, text } from "@observablehq/plot";
import { type LogAxis, logPosition } from "./scale.js";
import type { Series } from "./series.js";
import { type Frame, fitted, renderSvg, textWidth } from "./svg.js";

/** A contender's row in a plot of dots. */
export interface DotRow {
  readonly series: Series;
  readonly value: number;
  /** Ends of the interval, or the other value that a line leads to. */
  readonly interval?: readonly [number, number];
  /** A second value, drawn hollow. */
  readonly hollow?: number;
  /** The value in words, at the right of the row. */
  readonly words: string;
}

export interface DotAxis extends LogAxis {
  /** A vertical line that all are held against. */
  readonly rule?: number;
}

const ROW_PX = 36;
/** Half of the widest number at an axis: one may stand at its very end. */
const SIDE_PX = 20;
/** Between the title of a row and its value. */
const GAP_PX = 6;
const MARGIN = { top: 10, left: SIDE_PX, right: SIDE_PX, bottom: 40 };

/** One row a contender: its name and value above, its dot below, on a logarithmic axis. As high as it has rows. */
export function dotPlot(description: string, rows: readonly DotRow[], axis: DotAxis, frame: Frame): string {
  const height = rows.length * ROW_PX + MARGIN.top + MARGIN.bottom;
  const inside = rows.map((row, y) => ({ ...row, ...clipped(row.interval, axis), y }));
  const whiskers = inside.filter(({ low, high }) => low !== undefined && high !== undefined && high > low);
  const hollow = inside.filter((row) => row.hollow !== undefined);
  return renderSvg(description, {
    width: frame.width,
    height,
    marginTop: MARGIN.top,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    x: { type: "log", domain: axis.domain },
    y: { type: "linear", domain: [-0.7, rows.length - 0.7], reverse: true, axis: null },
    marks: [
      gridX({ ticks: axis.ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
      ruleY(inside, {
        y: "y",
        insetLeft: -SIDE_PX,
        insetRight: -SIDE_PX,
        stroke: "var(--rule)",
        ariaDescription: "row",
      }),
      axisX({ ticks: axis.ticks, text: axis.format, label: axis.label, tickSize: 4, labelOffset: 36 }),
      axis.rule === undefined
        ? null
        : ruleX([axis.rule], { stroke: "var(--ink-soft)", strokeDasharray: "4 3", ariaDescription: "reference" }),
      link(whiskers, {
        x1: "low",
        x2: "high",
        y: "y",
        stroke: ({ series }) => series.colour,
        strokeWidth: 2.5,
        strokeOpacity: 0.55,
        strokeLinecap: "round",
        ariaDescription: "interval",
      }),
      dot(hollow, {
        x: "hollow",
        y: "y",
        stroke: ({ series }) => series.colour,
        fill: "var(--card)",
        strokeWidth: 1.6,
        r: 3.5,
        ariaDescription: "hollow marks",
      }),
      dot(inside, {
        x: "value",
        y: "y",
        fill: ({ series }) => series.colour,
        symbol: ({ series }: DotRow) => series.symbol,
        r: 4.5,
        title: ({ series, words }) => `${series.title}: ${words}`,
        ariaDescription: "marks",
      }),
      rowText(inside, ({ series, words }) => fitted(series.title, frame.width - textWidth(words) - GAP_PX), "left"),
      rowText(inside, ({ words }) => words, "right"),
    ],
  });
}

function rowText<T extends DotRow & { y: number }>(
  rows: readonly T[],
  words: (row: T) => string,
  side: "left" | "right",
) {
  return text(rows, {
    y: "y",
    text: words,
    fill: side === "left" ? ({ series }: T) => series.colour : "var(--ink)",
    frameAnchor: side,
    textAnchor: side === "left" ? "start" : "end",
    fontWeight: side === "left" ? 500 : 400,
    fontVariant: "tabular-nums",
    dx: side === "left" ? -SIDE_PX : SIDE_PX,
    dy: -15,
    // The page shines through the grid, not the grid through the text.
    stroke: "var(--card)",
    strokeWidth: 6,
    ariaDescription: side === "left" ? "row title" : "row value",
  });
}

/** An interval as far as it lies on the axis. */
function clipped(interval: DotRow["interval"], { domain }: DotAxis): { low?: number; high?: number } {
  if (!interval) return {};
  const [low, high] = interval.map((end) => {
    if (logPosition(domain, end) <= 0) return domain[0];
    return logPosition(domain, end) >= 1 ? domain[1] : end;
  }) as [number, number];
  return { low, high };
}
