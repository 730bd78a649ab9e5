import { afterAll, beforeAll, describe, it } from "vitest";
import { build, built, removeBuilt, withoutCpp } from "./built.mjs";
import { cases } from "./cases.js";
import { type Program, programs } from "./ends.mjs";
import { oneOfFew } from "./few.js";
import { type Pair, run } from "./run.js";

beforeAll(build);
afterAll(removeBuilt);

const ends = programs(built);

const pair = (name: string, producer: Program, consumer: Program, rest: Partial<Pair> = {}): Pair => ({
  name,
  on: "eventfds",
  has: ["processes", "death"],
  ...rest,
  producer: ends[producer],
  consumer: ends[consumer],
});

const pairs: Pair[] = [
  pair("JS to JS, threads without the addon", "thread", "thread", { on: "notify", has: ["death"] }),
  // Who blocks hears nothing of a thread's end without the addon.
  pair("JS to JS, threads that block", "thread-blocking", "thread-blocking", { on: "notify", has: [] }),
  pair("JS to JS, threads with eventfds", "thread", "thread", { has: ["death"] }),
  pair("JS to JS", "js", "js"),
  pair("JS to Go", "js", "go"),
  pair("Go to JS", "go", "js"),
  pair("Go to Go", "go", "go"),
  pair("C++ to JS that blocks", "cpp", "js-blocking"),
  pair("JS that blocks to C++", "js-blocking", "cpp"),
  pair("Go to C++", "go", "cpp"),
  pair("C++ to Go", "cpp", "go"),
  pair("C++ to C++", "cpp", "cpp"),
];

for (const pair of pairs) {
  const missing = pair.name.includes("C++") ? withoutCpp : undefined;
  describe.skipIf(missing !== undefined)(
    `${pair.name}${missing ? ` (skipped: ${missing})` : ""}`,
    { concurrent: true },
    () => {
      for (const each of cases) {
        if (each.needs !== undefined && !pair.has.includes(each.needs)) continue;
        if (each.alone && pair.producer !== pair.consumer) continue;
        it(`${each.shape}: ${each.name}`, () => oneOfFew(() => run(pair, each)));
      }
    },
  );
}
