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
const syncPoints = (text: string) => names(text, /SYNC POINT: ([a-z]+(?: [a-z]+)*)/g);

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
  it("are the protocol's four", () => {
    expect(spec).toEqual(["consumer asleep", "entries visible", "producer waits", "slots free"]);
  });

  it.each([
    ["TypeScript", "ring/src", ".ts"],
    ["Go", "go/memring", ".go"],
  ])("have the same names in %s", (_, folder, extension) => {
    expect(syncPoints(sources(folder, extension))).toEqual(spec);
  });

  it("have the same names in C++, where a consumer sleeps and nothing else happens", () => {
    const native = syncPoints(sources("ring/native", ".cc", ".h", ".hpp"));
    expect(native).toEqual(expect.arrayContaining(["consumer asleep", "entries visible"]));
    expect(spec).toEqual(expect.arrayContaining(native));
  });

  it.each([
    ["module calls", () => read("ring/spec/calls.tla")],
    ["ring/layout.json", () => read("ring/layout.json")],
    ["the call layer in Go", () => sources("go/ts2go", ".go")],
    ["the call layer in TypeScript", () => sources("bridge/src", ".ts")],
  ])("are the only ones that %s names", (_, text) => {
    expect(spec).toEqual(expect.arrayContaining(syncPoints(text())));
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
