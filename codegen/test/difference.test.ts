import type { NamedType, Schema } from "@x/ts2go/schema";
import { describe, expect, test } from "vitest";
import { differences } from "../../bridge/src/schema/difference.js";
import { canonicalSchema } from "../src/index.js";
import { readSource } from "./generated.js";
import { temporaryFolder } from "./support.js";

/** The schema of an interface whose one method takes this. */
function schemaOf(declarations: string, type: string): Schema {
  const source = `import type * as x from "@x/ts2go";\n${declarations}\nexport interface Demo extends x.GoService { send(v: ${type}): void }`;
  return canonicalSchema(readSource(temporaryFolder(), source, "demo.ts").model).schema;
}

describe("two schemas that differ", () => {
  test.each<[string, string, string, string, string]>([
    ["", "Map<string, number>", "", "Map<x.u8, number>", "(v: Map<string, f64>): void here, oneway (v: Map<u8, f64>)"],
    [
      "",
      "Set<string>",
      "",
      "Record<string, string>",
      "(v: Set<string>): void here, oneway (v: Record<string, string>)",
    ],
    ["type A = { v: 1; b: string };", "A", "type A = { v: 2; b: string };", "A", "A.v is 1 here, 2 in Go"],
    ["type A = [x.u8];", "A", "type A = [x.u16];", "A", "A.0 is u8 here, u16 in Go"],
    ["type A = [string];", "A", "type A = { a: string };", "A", "type A is a tuple here, an interface in Go"],
    ["type A = 1 | 2;", "A", "enum A { X = 1 }", "A", "type A is 1 | 2 here, 1 in Go"],
    [
      'type A = { kind: "a" } | { kind: "b" };',
      "A",
      'type A = { kind: "a" } | { kind: "c" };',
      "A",
      'type A is AA (kind: "a") | AB (kind: "b") here, AA (kind: "a") | AC (kind: "c") in Go',
    ],
    ["type A = { d: Date };", "A", "type A = { d: x.Duration };", "A", "A.d is date here, duration in Go"],
  ])("%s %s / %s %s", (hereTypes, here, thereTypes, there, expected) => {
    expect(differences(schemaOf(hereTypes, here), schemaOf(thereTypes, there)).join("\n")).toContain(expected);
  });

  test("an enum and a union of the same values do not", () => {
    const union = schemaOf('type A = "a" | "b";', "A");
    expect(differences(union, schemaOf('enum A { X = "a", Y = "b" }', "A"))).toEqual([]);
    const types: readonly NamedType[] = [{ kind: "literals", name: "A", values: ["a", "b"] }];
    expect(union.types).toEqual(types);
  });
});
