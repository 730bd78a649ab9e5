/**
 * Indexes the READMEs of all packages below a `node_modules` in Go, and searches them.
 *
 * `node dist/main.js [QUERY]` shows what is found for a query as one would type it, such as `+glob -"file system"`;
 * without one, what else there is.
 */
import { fileURLToPath } from "node:url";
import { GoError, provide } from "@x/ts2go";
import { index, Scorer } from "./gen/search.js";
import { line } from "./line.js";
import { type Dependents, packages } from "./packages.js";
import type { Query, SearchOptions } from "./search.js";

const folder = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const [typed] = process.argv.slice(2);

// Only this program knows who depends on whom, so bleve's hits are scored again here: Go calls this.
const dependents: Dependents = new Map();
provide(Scorer, {
  score: (_by, hits) => Float64Array.from(hits, ({ title, score }) => score * (1 + (dependents.get(title) ?? 0))),
});

let start = performance.now();
// The main job: documents stream into Go while they are read here.
const count = await index.add(packages(folder, dependents));
console.log(`${count} packages indexed in ${since(start)} ms, with the start of Go`);

if (typed === undefined) await tour();
else await show(`hits for ${typed}`, { kind: "typed", text: typed }, { limit: 10 });

async function tour() {
  const words: Query = { kind: "words", text: "glob matching" };
  await show("words, best first", words);
  await show("the same, scored again in TypeScript by how many packages depend on each", words, {
    rerank: { by: "dependents", best: 50 },
  });
  await show("with a typing error a word", { kind: "words", text: "asinc iteratr", every: true, errors: 1 });
  await show("all of: a phrase, a tag, and not a pattern", {
    kind: "all",
    of: [
      { kind: "phrase", text: "command line" },
      { kind: "any", of: ["cli", "argv", "parser"].map((tag): Query => ({ kind: "tag", tag })) },
      { kind: "not", query: { kind: "pattern", pattern: "deprecat.*", field: "text" } },
    ],
  });

  heading("tags of what says `typescript`");
  const tags = [...(await index.tags({ kind: "words", text: "typescript" }, 8))].sort(([, a], [, b]) => b - a);
  console.log(`  ${tags.map(([tag, n]) => `${tag} ${n}`).join(", ")}`);

  heading("a document updated, and removed");
  const everyWord: Query = { kind: "words", text: "ts2go" };
  const found = async () => (await all(index.search(everyWord))).map(({ title }) => title).join(", ");
  const note = { id: "note", title: "first", text: "about ts2go", tags: [] };
  await index.add(once(note));
  console.log(`  added:    ${await found()}`);
  await index.add(once({ ...note, title: "second" }));
  console.log(`  updated:  ${await found()}`);
  await index.remove(["note"]);
  console.log(`  removed:  ${(await found()) || "nothing"}`);

  heading("a query that cannot be");
  try {
    await show("", { kind: "any", of: [words, { kind: "typed", text: 'title:"open' }] });
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    console.log(`  ${error.name} ${error.code}: ${error.message}`);
  }

  heading("speed");
  const queries = Array.from({ length: 2000 }, (_, i) => ["glob", "parser", "stream", "typescript"][i % 4] as string);
  start = performance.now();
  await Promise.all(queries.map((text) => all(index.search({ kind: "words", text }, { limit: 10 }))));
  const rate = Math.round(queries.length / ((performance.now() - start) / 1000)).toLocaleString("en-US");
  console.log(`  ${queries.length} searches at once: ${rate} a second`);
}

/** The best hits, a line each. They come as they are asked for: after `break`, Go reads no more documents. */
async function show(what: string, query: Query, options: SearchOptions = {}) {
  if (what !== "") heading(what);
  let shown = 0;
  for await (const hit of index.search(query, { ...options, fragments: true })) {
    console.log(line(hit));
    if (++shown === (options.limit ?? 4)) break;
  }
  if (shown === 0) console.log("  nothing");
}

function heading(text: string) {
  console.log(`\n${text}`);
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function* once<T>(value: T) {
  yield value;
}

function since(start: number): string {
  return (performance.now() - start).toLocaleString("en-US", { maximumFractionDigits: 0 });
}
