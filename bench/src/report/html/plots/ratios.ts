import { formatRatio } from "../../../aims.js";
import type { Measure } from "../../../results.js";
import type { Ratio } from "../../../statistics.js";
import { busiestCell } from "../cells.js";
import { isEven, ratioOf, referenceOf } from "../compare.js";
import { type DotAxis, type DotRow, dotPlot } from "../dots.js";
import { type Figure, type Panel, type Source, titleOf } from "../figure.js";
import { logDomain, logTicks } from "../scale.js";
import type { Series } from "../series.js";
import { enumerate } from "../text.js";
import { short } from "../ticks.js";

/** How much further than its ratio an interval is drawn, as a factor: beyond that it says "unknown" anyway. */
const INTERVAL_DRAWN_MAX = 4;

interface Compared {
  readonly series: Series;
  readonly ratio: Ratio;
}

/** W3 with many calls in flight: every contender against the strongest cgo, with intervals. */
export function ratiosFigure(source: Source): Figure | undefined {
  const cell = busiestCell(source.results);
  const reference = referenceOf(cell);
  if (reference === undefined) return undefined;
  const against = titleOf(source, reference);
  const compared = (measure: Measure): Compared[] =>
    [...source.series.values()].flatMap((series) => {
      const row = cell.find(({ contender }) => contender === series.id && contender !== reference);
      const ratio = row && ratioOf(row, reference, cell, measure);
      return ratio ? [{ series, ratio }] : [];
    });
  const calls = compared("callsPerSecond").sort((a, b) => b.ratio.ratio - a.ratio.ratio);
  const cpu = compared("cpuPerCallUs").sort((a, b) => a.ratio.ratio - b.ratio.ratio);
  if (calls.length === 0) return undefined;
  return {
    id: "ratios",
    title: `Against “${against}”, ${cell[0]?.inFlight.toLocaleString("en")} calls in flight`,
    caption: ratiosCaption(calls, against),
    reading: `Ratios of paired rounds with their 95 % intervals; the dashed line at 1 is “${against}”.`,
    panels: [
      panel("Calls per second: more is better", `calls per second, × ${against}`, calls),
      panel("CPU time a call: less is better", `CPU time a call, × ${against}`, cpu),
    ],
    height: 0,
  };
}

function panel(heading: string, label: string, compared: readonly Compared[]): Panel {
  const rows = compared.map(({ series, ratio }): DotRow => {
    const { ratio: value, low, high, rounds } = ratio;
    return { series, value, words: formatRatio(ratio), ...(rounds > 1 ? { interval: [low, high] } : {}) };
  });
  const drawn = compared.flatMap(({ ratio: { ratio, low, high } }) => [
    Math.max(low, ratio / INTERVAL_DRAWN_MAX),
    Math.min(high, ratio * INTERVAL_DRAWN_MAX),
  ]);
  const domain = logDomain([...drawn, 1]);
  const axis: DotAxis = { label, domain, ticks: logTicks(domain), format: short, rule: 1 };
  return { heading, draw: (frame) => dotPlot(`${heading}.`, rows, axis, frame) };
}

/** Who makes more calls beyond doubt, who fewer, and of whom this run cannot say. */
function ratiosCaption(compared: readonly Compared[], against: string): string {
  const even = compared.filter(({ ratio }) => isEven(ratio));
  const more = compared.filter(({ ratio }) => ratio.low > 1);
  const fewer = compared.length - even.length - more.length;
  const names = (some: readonly Compared[]): string => enumerate(some.map(({ series }) => `“${series.title}”`));
  const parts = [
    more.length > 0 ? `${names(more)} ${more.length === 1 ? "makes" : "make"} more` : "nobody makes more",
    `${fewer} of ${compared.length} ${fewer === 1 ? "makes" : "make"} fewer`,
    ...(even.length > 0 ? [`of ${names(even)} this run cannot tell`] : []),
  ];
  return `Of calls per second, compared with “${against}”, ${enumerate(parts)}.`;
}
