import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalSchema, emitGo, readInterfaceFile } from "../src/index.js";
import { go } from "./go-module.js";
import { ROOT, ts2go } from "./support.js";

/**
 * What is generated for the examples, and for one file that holds everything, stands in the repository and must not
 * change unseen. After a change that is meant: run `ts2go gen` in each of these folders, and read the difference.
 */
const GOLDEN = join(import.meta.dirname, "golden");
/** The same for what TypeScript implements. */
const CALLBACKS = join(import.meta.dirname, "callbacks");
const examples = readdirSync(join(ROOT, "examples"))
  .map((name) => join(ROOT, "examples", name))
  .filter((folder) => {
    const file = join(folder, "package.json");
    return existsSync(file) && "ts2go" in JSON.parse(readFileSync(file, "utf8"));
  });

describe("golden output", () => {
  test("there is an example", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each([GOLDEN, CALLBACKS, ...examples].map((folder) => relative(ROOT, folder)))("%s", async (folder) => {
    const { code, out, err } = await ts2go(join(ROOT, folder), ["gen", "--check"]);
    expect({ code, out, err }).toEqual({ code: 0, out: "generated code is up to date\n", err: "" });
  });

  test.each(["golden/src/everything.ts", "callbacks/src/callbacks.ts"])(
    "of %s is in gofmt's form before gofmt sees it",
    (file) => {
      const reading = readInterfaceFile(join(import.meta.dirname, file));
      if ("diagnostics" in reading) throw new Error("the golden interface has faults");
      const text = emitGo(reading.model, canonicalSchema(reading.model), { package: "some" });
      expect(go(GOLDEN, ["gofmt", "-d"], text)).toBe("");
    },
  );

  test("the TypeScript and the Go half carry the same schema", () => {
    const client = readFileSync(join(GOLDEN, "src/gen/everything.ts"), "utf8");
    const server = readFileSync(join(GOLDEN, "everything/everything.go"), "utf8");
    const hash = /Hash: "([0-9a-f]{64})"/.exec(server)?.[1];
    expect(hash).toBeDefined();
    expect(client.split(`schemaHash: "${hash}"`).length - 1, "one for each service").toBe(3);
  });
});
