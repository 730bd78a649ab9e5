import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writeFiles, writeProject } from "./project.js";
import { temporaryFolder, ts2go } from "./support.js";

let folder = "";
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const CLIENT = "src/gen/greeter.ts";
const SERVER = "gen/greeter.go";

beforeEach(() => {
  folder = temporaryFolder();
  writeProject(folder);
});

describe("ts2go", () => {
  test("alone, and with --help, prints help with examples", async () => {
    for (const args of [[], ["--help"], ["help"]]) {
      const { code, out, err } = await ts2go(folder, args);
      expect(code).toBe(0);
      expect(out).toContain("Usage: ts2go");
      expect(out).toContain("$ ts2go gen src/greeter.ts --out src/gen --go gen");
      expect(err).toBe("");
    }
    expect((await ts2go(folder, ["gen", "--help"])).out).toContain("--check");
    for (const name of ["init", "gen", "build", "dev", "doctor"]) {
      expect((await ts2go(folder, [])).out).toMatch(new RegExp(`^  ${name} .*\\n`, "m"));
      expect((await ts2go(folder, [name, "--help"])).out).toContain(`Usage: ts2go ${name}`);
    }
  });

  test.each([
    [["gne"], "unknown command 'gne'"],
    [["gen", "--chekc"], "unknown option '--chekc'"],
    [["gen", "a.ts", "b.ts"], "too many arguments"],
  ])("%s fails with a hint", async (args, expected) => {
    const { code, err } = await ts2go(folder, args);
    expect(code).toBe(1);
    expect(err).toContain(expected);
  });
});

describe("ts2go gen", () => {
  test("writes both halves from the settings in package.json, also from a folder below", async () => {
    const { code, out, err } = await ts2go(join(folder, "src"), ["gen"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe("wrote gen/greeter.ts\nwrote ../gen/greeter.go\n");
    expect(read(CLIENT)).toContain('binary: { from: import.meta.url, path: "bin/greeter" }');
    expect(read(SERVER)).toContain("package gen\n");
    // No draft is left behind.
    expect(readdirSync(join(folder, "gen"))).toEqual(["greeter.go"]);
  });

  test("the command line comes before package.json", async () => {
    const args = ["gen", "src/greeter.ts", "--out", "client", "--go", "internal/rpc-v2", "--binary", "build/g"];
    expect((await ts2go(folder, args)).code).toBe(0);
    expect(read("client/greeter.ts")).toContain('path: "build/g"');
    expect(read("client/greeter.ts")).toContain('from "../src/greeter.js"');
    expect(read("internal/rpc-v2/greeter.go")).toContain("package rpcv2\n");
    expect(existsSync(join(folder, CLIENT))).toBe(false);
  });

  test("writes nothing a second time", async () => {
    await ts2go(folder, ["gen"]);
    const before = statSync(join(folder, CLIENT)).mtimeMs;
    const { out } = await ts2go(folder, ["gen"]);
    expect(out).toBe("src/gen/greeter.ts is up to date\ngen/greeter.go is up to date\n");
    expect(statSync(join(folder, CLIENT)).mtimeMs).toBe(before);
  });

  test("gives the same output wherever the project lies", async () => {
    await ts2go(folder, ["gen"]);
    const [client, server] = [read(CLIENT), read(SERVER)];
    expect(client + server).not.toContain(folder);
    folder = join(temporaryFolder(), "some/where else");
    mkdirSync(folder, { recursive: true });
    writeProject(folder);
    await ts2go(folder, ["gen"]);
    expect(read(CLIENT)).toBe(client);
    expect(read(SERVER)).toBe(server);
  });

  test("writes nothing if there is any fault, and leaves what was there", async () => {
    await ts2go(folder, ["gen"]);
    const before = read(CLIENT);
    writeFileSync(join(folder, "src/greeter.ts"), read("src/greeter.ts").replace("name: string", "name: bigint"));
    const { code, out, err } = await ts2go(folder, ["gen"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("src/greeter.ts:4:15 - error TS2GO201: `bigint` has no size");
    expect(err).toContain("1 error, nothing written.");
    expect(read(CLIENT)).toBe(before);
  });

  test("--check writes nothing and names each file that is missing or differs", async () => {
    expect(await ts2go(folder, ["gen", "--check"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("src/gen/greeter.ts is missing\ngen/greeter.go is missing\n"),
    });
    expect(existsSync(join(folder, "gen"))).toBe(false);
    await ts2go(folder, ["gen"]);
    expect(await ts2go(folder, ["gen", "--check"])).toMatchObject({ code: 0, err: "" });
    writeFileSync(join(folder, SERVER), `${read(SERVER)}\n`);
    const { code, err } = await ts2go(folder, ["gen", "--check"]);
    expect(code).toBe(1);
    expect(err).toContain("gen/greeter.go differs");
    expect(err).not.toContain("greeter.ts");
  });

  test("overwrites nothing that it did not write", async () => {
    writeFiles(folder, { [SERVER]: "package gen\n\n// By hand.\n" });
    const { code, err } = await ts2go(folder, ["gen"]);
    expect(code).toBe(1);
    expect(err).toContain("gen/greeter.go was not generated by ts2go");
    expect(read(SERVER)).toContain("By hand");
    expect(existsSync(join(folder, CLIENT)), "nor the other half").toBe(false);
  });

  test("refuses a Go package that holds another interface file", async () => {
    await ts2go(folder, ["gen"]);
    cpSync(join(folder, "src/greeter.ts"), join(folder, "src/other.ts"));
    const { code, err } = await ts2go(folder, ["gen", "src/other.ts"]);
    expect(code).toBe(1);
    expect(err).toContain("gen/greeter.go was generated from greeter.ts");
    expect(existsSync(join(folder, "src/gen/other.ts"))).toBe(false);
  });

  test("takes the package name of Go files that are there", async () => {
    writeFiles(folder, { "gen/other.go": "package greeting\n", "gen/x_test.go": "package greeting_test\n" });
    await ts2go(folder, ["gen"]);
    expect(read(SERVER)).toContain("\npackage greeting\n");
  });

  test("gives the Go file a name that Go compiles", async () => {
    cpSync(join(folder, "src/greeter.ts"), join(folder, "src/my-service.linux.ts"));
    expect((await ts2go(folder, ["gen", "src/my-service.linux.ts"])).code).toBe(0);
    expect(readdirSync(join(folder, "gen"))).toEqual(["my_service_linux_ts2go.go"]);
  });

  test("says in both halves that they get on with other versions, where the settings or the command line do", async () => {
    const halves = () => [CLIENT, SERVER].map(read);
    await ts2go(folder, ["gen"]);
    for (const text of halves()) expect(text).not.toMatch(/compat: true/i);
    await ts2go(folder, ["gen", "--compat"]);
    const flagged = halves();
    for (const text of flagged) expect(text).toMatch(/^\s+compat: true,$/im);
    expect((await ts2go(folder, ["gen", "--check"])).code).toBe(1);
    const config = JSON.parse(read("package.json"));
    config.ts2go.compat = true;
    writeFiles(folder, { "package.json": JSON.stringify(config) });
    expect((await ts2go(folder, ["gen", "--check"])).code).toBe(0);
    expect(halves()).toEqual(flagged);
  });

  test.each([
    ["no file", {}, ["gen", "src/nowhere.ts"], "there is no interface file src/nowhere.ts"],
    ["no TypeScript", { "src/a.js": "" }, ["gen", "src/a.js"], "src/a.js is no TypeScript file"],
    ["no settings", { "package.json": "{}" }, ["gen"], "the interface file is not given"],
    ["no out", { "package.json": "{}" }, ["gen", "src/greeter.ts"], "the folder of the TypeScript client is not given"],
    [
      "no go",
      { "package.json": "{}" },
      ["gen", "src/greeter.ts", "--out", "o"],
      "the folder of the Go package is not given",
    ],
    ["unknown setting", { "package.json": '{"ts2go":{"fiel":"a"}}' }, ["gen"], '"ts2go" has no setting "fiel"'],
    ["wrong setting", { "package.json": '{"ts2go":{"file":3}}' }, ["gen"], '"ts2go.file" must be a path'],
    ["wrong switch", { "package.json": '{"ts2go":{"compat":"yes"}}' }, ["gen"], '"ts2go.compat" must be true or false'],
    ["settings of a wrong kind", { "package.json": '{"ts2go":[]}' }, ["gen"], '"ts2go" must be an object'],
    ["broken package.json", { "package.json": "{" }, ["gen"], "package.json cannot be read"],
    ["binary elsewhere", {}, ["gen", "--binary", "../g"], "lies outside the package"],
  ])("says what is wrong: %s", async (_, files, args, expected) => {
    writeFiles(folder, files as Record<string, string>);
    const { code, out, err } = await ts2go(folder, args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(expected);
  });

  test("colours only where they are wanted", async () => {
    writeFileSync(join(folder, "src/greeter.ts"), read("src/greeter.ts").replace("name: string", "name: bigint"));
    expect((await ts2go(folder, ["gen"])).err).not.toContain("\u001b[");
    expect((await ts2go(folder, ["gen"], { colour: true })).err).toContain("\u001b[31m");
  });
});
