import { axisX, axisY, dot, gridX, gridY, line, link, type Markish, text } from "@observablehq/plot";
import { type LogAxis, logPosition, logValue, spread } from "./scale.js";
import type { Series } from "./series.js";
import { FONT_PX, type Frame, renderSvg, textWidth } from "./svg.js";

export interface Line {
  readonly series: Series;
  /** In the order of x; `title` is what the pointer shows. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly title: string }[];
}

const MARGIN = { top: 26, left: 58, bottom: 40 };
/** Between the end of the x axis and the labels: here each line is led to its label. */
const LEADER_PX = 30;
const LABEL_GAP_PX = FONT_PX + 2;

/** Lines with a mark for each point and a label at the end of each, on two logarithmic axes. */
export function linePlot(description: string, lines: readonly Line[], x: LogAxis, y: LogAxis, frame: Frame): string {
  const label = ({ title, number }: Series): string => (frame.labels === "titles" ? title : number);
  const marginRight = Math.max(...lines.map(({ series }) => textWidth(label(series)))) + LEADER_PX + 8;
  const plotWidth = frame.width - MARGIN.left - marginRight;
  const ends = labelEnds(lines, y, frame.height - MARGIN.top - MARGIN.bottom);
  const beyond = (px: number): number => logValue(x.domain, 1 + px / plotWidth);
  return renderSvg(description, {
    width: frame.width,
    height: frame.height,
    marginTop: MARGIN.top,
    marginLeft: MARGIN.left,
    marginBottom: MARGIN.bottom,
    marginRight,
    x: { type: "log", domain: x.domain },
    y: { type: "log", domain: y.domain },
    marks: [
      gridX({ ticks: x.ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
      gridY({ ticks: y.ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
      axisX({ ticks: x.ticks, text: x.format, label: x.label, tickSize: 4, labelOffset: 36 }),
      axisY({ ticks: y.ticks, text: y.format, label: y.label, tickSize: 4 }),
      link(ends, {
        x1: "x",
        y1: "y",
        x2: () => beyond(LEADER_PX - 4),
        y2: "labelY",
        stroke: ({ series }) => series.colour,
        strokeDasharray: "1 3",
        ariaDescription: "leader",
      }),
      // The two that matter most are drawn last, over the others.
      ...lines.toSorted((a, b) => Number(a.series.strong) - Number(b.series.strong)).flatMap(lineMarks),
      text(ends, {
        x: () => beyond(LEADER_PX),
        y: "labelY",
        text: ({ series }) => label(series),
        fill: ({ series }) => series.colour,
        fontWeight: frame.labels === "titles" ? 500 : 600,
        textAnchor: "start",
        ariaDescription: "line label",
      }),
    ],
  });
}

function lineMarks({ series, points }: Line): Markish[] {
  const { colour, dash, symbol, strong } = series;
  return [
    line(points, {
      x: "x",
      y: "y",
      stroke: colour,
      strokeWidth: strong ? 2.6 : 1.5,
      strokeDasharray: dash,
      ariaDescription: "line",
    }),
    dot(points, {
      x: "x",
      y: "y",
      fill: colour,
      symbol,
      r: strong ? 4 : 3,
      title: "title",
      ariaDescription: "marks",
    }),
  ];
}

/** Where each line ends, and where its label stands: no two labels on top of each other. */
function labelEnds(lines: readonly Line[], y: LogAxis, height: number) {
  const last = lines.flatMap(({ series, points }) => {
    const end = points.at(-1);
    return end ? [{ series, x: end.x, y: end.y }] : [];
  });
  const wanted = last.map((end) => (1 - logPosition(y.domain, end.y)) * height);
  const placed = spread(wanted, LABEL_GAP_PX, height);
  return last.map((end, i) => ({ ...end, labelY: logValue(y.domain, 1 - (placed[i] as number) / height) }));
}
