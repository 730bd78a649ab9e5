import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Room for what is drawn, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** What stands at the end of a line: the contender's title, or its number with a legend below. */
  readonly labels: "titles" | "numbers";
}

export const FONT_PX = 12;

/** Wide enough for text in whatever sans-serif font the reader has, in pixels. */
export function textWidth(text: string, fontPx = FONT_PX): number {
  return Math.ceil([...text].length * fontPx * 0.56);
}

/** Draws a plot as the text of an SVG element; `description` is what a screen reader says. */
export function renderSvg(description: string, options: PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = plot({
    ...options,
    document,
    className: "chart",
    style: { fontSize: `${FONT_PX}px` },
    ariaLabel: description,
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML.replace(/<(?:circle|g|line|path|rect|text)\b[^>]*>/g, roundNumbers);
}

/** A hundredth of a pixel is exact enough, and a third of the size. */
function roundNumbers(tag: string): string {
  return tag.replace(/-?\d+\.\d{3,}/g, (number) => `${Number(Number(number).toFixed(2))}`);
}
