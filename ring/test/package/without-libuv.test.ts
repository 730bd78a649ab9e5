import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkPackage } from "./install.js";
import { examples, run } from "./readme.js";
import { scripts } from "./scripts.js";

// What Bun and Deno get, in Node, where every test runs: a thread that waits in place of libuv.
describe("waiting by a thread", () => {
  const preload = fileURLToPath(new URL("without-libuv.mjs", import.meta.url));
  const before = process.env.NODE_OPTIONS;
  let folder: string;
  beforeAll(() => {
    folder = linkPackage();
    // The children of the scripts and their threads have it from there, too.
    process.env.NODE_OPTIONS = `--import ${preload}`;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
    rmSync(folder, { recursive: true });
  });

  const all = [...examples.filter(({ code }) => code.includes("@x/mem-ring/process")), ...scripts];
  it.each(all.map((script) => [script.file, script] as const))("%s", async (_, script) => {
    expect(await run(script, folder)).toBe(script.prints);
  });
});
