import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// TLC does not run here: that is `npm run proof`. What is kept here is that the spec speaks of the code that there is.
const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The text of all files with one of the extensions beneath a folder. */
const sources = (folder: string, ...extensions: string[]): string =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && extensions.includes(extname(file.name)))
    .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"))
    .join("\n");

const names = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] as string))].sort();

/** What is generated from ring/layout.json names every sync point, whoever keeps it or not. */
const isGenerated = (line: string) => line.endsWith("(u32)");

/** The sync points that a text names: "SYNC POINT: slots free. …", or two at once, "SYNC POINT: slots free, nobody reads. …" */
const syncPoints = (text: string, known: readonly string[] = []): string[] => {
  const lists = [...text.matchAll(/SYNC POINT: ([a-z]+(?: [a-z]+)*(?:[,;] [a-z]+(?: [a-z]+)*)*)/g)];
  const found = lists.flatMap((match) => {
    const [first, ...more] = (match[1] as string).split(/[,;] /) as [string, ...string[]];
    return [first, ...more.filter((name) => known.includes(name))];
  });
  return [...new Set(found)].sort();
};
const written = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !isGenerated(line))
    .join("\n");

interface Runs {
  readonly [module: string]: {
    readonly invariants: string[];
    readonly properties: string[];
    readonly configurations: { name: string; set: Record<string, unknown> }[];
    readonly mutants: { name: string; finds: string }[];
  };
}
const runs = JSON.parse(read("ring/spec/runs.json")) as Runs;
const spec = syncPoints(read("ring/spec/ring.tla"));

describe("the sync points of ring/spec", () => {
  it("are the protocol's four, and the queue's two ends", () => {
    expect(spec).toEqual([
      "consumer asleep",
      "entries visible",
      "no more entries",
      "nobody reads",
      "producer waits",
      "slots free",
    ]);
  });

  it("have the same names in the queue's format", () => {
    expect(syncPoints(read("ring/docs/format.md"), spec)).toEqual(spec);
  });

  it("have the same names in the page, in the table of steps and code", () => {
    const page = read("ring/spec/README.md");
    const from = page.indexOf("| sync point |");
    const rows = page.slice(from, page.indexOf("\n\n", from)).split("\n").slice(2);
    const named = rows.map((row) => (row.split("|")[1] as string).trim()).filter((name) => name !== "");
    expect([...new Set(named)].sort()).toEqual(spec);
  });

  it.each([
    ["TypeScript", ["ring/src/raw", "ring/src/queue"], ".ts"],
    ["Go", ["go/memring"], ".go"],
    ["C++", ["ring/include"], ".hpp"],
  ])("have the same names in %s", (_, folders, extension) => {
    const text = folders.map((folder) => sources(folder, extension)).join("\n");
    expect(syncPoints(written(text), spec)).toEqual(spec);
  });

  it("have the same names in the addon, where a consumer sleeps and nothing else happens", () => {
    const native = syncPoints(sources("ring/native", ".cc", ".h", ".hpp"), spec);
    expect(native).toEqual(expect.arrayContaining(["consumer asleep", "entries visible"]));
    expect(spec).toEqual(expect.arrayContaining(native));
  });

  it.each([
    ["module calls", () => read("ring/spec/calls.tla")],
    ["module streams", () => read("ring/spec/streams.tla")],
    ["module gather", () => read("ring/spec/gather.tla")],
    ["module gocalls", () => read("ring/spec/gocalls.tla")],
    ["module messages", () => read("ring/spec/messages.tla")],
    ["module roles", () => read("ring/spec/roles.tla")],
    ["TypeScript", () => sources("ring/src", ".ts")],
    ["ring/layout.json", () => read("ring/layout.json")],
    ["the call layer in Go", () => sources("go/ts2go", ".go")],
    ["the call layer in TypeScript", () => sources("bridge/src", ".ts")],
  ])("are the only ones that %s names", (_, text) => {
    expect(spec).toEqual(expect.arrayContaining(syncPoints(text(), spec)));
  });
});

describe.each(Object.entries(runs))("the runs of module %s", (module, run) => {
  const text = read(`ring/spec/${module}.tla`);
  const page = read("ring/spec/README.md");
  const harmless = run.configurations.map(({ set }) => set.MUTANT).filter((name) => name !== undefined);

  it("have every mutant of the module, and no other", () => {
    const known = [...run.mutants.map(({ name }) => name), ...harmless];
    expect([...new Set(known)].sort()).toEqual(names(text, /(?:Mutant|Unless)\("(\w+)"/g));
  });

  it("check only what the module defines, all of it", () => {
    const says = text.slice(text.indexOf("What must hold"));
    expect(names(says, /^(\w+) ==/gm)).toEqual([...run.invariants, ...run.properties].sort());
    for (const { finds } of run.mutants) expect([...run.invariants, "deadlock"]).toContain(finds);
  });

  it("stand in the page with their names", () => {
    for (const { name } of [...run.configurations, ...run.mutants]) expect(page).toContain(name);
  });
});
