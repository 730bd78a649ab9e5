import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { ROOT, temporaryFolder, ts2go } from "./support.js";

const FILES = [
  ".gitignore",
  "README.md",
  "go.mod",
  "go.sum",
  "main.go",
  "package.json",
  "src/greeter.test.ts",
  "src/greeter.ts",
  "src/main.ts",
  "tsconfig.json",
];

const DOCTOR = "\nnpx ts2go doctor says what is missing, should one of them fail.\n";

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

function npm(cwd: string, ...args: string[]): string {
  const run = spawnSync("npm", args, { cwd, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  if (run.status !== 0) throw new Error(`npm ${args.join(" ")}: ${run.stdout}${run.stderr}`);
  return run.stdout;
}

describe("ts2go init", () => {
  test("makes a project that installs without a network, runs and passes its test", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const { code, out, err } = await ts2go(folder, ["init", "my-greeter"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`wrote my-greeter\n\nNext:\n  cd my-greeter\n  npm install\n  npm start\n${DOCTOR}`);
    const project = join(folder, "my-greeter");
    expect(filesOf(project)).toEqual(FILES);
    npm(project, "install", "--offline", "--no-audit", "--no-fund");
    expect(npm(project, "--silent", "start")).toMatch(/\nHello, Ada!\nGoError: Eve is too young\n$/);
    expect(npm(project, "--silent", "test")).toMatch(/pass 3\n/);
    const mod = readFileSync(join(project, "go.mod"), "utf8");
    const diff = spawnSync("go", ["mod", "tidy", "-diff"], { cwd: project, encoding: "utf8" });
    expect({ mod, diff: diff.stdout }, "go.mod is tidy").toEqual({ mod, diff: "" });
  });

  test("its Go and JSON are in the form of their formatters, and the README fits a screen", async () => {
    const folder = temporaryFolder();
    await ts2go(folder, ["init", "a"]);
    expect(spawnSync("gofmt", ["-l", folder], { encoding: "utf8" }).stdout).toBe("");
    for (const name of ["package.json", "tsconfig.json"]) JSON.parse(readFileSync(join(folder, "a", name), "utf8"));
    expect(readFileSync(join(folder, "a/README.md"), "utf8").split("\n").length).toBeLessThan(45);
    for (const name of FILES) expect(readFileSync(join(folder, "a", name), "utf8"), name).not.toContain("{{");
  });

  test("names versions where it was installed, and a checkout where one is given", async () => {
    const folder = temporaryFolder();
    // As npm installs it: no checkout around it.
    const installed = join(folder, "node_modules/@x/ts2go-codegen");
    mkdirSync(installed, { recursive: true });
    for (const name of ["dist", "templates", "package.json"])
      cpSync(join(ROOT, "codegen", name), join(installed, name), { recursive: true });
    const dependencies = join(folder, "node_modules");
    for (const name of [
      "commander",
      "ts-morph",
      "@ts-morph",
      "code-block-writer",
      "minimatch",
      "path-browserify",
      "tinyglobby",
      "fdir",
      "picomatch",
      "brace-expansion",
      "balanced-match",
    ])
      if (existsSync(join(ROOT, "node_modules", name)))
        cpSync(join(ROOT, "node_modules", name), join(dependencies, name), { recursive: true });
    const script = `const { main } = await import(${JSON.stringify(pathToFileURL(join(installed, "dist/index.js")).href)}); process.exitCode = await main(process.argv.slice(1));`;
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["--input-type=module", "-e", script, "--", ...args], {
        cwd: folder,
        encoding: "utf8",
      });
    const read = (name: string) => readFileSync(join(folder, name), "utf8");

    const plain = run("init", "plain");
    expect(plain).toMatchObject({ status: 0, stderr: "" });
    expect(plain.stdout).toContain("  npm install\n  go get x.example/go@v0.1.0\n  npm start\n");
    expect(JSON.parse(read("plain/package.json")).dependencies).toEqual({ "@x/ts2go": "^0.1.0" });
    expect(read("plain/go.mod")).toBe("module example.com/plain\n\ngo 1.24.0\n");
    expect(existsSync(join(folder, "plain/go.sum"))).toBe(false);

    expect(run("init", "other", "--link", ROOT).status).toBe(0);
    // The shorter of the two ways, relative or absolute.
    const other = (path: string) => resolve(join(folder, "other"), path);
    const link = JSON.parse(read("other/package.json")).dependencies["@x/ts2go"] as string;
    expect(other(link.replace(/^file:/, ""))).toBe(join(ROOT, "bridge"));
    const replaced = /^replace x\.example\/go => (.*)$/m.exec(read("other/go.mod"))?.[1] ?? "";
    expect(other(replaced)).toBe(join(ROOT, "go"));
  });

  test.each([
    ["Greeter", "lower-case"],
    ["1greeter", "lower-case"],
    ["my greeter", "lower-case"],
    ["größe", "lower-case"],
    ["greeter.", "lower-case"],
    ["fs", "Node has a module"],
    ["v2", "version of a module"],
    ["vendor", "meaning of its own"],
    ["node_modules", "meaning of its own"],
    ["a".repeat(101), "1 to 100"],
  ])("refuses the name %s", async (name, expected) => {
    const folder = temporaryFolder();
    const { code, err } = await ts2go(folder, ["init", name]);
    expect(code).toBe(1);
    expect(err).toContain(expected);
    expect(err).toContain("help: take lower-case letters");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("writes into a folder that is empty but for a repository, and into no other", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "new/.git"), { recursive: true });
    expect((await ts2go(join(folder, "new"), ["init", "."])).out).toBe(
      `wrote .\n\nNext:\n  npm install\n  npm start\n${DOCTOR}`,
    );
    expect(filesOf(join(folder, "new"))).toEqual(FILES);

    mkdirSync(join(folder, "full"));
    writeFileSync(join(folder, "full/notes.txt"), "mine");
    writeFileSync(join(folder, "file"), "");
    const full = await ts2go(folder, ["init", "full"]);
    expect(full).toMatchObject({ code: 1, err: expect.stringContaining("full is not empty: it has notes.txt") });
    expect(readdirSync(join(folder, "full"))).toEqual(["notes.txt"]);
    expect((await ts2go(folder, ["init", "file"])).err).toContain("file is a file");
    expect((await ts2go(folder, ["init", "a", "--link", "full"])).err).toContain("is no checkout of ts2go");
    expect(existsSync(join(folder, "a"))).toBe(false);
  });
});
