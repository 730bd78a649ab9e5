import type { NamedType, Schema } from "@x/ts2go/schema";
import { describe, expect, test } from "vitest";
import { differences, obstacles } from "../../bridge/src/schema/difference.js";
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

/** The schema of this source, whose types are those of `x`. */
function schemaOfSource(source: string): Schema {
  const whole = `import type * as x from "@x/ts2go";\n${source}`;
  return canonicalSchema(readSource(temporaryFolder(), whole, "demo.ts").model).schema;
}

describe("between two versions", () => {
  const user = (fields: string, more = "", log = "") => `
    export interface Demo extends x.GoService { send(v: User): void; ${more} }
    export interface Log extends x.NodeService { told(): void; ${log} }
    interface User { name: string; ${fields} }
    interface Held { bytes: x.Lease<Uint8Array>[] }`;

  test.each<[string, string, string]>([
    ["optional fields at the end", user(""), user("nick?: string; friend: User | null")],
    ["types that only they use", user(""), user("home?: { street: string }")],
    [
      "the order of types and methods",
      user("a?: string", "one(): void; two(): void"),
      user("a?: string", "two(): void; one(): void"),
    ],
  ])("%s go together, both ways", (_, older, newer) => {
    const [a, b] = [schemaOfSource(older), schemaOfSource(newer)];
    expect(differences(a, b)).not.toEqual([]);
    expect(obstacles(a, b)).toEqual([]);
    expect(obstacles(b, a)).toEqual([]);
  });

  test("a method may be missing only where it would be called", () => {
    const [a, b] = [schemaOfSource(user("")), schemaOfSource(user("", "more(): void"))];
    expect(obstacles(a, b)).toEqual([]);
    expect(obstacles(b, a)).toEqual(["method Demo.more does not exist in Go"]);
    const called = schemaOfSource(user("", "", "more(): void"));
    expect(obstacles(called, a)).toEqual([]);
    expect(obstacles(a, called)).toEqual(["callback Log.more exists only in Go"]);
  });

  test.each<[string, string, string, string[]]>([
    ["a required field", user("age: x.u8"), user(""), ["field User.age does not exist in Go, and is not optional"]],
    [
      "different fields at the end",
      user("a?: string"),
      user("b?: string"),
      [
        "field User.a does not exist in Go, and does not follow after all fields of the other version (name, b)",
        "field User.b exists only in Go, and does not follow after all fields of the other version (name, a)",
      ],
    ],
    [
      "a lease, however deep",
      user(""),
      user("held?: Held"),
      ["field User.held exists only in Go, and has a Lease in it, which somebody has to give back"],
    ],
    [
      "a place of a tuple",
      user("at?: [x.u8]"),
      user("at?: [x.u8, x.u8 | null]"),
      ["field UserAt.1 exists only in Go, and a tuple has as many places as its type says"],
    ],
    [
      "another order",
      user("a?: string; b?: string"),
      user("b?: string; a?: string"),
      ["the fields of User are name, a, b here, name, b, a in Go"],
    ],
    ["another type", user("age: x.u8; a?: string"), user("age: x.u16"), ["User.age is u8 here, u16 in Go"]],
    [
      "a parameter",
      user("", "more(a: string): void"),
      user("", "more(a: string | null): void"),
      ["method Demo.more is oneway (a: string): void here, oneway (a: string | null): void in Go"],
    ],
  ])("%s does not", (_, here, there, expected) => {
    expect(obstacles(schemaOfSource(here), schemaOfSource(there))).toEqual(expected);
  });
});
