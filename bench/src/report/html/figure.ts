import type { Results } from "../../results.js";
import type { Series } from "./series.js";
import { FONT_PX, type Frame } from "./svg.js";
import { element, escapeHtml, unbroken } from "./text.js";

/** What a plot is made from. */
export interface Source {
  readonly results: Results;
  readonly series: ReadonlyMap<string, Series>;
}

export function titleOf({ series }: Source, id: string): string {
  return series.get(id)?.title ?? id;
}

/** One plot of the report: panels that stand side by side where there is room. */
export interface Figure {
  /** The figure's anchor. */
  readonly id: string;
  readonly title: string;
  /** One sentence, of this run's data: what it shows. */
  readonly caption: string;
  /** How to read it, where that is not obvious. */
  readonly reading?: string;
  readonly panels: readonly Panel[];
  /** The contenders whose lines carry numbers where there is no room for titles. */
  readonly legend?: readonly Series[];
  /** The height of a panel in a wide window, in pixels, for plots that do not set their own. */
  readonly height: number;
}

export interface Panel {
  readonly heading?: string;
  readonly draw: (frame: Frame) => string;
}

/** The widths that the stylesheet knows, in pixels: one panel across the page, one of several, and a telephone. */
const FULL_PX = 1040;
const HALF_PX = 500;
const NARROW_PX = 344;
const NARROW_HEIGHT_PX = 340;

/** A figure for both widths of window: the stylesheet shows one of each panel's two drawings. */
export function figureHtml({ id, title, caption, reading, panels, legend, height }: Figure): string {
  const width = panels.length === 1 ? FULL_PX : HALF_PX;
  const drawn = panels.map(({ heading, draw }) =>
    element(
      "div",
      [
        heading === undefined ? "" : element("h3", escapeHtml(heading)),
        element("div", draw({ width, height, labels: "titles" }), { class: "wide" }),
        element("div", draw({ width: NARROW_PX, height: NARROW_HEIGHT_PX, labels: "numbers" }), { class: "narrow" }),
      ].join(""),
      { class: "panel" },
    ),
  );
  return element(
    "figure",
    [
      element("h2", escapeHtml(title)),
      element("figcaption", escapeHtml(unbroken(caption))),
      reading === undefined ? "" : element("p", escapeHtml(reading), { class: "reading" }),
      element("div", drawn.join(""), { class: panels.length === 1 ? "panels" : "panels several" }),
      legend ? legendHtml(legend) : "",
    ].join("\n"),
    { id },
  );
}

function legendHtml(legend: readonly Series[]): string {
  const items = legend.map(({ number, title, colour, dash }) => {
    const line = `<line x1="0" x2="26" y1="6" y2="6" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
    const swatch = `<svg width="26" height="${FONT_PX}" aria-hidden="true">${line}</svg>`;
    return element("li", `${element("b", number, { style: `color:${colour}` })}${swatch}${escapeHtml(title)}`);
  });
  return element("ol", items.join(""), { class: "legend narrow" });
}
