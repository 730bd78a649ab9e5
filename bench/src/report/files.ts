import { appendFile, copyFile, mkdir, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { BENCH } from "../build-steps/paths.js";
import type { Results } from "../results.js";
import { historyLine, revision } from "./history.js";
import { htmlReport } from "./html/index.js";
import { readmePlot } from "./html/readme.js";

const RESULTS = `${BENCH}results/`;
const DOCS = `${BENCH}../docs/`;

/** Writes everything that a run leaves behind, and gives a line for each file that a reader may open. */
export async function writeFiles(results: Results, readme: boolean): Promise<string[]> {
  await mkdir(RESULTS, { recursive: true });
  // The numbers first: whatever becomes of the plots, the run is not lost.
  await writeFile(`${RESULTS}latest.json`, `${JSON.stringify(results, null, 1)}\n`);
  await appendFile(`${RESULTS}history.jsonl`, `${historyLine(results, await revision())}\n`);
  const written = [`All numbers: ${shown(`${RESULTS}latest.json`)}, and a line in ${shown(`${RESULTS}history.jsonl`)}`];
  if (results.rows.length === 0) return written;
  await writeFile(`${RESULTS}report.html`, htmlReport(results));
  written.push(`With plots:  ${shown(`${RESULTS}report.html`)}`);
  const plot = readmePlot(results);
  if (plot === undefined) {
    if (readme) written.push("No plot for the README: this run has no W3.");
    return written;
  }
  await writeFile(`${RESULTS}throughput.svg`, plot);
  if (readme) {
    await mkdir(DOCS, { recursive: true });
    await copyFile(`${RESULTS}throughput.svg`, `${DOCS}benchmark.svg`);
    written.push(`The README's plot: ${shown(`${DOCS}benchmark.svg`)}`);
  }
  return written;
}

/** Writes what a comparison of two checkouts found. */
export async function writeComparison(found: object): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}compare.json`, `${JSON.stringify(found, null, 1)}\n`);
}

/** A path as somebody in the repository's root would type it. */
function shown(path: string): string {
  return relative(`${BENCH}..`, path);
}
