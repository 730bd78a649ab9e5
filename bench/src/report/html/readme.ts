import type { Results } from "../../results.js";
import { paletteCss } from "./palette.js";
import { drawThroughput, hasThroughput, throughputCaption } from "./plots/throughput.js";
import { allSeries } from "./series.js";
import { CHART_CSS } from "./style.js";
import { escapeHtml } from "./text.js";

/** As wide as a README's column, in pixels. */
const WIDTH_PX = 880;
const HEIGHT_PX = 440;
/** Between the drawing and the edge of its card. */
const PADDING_PX = 14;

/** The plot of throughput as an SVG file of its own, light or dark as the reader's system is; absent without W3. */
export function readmePlot(results: Results): string | undefined {
  if (!hasThroughput(results)) return undefined;
  const source = { results, series: allSeries(results.contenders) };
  const frame = { width: WIDTH_PX - 2 * PADDING_PX, height: HEIGHT_PX - 2 * PADDING_PX, labels: "titles" } as const;
  const svg = drawThroughput(source, frame)
    .replace(/viewBox="[^"]*"/, `viewBox="${-PADDING_PX} ${-PADDING_PX} ${WIDTH_PX} ${HEIGHT_PX}"`)
    .replace(/ height="\d+" width="\d+"/, ` height="${HEIGHT_PX}" width="${WIDTH_PX}"`);
  const style = `${paletteCss("svg")}\n${CHART_CSS}\nsvg{background:var(--card)}`;
  // Behind the opening tag: a title, which viewers show and screen readers say, and the colours.
  const head = `<title>${escapeHtml(throughputCaption(source))}</title><style>${style}</style>`;
  return `${svg.replace(/^<svg[^>]*>/, (tag) => tag + head)}\n`;
}
