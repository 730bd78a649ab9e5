/** What comes through the bridge is what bleve finds when Go uses it alone: `reference.ts`. */
import { fileURLToPath } from "node:url";
import { type Client, connect } from "@x/ts2go";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Index } from "../src/gen/search.js";
import { packages } from "../src/packages.js";
import type { Document, Query } from "../src/search.js";
import { byHand, DAY_MS, EPOCH, query } from "./queries.js";
import { type Reference, reference, type Step } from "./reference.js";
import { all, each } from "./streams.js";

const RANDOM_QUERIES = 100;
/** Highlighting costs more than searching: it is done for few hits. */
const few = { limit: 5, fragments: true };

const nodeModules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const seed = Number(process.env.TS2GO_SEED ?? Math.floor(Math.random() * 2 ** 31));
const queries = [...byHand, ...fc.sample(query, { numRuns: RANDOM_QUERIES, seed })];
const searches = queries.map((query) => ({ query }));

let index: Client<Index>;
let documents: Document[];
let whole: Reference[];
let best: Reference[];
beforeAll(async () => {
  index = await connect(Index);
  documents = (await all(packages(nodeModules, new Map()))).map(dated);
  const both = reference(documents.map(add), [...searches, ...searches.map((search) => ({ ...search, ...few }))]);
  whole = both.slice(0, queries.length);
  best = both.slice(queries.length);
  expect(await index.add(each(documents))).toBe(BigInt(documents.length));
});
afterAll(() => index.close());

const add = (document: Document): Step => ({ add: document });

/** Some have a date, to the second: bleve's own JSON has no more of it. */
function dated(document: Document, i: number): Document {
  return i % 3 === 0 ? document : { ...document, date: new Date(EPOCH + i * 17 * DAY_MS + i * 1000) };
}

describe(`search gives what bleve gives (TS2GO_SEED=${seed})`, () => {
  test("the corpus and the queries are worth comparing", () => {
    expect(documents.length).toBeGreaterThan(100);
    expect(whole.filter(({ hits }) => hits.length > 0).length).toBeGreaterThan(queries.length / 2);
    expect(whole.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test("all hits of every query, all searches at once", async () => {
    const found = await Promise.all(queries.map((query) => all(index.search(query))));
    for (const [i, query] of queries.entries()) expect(found[i], JSON.stringify(query)).toEqual(whole[i]?.hits);
  });

  test("the best few with fragments", async () => {
    const found = await Promise.all(queries.map((query) => all(index.search(query, few))));
    for (const [i, query] of queries.entries()) expect(found[i], JSON.stringify(query)).toEqual(best[i]?.hits);
  });

  test("tags are counted over all hits", async () => {
    for (const [i, query] of byHand.entries()) {
      const counts = new Map<string, number>();
      for (const tag of whole[i]?.hits.flatMap(({ tags }) => [...new Set(tags)]) ?? [])
        counts.set(tag, (counts.get(tag) ?? 0) + 1);
      expect(new Map(await index.tags(query, 100_000)), JSON.stringify(query)).toEqual(counts);
    }
  });
});

describe("documents that are added again, and removed", () => {
  test("are found as bleve finds them after the same", async () => {
    await using mine = await connect(Index);
    const steps: Step[] = [];
    const random = fc.sample(fc.record({ i: fc.nat(documents.length - 1), what: fc.nat(3) }), { numRuns: 150, seed });
    for (const { i, what } of random) {
      const document = documents[i] as Document;
      if (what === 0) {
        await mine.remove([document.id]);
        steps.push({ remove: document.id });
      } else {
        const changed = { ...document, title: `${document.title} ${what}`, tags: [...document.tags, `tag ${what}`] };
        await mine.add(each([changed]));
        steps.push({ add: changed });
      }
    }
    const expected = reference(
      steps,
      byHand.map((query) => ({ query })),
    );
    for (const [i, query] of byHand.entries())
      expect(await all(mine.search(query)), JSON.stringify(query)).toEqual(expected[i]?.hits);
  });

  test("stay in a stream that began before", async () => {
    await using mine = await connect(Index);
    await mine.add(each(documents));
    const hits = mine.search({ kind: "all", of: [{ kind: "not", query: { kind: "tag", tag: "none has it" } }] });
    const iterator = hits[Symbol.asyncIterator]();
    const first = await iterator.next();
    await mine.remove(documents.map(({ id }) => id));
    expect(await mine.count()).toBe(0n);
    let rest = 0;
    while (!(await iterator.next()).done) rest++;
    expect(first.done).toBe(false);
    expect(rest).toBe(documents.length - 1);
  });

  test("need an id; those before are there", async () => {
    await using mine = await connect(Index);
    const [one, two] = documents as [Document, Document];
    await expect(mine.add(each([one, { ...two, id: "" }]))).rejects.toMatchObject({
      code: "ERR_GO",
      message: "document ID cannot be empty",
    });
    expect(await mine.count()).toBe(1n);
  });
});

const unsound: [Query, at: string, part: Query][] = (
  [
    { kind: "typed", text: 'title:"open' },
    { kind: "typed", text: "title:>" },
    { kind: "pattern", pattern: "(" },
    { kind: "pattern", pattern: "a**", field: "text" },
    { kind: "words", text: "glob", errors: 3 },
    { kind: "any", of: [], least: 1 },
    { kind: "any", of: [{ kind: "tag", tag: "a" }], least: 2 },
  ] satisfies Query[]
).map((part) => [part, "query", part]);
const open: Query = { kind: "typed", text: '"open' };
unsound.push(
  [{ kind: "any", of: [{ kind: "tag", tag: "a" }, open] }, "query.of[1]", open],
  [{ kind: "all", of: [{ kind: "not", query: { kind: "all", of: [open] } }] }, "query.of[0].query.of[0]", open],
);

describe("a query that bleve refuses", () => {
  let expected: Reference[];
  beforeAll(() => {
    expected = reference(
      documents.slice(0, 3).map(add),
      unsound.map(([, , query]) => ({ query })),
    );
  });

  test.each(unsound.map(([query], i) => [JSON.stringify(query), i] as const))("%s", async (_, i) => {
    const [query, at] = unsound[i] as (typeof unsound)[number];
    const refusal = {
      name: "GoError",
      code: "ERR_QUERY",
      goType: "*main.queryError",
      message: `${at}: ${expected[i]?.error ?? "no error"}`,
    };
    await expect(all(index.search(query))).rejects.toMatchObject(refusal);
    await expect(index.tags(query, 1)).rejects.toMatchObject(refusal);
  });

  test("may be one that bleve's JSON has no word for", async () => {
    await expect(all(index.search({ kind: "dates" }))).rejects.toMatchObject({
      code: "ERR_QUERY",
      message: "query: must specify start or end",
    });
  });

  test("is refused before it is sent, if it does not fit its type", async () => {
    const query = { kind: "any", of: [{ kind: "tag", tag: 7 }] } as unknown as Query;
    await expect(all(index.search(query))).rejects.toMatchObject({ code: "ERR_ENCODE", path: "query.of[0].tag" });
  });
});
