import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { PROGRAM, writeFiles, writeGoProject, writeProject } from "./project.js";
import { type Outcome, suiteFolder, temporaryFolder, ts2go } from "./support.js";

const folder = suiteFolder();
const build = (): Promise<Outcome> => ts2go(folder, ["build"]);
const binary = join(folder, "bin/greeter");

const BUILT = /built bin\/greeter in \d+\.\d s\n$/;
const CURRENT = /bin\/greeter is up to date\n$/;

beforeAll(() => writeGoProject(folder));

describe("ts2go build", { timeout: 60_000 }, () => {
  test("generates and builds, and the second time does neither", async () => {
    const first = await build();
    expect(first).toMatchObject({ code: 0, err: "", out: expect.stringMatching(BUILT) });
    expect(first.out).toContain("wrote src/gen/greeter.ts\n");
    expect(existsSync(binary)).toBe(true);
    expect(await build()).toMatchObject({ code: 0, err: "", out: expect.stringMatching(CURRENT) });
  });

  test.each<[string, () => void]>([
    ["the Go program changes", () => appendFileSync(join(folder, "main.go"), "// changed\n")],
    ["a Go file is added", () => writeFiles(folder, { "more.go": "package main\n" })],
    ["a Go file is removed", () => rmSync(join(folder, "more.go"))],
    ["go.mod changes", () => appendFileSync(join(folder, "go.mod"), "// changed\n")],
    [
      "the interface changes",
      () => {
        const file = join(folder, "src/greeter.ts");
        writeFileSync(file, readFileSync(file, "utf8").replace("greet(", "/** Greets. */ greet("));
      },
    ],
    ["the program is gone", () => rmSync(binary)],
    ["the program is another one", () => writeFileSync(binary, "")],
    ["the stamp is gone", () => rmSync(`${binary}.ts2go.json`)],
    ["the stamp is broken", () => writeFileSync(`${binary}.ts2go.json`, "{")],
  ])("builds again when %s", async (_, change) => {
    expect((await build()).out).toMatch(/bin\/greeter/);
    change();
    expect(await build()).toMatchObject({ code: 0, out: expect.stringMatching(BUILT) });
    expect((await build()).out).toMatch(CURRENT);
  });

  test("an embedded file counts, a test does not", async () => {
    writeFiles(folder, {
      "embed.go": 'package main\n\nimport _ "embed"\n\n//go:embed words.txt\nvar words string\n\nvar _ = words\n',
      "words.txt": "a",
    });
    await build();
    writeFiles(folder, { "main_test.go": "package main\n" });
    expect((await build()).out).toMatch(CURRENT);
    writeFiles(folder, { "words.txt": "b" });
    expect((await build()).out).toMatch(BUILT);
  });

  test("shows Go's own output where the build fails, and what to do", async () => {
    writeFiles(folder, { "main.go": PROGRAM.replace("Greet(_", "Greeet(_") });
    const { code, err } = await build();
    expect(code).toBe(1);
    expect(err).toContain("missing method Greet");
    expect(err).toContain("error: go build failed in .");
    expect(err).toContain("help: write the method Greet that gen.Greeter asks for");
    writeFiles(folder, { "main.go": PROGRAM });
    expect((await build()).code).toBe(0);
  });

  test("a fault of the interface file stops it before Go is asked", async () => {
    const broken = temporaryFolder();
    writeProject(broken);
    writeFiles(broken, { "src/greeter.ts": "export {};\n" });
    const { code, err } = await ts2go(broken, ["build"], { env: { PATH: "" } });
    expect(code).toBe(1);
    expect(err).toContain("TS2GO101");
  });

  test("says what to do where there is no Go, no module or no folder", async () => {
    const bare = temporaryFolder();
    writeProject(bare);
    expect(await ts2go(bare, ["build"], { env: { PATH: "" } })).toMatchObject({
      code: 1,
      err: expect.stringContaining("help: install Go 1.24 or newer"),
    });
    expect(await ts2go(bare, ["build"])).toMatchObject({ code: 1, err: expect.stringContaining("go mod init") });
    expect(await ts2go(bare, ["build", "--main", "cmd"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no folder cmd"),
    });
    writeFiles(bare, { "package.json": '{"ts2go":{"file":"src/greeter.ts","out":"src/gen","go":"gen"}}' });
    expect(await ts2go(bare, ["build"])).toMatchObject({ code: 1, err: expect.stringContaining("write --main DIR") });
  });
});
