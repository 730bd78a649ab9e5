import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, packAndInstall } from "./install.js";
import { examples, run } from "./readme.js";
import { scripts } from "./scripts.js";

// The same package and the same binary in Bun and Deno, which are fetched from npm: only when asked for.
const wanted = process.env.RING_TEST_RUNTIMES === "1";
const title = `in Bun and Deno${wanted ? "" : " (skipped: set RING_TEST_RUNTIMES=1, which installs them from npm)"}`;

describe.skipIf(!wanted)(title, () => {
  let runtimes: string;
  let installed: Installed;
  beforeAll(() => {
    runtimes = mkdtempSync(join(tmpdir(), "mem-ring-runtimes-"));
    // Both are put in place by install scripts, which npm asks leave for.
    writeFileSync(
      join(runtimes, "package.json"),
      JSON.stringify({ private: true, allowScripts: { bun: true, deno: true } }),
    );
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "bun", "deno"], { cwd: runtimes, env });
    installed = packAndInstall();
  });
  afterAll(() => {
    for (const folder of [runtimes, installed?.root]) if (folder) rmSync(folder, { recursive: true });
  });

  const commands = { Bun: ["bun"], Deno: ["deno", "run", "--allow-all"], Node: undefined } as const;
  // What TypeScript compiles is the same JavaScript; the rest needs no compiler.
  const all = [...examples, ...scripts].filter(({ file }) => file.endsWith(".mjs"));

  describe.each(Object.entries(commands))("%s", (_, command) => {
    it.each(all.map((script) => [script.file, script] as const))("%s", async (_, script) => {
      const [name, ...args] = command ?? [];
      const path = name === undefined ? undefined : [join(runtimes, "node_modules/.bin", name), ...args];
      expect(await run(script, installed.folder, path)).toBe(script.prints);
    });
  });
});
