import { describe, expect, it } from "vitest";
import { historyLine } from "../src/report/history.js";
import { htmlReport } from "../src/report/html/index.js";
import { readmePlot } from "../src/report/html/readme.js";
import { logDomain, logTicks, spread } from "../src/report/html/scale.js";
import { allSeries } from "../src/report/html/series.js";
import { compare, type Results, type RowResult } from "../src/results.js";
import { seededRandom } from "../src/statistics.js";
import { many, real } from "./report/many.js";

/** The text of an element, as a reader sees it. */
function texts(html: string, element: string): string[] {
  const found = html.matchAll(new RegExp(`<${element}[^>]*>(.*?)</${element}>`, "gs"));
  return [...found].map(([, text = ""]) =>
    text.replaceAll("\u00a0", " ").replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  );
}

function only(keep: (row: RowResult) => boolean, run = real): Results {
  return { ...run, rows: run.rows.filter(keep) };
}

describe("captions", () => {
  it("say what this run measured", () => {
    const { ratio } = compare(real.rows, "W3", "1000", "callsPerSecond", "ring-spawn", "cgo-batched") ?? { ratio: 0 };
    const caption = `At 1,000 in flight “ring, spawn” makes ${ratio.toFixed(2)} × (`;
    expect(texts(htmlReport(real), "figcaption")[1]).toContain(caption);
    const rows = real.rows.map((row) => (row.contender === "ring-spawn" ? faster(row, 10) : row));
    const tenfold = texts(htmlReport({ ...real, rows }), "figcaption");
    expect(tenfold[0]).toMatch(/^Of calls per second, compared with “cgo, batched”, “ring, spawn” makes more and /);
    expect(tenfold[1]).toContain(`“ring, spawn” makes ${(10 * ratio).toFixed(2)} × (`);
  });

  it("say that a difference is none where the interval holds 1, and that one round has no interval", () => {
    const same = real.rows.find(({ contender, workload }) => contender === "cgo-batched" && workload === "W2");
    const rows = [...(same ? [same, { ...same, contender: "ring-spawn" }] : [])];
    expect(texts(htmlReport({ ...real, rows }), "figcaption")[0]).toMatch(
      /at the median 1\.00 × \(1\.00 to 1\.00\); no difference that this run can tell\.$/,
    );
    const once = htmlReport({ ...real, rows: real.rows.map(firstRound) });
    for (const caption of texts(once, "figcaption").slice(1)) expect(caption).toMatch(/one round gives no interval\.$/);
  });

  it("compare with nobody where nobody else ran", () => {
    const captions = texts(htmlReport(only(({ contender }) => contender === "ring-spawn")), "figcaption");
    expect(captions).toHaveLength(12);
    for (const caption of captions) expect(caption).toMatch(/what it would be compared with did not run\.$/);
  });
});

describe("the page", () => {
  it("leaves out a workload that was not run, and shows one that it does not know as a table", () => {
    const page = htmlReport(only(({ workload }) => !["W2", "W4"].includes(workload), many()));
    expect([...page.matchAll(/<figure id="(\w+)"/g)].map(([, id]) => id)).toEqual([
      "ratios",
      "throughput",
      "cpu",
      "leases",
      "sleepers",
      "streams",
      "callback",
      "mix",
      "loop",
      "queue",
      "threads",
      "starts",
    ]);
    expect(page).toMatch(/<section id="workload-W99"><h2>W99<\/h2><div[^>]*><table>.*ring, spawn.*<\/table>/s);
  });

  it("says why nothing was measured", () => {
    const failures = [{ contender: "ring-spawn", reason: 'no <compiler> & no "clue"' }];
    const page = htmlReport({ ...real, rows: [], micro: [], aims: [], failures });
    expect(page).not.toContain("<figure");
    expect(page).not.toContain("<compiler>");
    expect(texts(page, "td")).toEqual(["ring, spawn", 'no <compiler> & no "clue"']);
    expect(readmePlot({ ...real, rows: [] })).toBeUndefined();
  });

  it("needs nothing but itself, and writes no title as markup", () => {
    const contenders = real.contenders.map((one) => ({ ...one, title: `<script>"${one.title}"</script>` }));
    const page = htmlReport({ ...real, contenders });
    const outside = /<script|@import|url\(|\ssrc=|<link(?! rel="icon" href="data:,")/;
    expect(page.match(outside)).toBeNull();
    expect(readmePlot({ ...real, contenders })?.match(/<script|@import|url\(|href/)).toBeNull();
  });

  it("gives each of many contenders looks of its own", () => {
    const all = [...allSeries(many().contenders).values()];
    expect(new Set(all.map(({ colour, dash, symbol }) => `${colour} ${dash} ${symbol}`)).size).toBe(all.length);
    for (const { id, colour } of all) {
      expect(colour.startsWith("var(--ring-"), id).toBe(id.startsWith("ring"));
      expect(colour.startsWith("var(--cgo-"), id).toBe(id.startsWith("cgo"));
    }
  });
});

describe("scales", () => {
  it("moves labels apart, in order, inside, and no more than it must", () => {
    expect(spread([10, 50, 90], 14, 100)).toEqual([10, 50, 90]);
    expect(spread([50, 50, 50], 10, 100)).toEqual([40, 50, 60]);
    expect(spread([0, 0], 10, 100)).toEqual([0, 10]);
    const random = seededRandom(5);
    for (let i = 0; i < 500; i++) {
      const wanted = Array.from({ length: 1 + Math.floor(16 * random()) }, () => 300 * random());
      const placed = spread(wanted, 14, 300);
      const order = wanted.map((_, k) => k).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
      const sorted = order.map((k) => placed[k] as number);
      for (const [k, place] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-9);
        expect(place).toBeLessThanOrEqual(300 + 1e-9);
        if (k > 0) expect(place - (sorted[k - 1] as number)).toBeGreaterThanOrEqual(14 - 1e-9);
      }
    }
  });

  it("has two ticks at least, whatever the values", () => {
    for (const values of [[], [1], [0.003, 0.0031], [7, 9], [1, 1e6], [3e-9, 5e12], [3.7e6, 5.1e6]]) {
      const domain = logDomain(values);
      expect(logTicks(domain).length, values.join()).toBeGreaterThan(1);
      for (const value of values) expect(value > domain[0] && value < domain[1], `${value}`).toBe(true);
    }
  });
});

it("sums up a run in one line of history", () => {
  const line = historyLine(real, "1da6234");
  expect(line).not.toContain("\n");
  const { rows, ...run } = JSON.parse(line);
  expect(run).toMatchObject({ version: 2, revision: "1da6234", effort: "quick", reference: "cgo-batched", failed: [] });
  expect(run.machine).toEqual(real.machine);
  expect(rows).toHaveLength(real.rows.length);
  expect(
    JSON.parse(
      historyLine(
        only(({ contender }) => contender !== "eventfd"),
        null,
      ),
    ).failed,
  ).toEqual(["eventfd"]);
  const row = rows.find((one: RowResult) => one.contender === "ring-spawn" && one.key === "1000");
  const expected = compare(real.rows, row.workload, "1000", "cpuPerCallUs", "ring-spawn", "cgo-batched");
  expect(row.ratios.cpuPerCallUs[0] / (expected?.ratio ?? 0)).toBeCloseTo(1, 3);
  const once = JSON.parse(historyLine({ ...real, rows: real.rows.map(firstRound) }, null));
  expect(once.revision).toBeNull();
  expect(once.rows[0].ratios.callsPerSecond.slice(1)).toEqual([0, null]);
});

function faster(row: RowResult, factor: number): RowResult {
  const callsPerSecond = row.rounds.callsPerSecond.map((rate) => rate * factor);
  return { ...row, callsPerSecond: row.callsPerSecond * factor, rounds: { ...row.rounds, callsPerSecond } };
}

function firstRound(row: RowResult): RowResult {
  const first = Object.entries(row.rounds).map(([name, values]) => [name, values.slice(0, 1)]);
  return { ...row, rounds: Object.fromEntries(first) };
}
