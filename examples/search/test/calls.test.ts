/** Streams that end early, and a scorer in TypeScript that does its job, or does not. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, connect, type GoError, type Implementation, inspect, TimeoutError } from "@x/ts2go";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Index, Scorer } from "../src/gen/search.js";
import type { Document, Hit, Query } from "../src/search.js";
import { all, each } from "./streams.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const COUNT = 1000;
const everything: Query = { kind: "words", text: "number" };

/** Documents whose score falls with their number: the later the longer. */
function* numbers(count = COUNT): Generator<Document> {
  for (let i = 0; i < count; i++) {
    const text = `number ${i}${" and more".repeat(i)}`;
    yield { id: String(i).padStart(5, "0"), title: `n${i}`, text, tags: [i % 2 === 0 ? "even" : "odd"] };
  }
}

/** What a test puts here is what Go calls. */
let score: Implementation<Scorer>["score"] = () => new Float64Array();
let index: Client<Index>;
let before: Hit[];
beforeAll(async () => {
  index = await connect(Index, { provide: [Scorer.with({ score: (...args) => score(...args) })] });
  await index.add(each(numbers()));
  before = await all(index.search(everything));
  expect(before.length).toBe(COUNT);
});
afterAll(() => index.close());

/** That Go has ended every call and stream, too. */
const nothingLeft = (client = index) =>
  expect.poll(() => inspect(client), { timeout: 20_000 }).toMatchObject({ inFlight: 0, answering: 0, bodiesInUse: 0 });

describe("a stream of hits", () => {
  test("is in order of the score", () => {
    expect(before.map(({ score }) => score)).toEqual(before.map(({ score }) => score).sort((a, b) => b - a));
    expect(before[0]?.id).toBe("00000");
    expect(new Set(before.map(({ id }) => id)).size).toBe(COUNT);
  });

  test("can be left at any place", async () => {
    for (const most of [1, 2, 99, COUNT - 1]) {
      const hits: Hit[] = [];
      for await (const hit of index.search(everything)) {
        hits.push(hit);
        if (hits.length === most) break;
      }
      expect(hits).toEqual(before.slice(0, most));
    }
    await nothingLeft();
  });

  test("ends where its limit is", async () => {
    for (const limit of [0, 1, 10, COUNT, 2 ** 32 - 1])
      expect(await all(index.search(everything, { limit }))).toEqual(before.slice(0, limit));
  });

  test("is ended by its signal, with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const hits: Hit[] = [];
    const reading = (async () => {
      for await (const hit of index.search(everything, {}, { signal: controller.signal })) {
        hits.push(hit);
        if (hits.length === 10) controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(hits).toEqual(before.slice(0, hits.length));
    await nothingLeft();
  });

  test("that nobody reads is never begun", async () => {
    index.search({ kind: "typed", text: '"open' });
    await nothingLeft();
  });
});

describe("a stream of documents", () => {
  test("is read as fast as it is indexed, and ended when the call is given up", async () => {
    await using mine = await connect(Index);
    const controller = new AbortController();
    let ended = false;
    async function* endless() {
      try {
        for (let i = 0; ; i++) {
          if (i === 5000) controller.abort(new Error("enough"));
          yield { id: String(i), title: "", text: "number", tags: [] };
        }
      } finally {
        ended = true;
      }
    }
    await expect(mine.add(endless(), { signal: controller.signal })).rejects.toThrow("enough");
    await expect.poll(() => ended).toBe(true);
    await nothingLeft(mine);
    expect(await mine.count()).toBeLessThanOrEqual(5000n);
  });

  test("that fails rejects with its own error", async () => {
    await using mine = await connect(Index);
    const error = new RangeError("no more of them");
    async function* failing() {
      yield* numbers(7);
      throw error;
    }
    await expect(mine.add(failing())).rejects.toBe(error);
    await nothingLeft(mine);
    expect(await mine.count()).toBeLessThanOrEqual(7n);
  });
});

describe("a scorer in TypeScript", () => {
  const rerank = { by: "number", best: 250 };
  let sizes: number[] = [];
  beforeEach(() => {
    sizes = [];
  });

  test("has the last word on the best hits, in batches", async () => {
    score = async (by, hits) => {
      expect(by).toBe("number");
      sizes.push(hits.length);
      expect(hits).toEqual(before.slice(sizes.length * 100 - 100, Math.min(sizes.length * 100, rerank.best)));
      return Float64Array.from(hits, ({ id }) => (Number(id) * 7919) % 101);
    };
    const expected = before
      .slice(0, 250)
      .map((hit): Hit => ({ ...hit, score: (Number(hit.id) * 7919) % 101 }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    expect(await all(index.search(everything, { rerank }))).toEqual(expected);
    expect(sizes).toEqual([100, 100, 50]);
  });

  test("may call Go again to find its scores", async () => {
    score = async (_by, hits) => {
      const even = new Set((await all(index.search({ kind: "tag", tag: "even" }))).map(({ id }) => id));
      return Float64Array.from(hits, ({ id }) => (even.has(id) ? 1 : 0));
    };
    const hits = await all(index.search(everything, { limit: 20, rerank }));
    // The even ones of all that were scored, and not of the first twenty.
    expect(hits.map(({ id }) => Number(id))).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
  });

  test("that throws ends the search with its error, code and stack", async () => {
    score = function refusing() {
      throw Object.assign(new RangeError("no score for that"), { code: "E_OWN" });
    };
    const error = await all(index.search(everything, { rerank })).catch((error: unknown) => error as GoError);
    expect(error).toMatchObject({ name: "GoError", code: "E_OWN" });
    expect((error as GoError).message).toContain("no score for that");
    expect((error as GoError).stack).toMatch(/refusing.*calls\.test\.ts/);
    await nothingLeft();
  });

  test.each([
    ["too few", (n: number) => n - 1, "expected a score for each of 100 hits, got 99"],
    ["too many", (n: number) => n + 1, "expected a score for each of 100 hits, got 101"],
  ])("that gives %s scores is told so", async (_, length, problem) => {
    score = (_by, hits) => new Float64Array(length(hits.length));
    await expect(all(index.search(everything, { rerank }))).rejects.toMatchObject({
      code: "ERR_SCORE",
      goType: "*main.scoreError",
      message: `Scorer.score: ${problem}`,
    });
  });

  test("that gives NaN is told for which hit", async () => {
    score = (_by, hits) => new Float64Array(hits.length).fill(Number.NaN, 3, 4);
    await expect(all(index.search(everything, { rerank }))).rejects.toMatchObject({
      code: "ERR_SCORE",
      message: "Scorer.score: expected a number for 00003, got NaN",
    });
  });

  test("that takes for ever is told when the search is given up", async () => {
    let aborted: unknown;
    score = (_by, _hits, { signal }) =>
      new Promise(() => {
        signal.addEventListener("abort", () => {
          aborted = signal.reason;
        });
      });
    await expect(all(index.search(everything, { rerank }, { timeout: 100 }))).rejects.toBeInstanceOf(TimeoutError);
    await expect.poll(() => aborted).toMatchObject({ code: "ERR_CANCELED" });
    await nothingLeft();
  });

  test("that is missing is asked for by name", async () => {
    await using mine = await connect(Index);
    await mine.add(each(numbers(1)));
    await expect(all(mine.search(everything, { rerank }))).rejects.toMatchObject({ code: "ERR_NOT_PROVIDED" });
  });
});

test("an index in a folder is there again for the next program", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ts2go-search-"));
  try {
    const options = { args: [join(folder, "index")] };
    {
      await using first = await connect(Index, options);
      await first.add(each(numbers()));
      await first.remove(["00000"]);
    }
    await using second = await connect(Index, options);
    expect(await second.count()).toBe(BigInt(COUNT - 1));
    const hits = await all(second.search(everything));
    expect(hits.map(({ id }) => id)).toEqual(before.slice(1).map(({ id }) => id));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the program shows all of it, and ends by itself", async () => {
  const { stdout, stderr } = await execa(process.execPath, ["dist/main.js"], { cwd, timeout: 60_000 });
  expect(stderr).toBe("");
  for (const shown of [
    /^\d+ packages indexed in/,
    /\d\.\d{3} {2}minimatch/,
    /updated: +second/,
    /removed: +nothing/,
    /GoError ERR_QUERY: query\.of\[1\]: /,
    /searches at once: [\d,]+ a second/,
  ]) {
    expect(stdout).toMatch(shown);
  }
});

test("the program searches for what is typed", async () => {
  const { stdout } = await execa(process.execPath, ["dist/main.js", "+title:minimatch"], { cwd, timeout: 60_000 });
  expect(stdout).toMatch(/hits for \+title:minimatch\n +\d\.\d{3} {2}minimatch/);
});

test("the generated files are those of the interface", async () => {
  const { stdout } = await execa("ts2go", ["gen", "--check"], { cwd, preferLocal: true });
  expect(stdout).toBe("generated code is up to date");
});
