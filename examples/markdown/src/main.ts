/**
 * Renders every Markdown file below a folder in Go, all calls in flight at once, and writes one HTML page to look at.
 *
 * `node dist/main.js [FOLDER] [PAGE]`; the folder is the repository's `node_modules` and the page `out/index.html`
 * unless others are named.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { createHistogram } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { markdown } from "./gen/markdown.js";
import type { RenderOptions } from "./markdown.js";
import { page } from "./page.js";

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL("../../../node_modules", import.meta.url)));
const out = resolve(process.argv[3] ?? fileURLToPath(new URL("../out/index.html", import.meta.url)));

const paths = await glob("**/*.{md,markdown}", { cwd: folder, caseSensitiveMatch: false, followSymbolicLinks: false });
if (paths.length === 0) throw new Error(`there is no Markdown file below ${folder}`);
const files = await Promise.all(
  paths.sort().map(async (path, i) => {
    const file = join(folder, path);
    const options: RenderOptions = {
      flavor: "gfm",
      // All of them come into one page: headings of two files may share a name, and links begin at another folder.
      idPrefix: `${i}-`,
      base: join(".", relative(dirname(out), dirname(file)), "/")
        .split("/")
        .map(encodeURIComponent)
        .join("/"),
    };
    return { path, source: await readFile(file, "utf8"), options };
  }),
);
const megabytes = files.reduce((sum, { source }) => sum + Buffer.byteLength(source), 0) / 1e6;
console.log(`${files.length} Markdown files below ${relative("", folder) || "this folder"}, ${figure(megabytes)} MB`);

// The main job. Every call is made before the first answer is awaited: that is what makes it fast.
const renderAll = () =>
  Promise.all(files.map(async (file) => ({ ...file, ...(await markdown.render(file.source, file.options)) })));

const start = performance.now();
const documents = await renderAll();
const first = `${figure(performance.now() - start)} ms for all files`;

const again = performance.now();
let rounds = 0;
do {
  await renderAll();
  rounds++;
} while (performance.now() - again < 1000);
const seconds = (performance.now() - again) / 1000;
const together = `${figure((rounds * files.length) / seconds)} files/s, ${figure((rounds * megabytes) / seconds)} MB/s`;
const alone = await callTime(files.map(({ source }) => source));
const empty = await callTime(Array<string>(10_000).fill(""));

const facts = {
  "the first time, with the start of Go": first,
  "all files in flight": together,
  "a call, one at a time": alone,
  "the same with an empty document": `${empty}: mostly the way to Go and back`,
};
await mkdir(dirname(out), { recursive: true });
await writeFile(out, await page(documents, facts));

for (const [what, found] of Object.entries(facts)) console.log(`  ${what.padEnd(38)}${found}`);
console.log(`  ${"a page to look at".padEnd(38)}${relative("", out)}`);
// `npm run demo` puts this into its summary.
process.send?.([
  `${documents.length} Markdown files rendered by goldmark, a Go library: ${together}`,
  `a call with a file takes ${alone}; with an empty document ${empty}`,
]);

/** How long calls take when each is awaited before the next is made. */
async function callTime(sources: readonly string[]): Promise<string> {
  const nanoseconds = createHistogram();
  for (const source of sources) {
    const begin = process.hrtime.bigint();
    await markdown.render(source);
    nanoseconds.record(process.hrtime.bigint() - begin);
  }
  return [50, 99].map((percent) => `p${percent} ${figure(nanoseconds.percentile(percent) / 1000)} us`).join(", ");
}

function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });
}
