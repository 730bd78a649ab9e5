import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder, ts2go } from "./support.js";

/**
 * Every refusal as the user sees it, word for word. After a change that is meant: `UPDATE_GOLDEN=1 npx vitest run
 * codegen`, and read the difference.
 */
const FOLDER = join(import.meta.dirname, "refusals");
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));

describe("refusals", () => {
  test("there are at least sixty, in no fewer than forty files", () => {
    const faults = names.map(
      (name) => readFileSync(join(FOLDER, `${name}.txt`), "utf8").match(/ - error TS2GO/g) ?? [],
    );
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(faults.flat().length).toBeGreaterThanOrEqual(60);
  });

  test.each(names)("%s", async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), "{}");
    const out = join(folder, "out");
    const { code, out: said, err } = await ts2go(FOLDER, ["gen", `${name}.ts`, "--out", out, "--go", out]);
    expect(code).toBe(1);
    expect(said).toBe("");
    expect(err).toMatch(/:\d+:\d+ - error TS/);
    expect(existsSync(out), "nothing is written").toBe(false);
    const golden = join(FOLDER, `${name}.txt`);
    if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(golden, err);
    expect(err).toBe(readFileSync(golden, "utf8"));
  });
});
