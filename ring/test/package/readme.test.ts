import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as api from "@x/mem-ring/process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkPackage } from "./install.js";
import { examples, PACKAGE, run } from "./readme.js";

const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");

let folder: string;
beforeAll(() => {
  folder = linkPackage();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the README's examples run as printed", () => {
  it("the first one has six lines, and none is left out here", () => {
    expect(examples[0]?.code.split("\n")).toHaveLength(6);
    expect(examples).toHaveLength(readme.match(/^```(js|ts|javascript|typescript)$/gm)?.length ?? 0);
  });

  it.each(examples.map((example) => [example.file, example] as const))("%s", async (_, example) => {
    expect(await run(example, folder)).toBe(example.prints);
  });
});

describe("what the README lists is there, and what is there is listed", () => {
  const sources = readdirSync(join(PACKAGE, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(PACKAGE, "src", name), "utf8"));

  it("error codes and classes", () => {
    const union = /export type RingErrorCode =(.*?);/s.exec(sources.join("\n"))?.[1] ?? "";
    const codes = [...union.matchAll(/"(ERR_\w+)"/g)].map(([, code]) => code);
    const rows = [...readme.matchAll(/^\| `(ERR_\w+)` \| `(\w+)` \|/gm)];
    expect(rows.map(([, code]) => code).sort()).toEqual(codes.sort());
    for (const [, , name] of rows) expect(api).toHaveProperty(name as string);
  });

  /** What a user can call on an object: of its own class and of those above it. */
  const calls = (object: object) => {
    const names = new Set<string>();
    for (let o = Object.getPrototypeOf(object); o !== Object.prototype; o = Object.getPrototypeOf(o)) {
      for (const name of Object.getOwnPropertyNames(o)) names.add(name);
    }
    // TypeScript's own private and protected members are declared so in the sources.
    const hidden = new Set(
      sources.flatMap((text) =>
        [...text.matchAll(/(?:private|protected|abstract) (?:override |abstract |get )*(\w+)/g)].map(
          ([, name]) => name,
        ),
      ),
    );
    return [...names].filter((name) => name !== "constructor" && !hidden.has(name)).sort();
  };

  it("calls", () => {
    const { Ring, MessageRing, SharedRing, SharedMessageRing, u32 } = api;
    const rings = [
      Ring.create({ entry: u32, capacity: 2 }),
      MessageRing.create({ capacity: 32 }),
      SharedRing.create({ entry: u32, capacity: 2 }),
      SharedMessageRing.create({ capacity: 32 }),
    ];
    const ends = rings.flatMap((ring) => [ring.producer(), ring.consumer()]);
    const missing = [...rings, ...ends]
      .flatMap(calls)
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(readme.slice(readme.indexOf("## API"))));
    expect([...new Set(missing)]).toEqual([]);
    for (const end of ends) end.close();
    for (const ring of rings) if ("close" in ring) ring.close();
  });
});
