import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { htmlReport } from "../src/report/html/index.js";
import { readmePlot } from "../src/report/html/readme.js";
import type { Results } from "../src/results.js";
import { findChromium, withChromium } from "./report/chromium.js";
import { inspectPage } from "./report/inspect.js";
import { many, real } from "./report/many.js";

const SETTINGS = [1280, 400].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme })));

/** What each plot draws, what an axis must say of its unit, and whether the plot is made of lines. */
const PLOTS: Record<string, { readonly workload: string; readonly units: readonly RegExp[]; readonly lines: boolean }> =
  {
    ratios: { workload: "W3", units: [/×/], lines: false },
    throughput: { workload: "W3", units: [/calls in flight/, /calls per second/], lines: true },
    latency: { workload: "W2", units: [/percentile/, /ns, µs, ms/], lines: true },
    cpu: { workload: "W3", units: [/µs/], lines: false },
    payload: { workload: "W4", units: [/bytes/, /ns, µs, ms/], lines: true },
    leases: { workload: "W12", units: [/bytes/, /ns, µs, ms/], lines: true },
    sleepers: { workload: "W1", units: [/calls per second|µs/], lines: false },
    streams: { workload: "W10", units: [/items per second|ns, µs, ms/], lines: false },
    callback: { workload: "W11", units: [/calls per second|ns, µs, ms/], lines: false },
    mix: { workload: "W6", units: [/calls per second|ns, µs, ms/], lines: false },
    loop: { workload: "W7", units: [/µs, ms/], lines: false },
    queue: { workload: "W8", units: [/per second|ns, µs, ms/], lines: false },
    threads: { workload: "W9", units: [/worker threads/, /calls per second/], lines: true },
    starts: { workload: "W5", units: [/ms/], lines: false },
  };

const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return pathToFileURL(path).href;
}

/** Opens a page as a reader would, and gives what the browser complained about or fetched beside what it shows. */
async function look(browser: BrowserContext, url: string, width: number, scheme: "light" | "dark") {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) complaints.push(`fetched ${request.url()}`);
  });
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  const shown = await page.evaluate(inspectPage);
  await page.close();
  return { ...shown, complaints };
}

const missing = findChromium() === undefined;
const why = missing ? " (skipped: there is no Chromium on this machine)" : "";

describe.skipIf(missing)(`the report in a browser${why}`, () => {
  const runs: [string, Results][] = [
    ["a real run", real],
    ["many contenders", many()],
  ];

  it.each(runs)("shows every plot of %s with marks, axes and units, in both widths and themes", async (_, run) => {
    const url = file(`${run.contenders.length}.html`, htmlReport(run));
    await withChromium(async (browser) => {
      for (const { width, scheme } of SETTINGS) {
        const page = await look(browser, url, width, scheme);
        const where = `${width} px, ${scheme}`;
        expect(page.complaints, where).toEqual([]);
        expect(page.overflow, where).toBe(0);
        expect(page.pageLuminance > 0.5, where).toBe(scheme === "light");
        expect(page.figures.map(({ id }) => id)).toEqual(Object.keys(PLOTS));
        for (const { id, caption, svgs, legend } of page.figures) {
          const plot = PLOTS[id] as (typeof PLOTS)[string];
          expect(caption, id).toMatch(/\d.*\.$/s);
          expect(svgs.length, id).toBeGreaterThan(0);
          const rows = run.rows.filter(({ workload }) => workload === plot.workload);
          // Of queues each panel is a cell, in which not all of them run.
          const cells =
            id === "queue"
              ? [...new Set(rows.map(({ key }) => key))].map((one) => rows.filter(({ key }) => key === one))
              : [rows];
          const ran = Math.min(...cells.map((cell) => new Set(cell.map(({ contender }) => contender)).size));
          for (const svg of svgs) {
            expect(svg.problems, `${id}, ${where}`).toEqual([]);
            // All of them, but for whom the others are compared with.
            expect(svg.names.length, id).toBeGreaterThanOrEqual(ran - 1);
            expect(svg.marks, id).toBeGreaterThanOrEqual(svg.names.length);
            expect(svg.xTicks.length, id).toBeGreaterThan(1);
            for (const unit of plot.units) expect(svg.axes.join(" | "), id).toMatch(unit);
            expect(svg.lines, id).toBe(plot.lines ? svg.names.length : 0);
            if (plot.lines) expect(svg.yTicks.length, id).toBeGreaterThan(1);
          }
          // A number at the end of a line is worth nothing without the list of who is who.
          const numbered = new Set(plot.lines && width === 400 ? svgs.flatMap(({ names }) => names) : []);
          expect(legend.length, id).toBe(numbered.size);
        }
      }
    });
  });

  it("sees what is wrong with a page that is wrong", async () => {
    const text = (x: number, words: string) => `<text x="${x}" y="20" fill="#eee">${words}</text>`;
    const svg = `<svg class="chart" width="100" height="40">${text(10, "one")}${text(14, "two")}${text(90, "three")}</svg>`;
    const url = file(
      "wrong.html",
      `<figure style="background:#fff">${svg}</figure><div style="width:3000px">wide</div><img src="x.png">`,
    );
    await withChromium(async (browser) => {
      const page = await look(browser, url, 400, "light");
      expect(page.overflow).toBeGreaterThan(0);
      expect(page.complaints.join()).toContain("fetched");
      expect(page.figures[0]?.svgs[0]?.problems).toEqual(
        expect.arrayContaining(["“one” and “two” overlap", "“three” is cut", expect.stringContaining("contrast")]),
      );
    });
  });

  it("draws the README's plot inside an image, light and dark", async () => {
    // A title that XML would stumble over.
    const run = many();
    const contenders = run.contenders.map((one, i) => (i === 0 ? { ...one, title: `${one.title} & Borrow<T>` } : one));
    file("throughput.svg", readmePlot({ ...run, contenders }) as string);
    const url = file("readme.html", '<body style="margin:0"><img src="throughput.svg">');
    await withChromium(async (browser) => {
      const page = await browser.newPage();
      const shots = [];
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(url);
        expect(await page.evaluate(() => document.images[0]?.naturalWidth)).toBe(880);
        shots.push(await page.screenshot());
      }
      expect(shots[0]?.equals(shots[1] as Buffer)).toBe(false);
    });
  });
});
