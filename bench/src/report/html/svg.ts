import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml } from "./text.js";

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
  return Math.ceil([...text].length * fontPx * 0.54);
}

/** Text that is no wider than this, shortened where it must be. */
export function fitted(text: string, widthPx: number): string {
  if (textWidth(text) <= widthPx) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`) > widthPx) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** Draws a plot as the text of an SVG element; `description` is what a screen reader says. */
export function renderSvg(description: string, options: PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = plot({
    ...options,
    document,
    className: "chart",
    style: { fontSize: `${FONT_PX}px` },
  });
  // linkedom does not escape `<` in attributes, which XML demands: what comes from titles is added as text.
  const attributes = `xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeHtml(description)}"`;
  const drawn = svg.outerHTML.replace(/<(?:circle|g|line|path|rect|text)\b[^>]*>/g, roundNumbers);
  return drawn.replace("<svg", () => `<svg ${attributes}`);
}

/** A hundredth of a pixel is exact enough, and a third of the size. */
function roundNumbers(tag: string): string {
  return tag.replace(/-?\d+\.\d{3,}/g, (number) => `${Number(Number(number).toFixed(2))}`);
}
