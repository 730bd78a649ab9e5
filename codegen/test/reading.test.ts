import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalSchema, Layouts, TypeGraph } from "../src/index.js";
import { clientOf, type Read, readSource, serverOf } from "./generated.js";
import { writeFiles } from "./project.js";
import { temporaryFolder } from "./support.js";

/** Reads an interface whose service has one method with this parameter type. */
function read(declarations: string, type: string): Read {
  const source = `import type * as x from "@x/ts2go";\n${declarations}\nexport interface Demo extends x.GoService { send(v: ${type}): void }`;
  return readSource(temporaryFolder(), source, "demo.ts");
}

/** That parameter's type, in short. */
function typeOf(declarations: string, type: string): unknown {
  return canonicalSchema(read(declarations, type).model).schema.methods[0]?.params[0]?.type;
}

const f64 = { kind: "f64" };
const string = { kind: "string" };
const optional = (absent: string, element: unknown): unknown => ({ kind: "optional", absent, element });
const list = (element: unknown): unknown => ({ kind: "list", element });

describe("types are read through every disguise", () => {
  test.each<[string, string, unknown]>([
    ["", "number", f64],
    ["", "x.f64", f64],
    ["", "(x.u8)", { kind: "u8" }],
    ["type Id = x.u32; type UserId = Id;", "UserId", { kind: "u32" }],
    ["import type { u8 as Byte } from '@x/ts2go';", "Byte[]", list({ kind: "u8" })],
    ["type Tags = readonly string[];", "Tags[]", list(list(string))],
    ["", "Array<ReadonlyArray<readonly string[]>>", list(list(list(string)))],
    ["", "Float32Array[]", list({ kind: "typedArray", element: "f32" })],
    ["", "string | null", optional("null", string)],
    ["", "undefined | string", optional("undefined", string)],
    ["", "string | null | undefined", optional("null", string)],
    ["type Maybe = string | undefined;", "Maybe | null", optional("null", string)],
    ["type Maybe = (string | null);", "Maybe[]", list(optional("null", string))],
    ["type Maybe = string[] | null;", "Maybe", optional("null", list(string))],
    ["interface Array2 { a: string }", "Array2", { kind: "named", name: "Array2" }],
  ])("%s %s", (declarations, type, expected) => {
    expect(typeOf(declarations, type)).toEqual(expected);
  });

  test("a parameter that may be left out is undefined then", () => {
    const { model } = readSource(
      temporaryFolder(),
      'import type { GoService } from "@x/ts2go"; export interface Demo extends GoService { send(a?: string | null): void }',
    );
    expect(model.services[0]?.methods[0]?.params[0]?.type).toEqual(optional("undefined", string));
  });
});

describe("objects", () => {
  const fields = (declarations: string, type: string): unknown =>
    canonicalSchema(read(declarations, type).model).schema.types.map((one) =>
      one.kind === "struct" ? [one.name, ...one.fields.map((field) => field.name)] : [one.name, ...one.values],
    );

  test.each<[string, string, string, unknown]>([
    [
      "parents come first, one that is declared again stays in its place",
      "interface A { a: string; both: string | null } interface B { b: string } interface C extends A, B { c: string; both: string }",
      "C",
      [["C", "a", "both", "b", "c"]],
    ],
    ["two declarations are one", "interface A { a: string } interface A { b: string }", "A", [["A", "a", "b"]]],
    ["an alias of a literal is a struct", "type A = { a: string }; type B = A;", "B", [["A", "a"]]],
    ["a literal in an alias of a list", "type Rows = { a: string }[];", "Rows", [["RowsItem", "a"]]],
    [
      "inline types are called after what they stand in",
      "interface A { one: { two: { three: string }[] } }",
      "A",
      [
        ["A", "one"],
        ["AOne", "two"],
        ["AOneTwo", "three"],
      ],
    ],
    [
      "a declared type keeps its name from an inline one",
      "interface A { one: { a: string }; other: AOne } interface AOne { b: string }",
      "A",
      [
        ["A", "one", "other"],
        ["AOne2", "a"],
        ["AOne", "b"],
      ],
    ],
    ["literals of several aliases", 'type A = "a" | "b"; type B = A | "c";', "B", [["B", "a", "b", "c"]]],
    ["one literal", "", '"only"', [["DemoSendV", "only"]]],
    ["an alias that recurs through an object", "type A = { a?: A }[];", "A", [["AItem", "a"]]],
  ])("%s", (_, declarations, type, expected) => {
    expect(fields(declarations, type)).toEqual(expected);
  });

  test("two types of one name in two files get two names", () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "shop/user.ts": "export interface User { shop: string }" });
    const { model } = readSource(
      folder,
      'import type { GoService } from "@x/ts2go"; import type { User as ShopUser } from "./shop/user.js"; export interface User { own: string; shop: ShopUser } export interface Demo extends GoService { send(u: ShopUser, v: User): void }',
      "demo.ts",
    );
    expect(model.types.map((type) => type.name)).toEqual(["UserUser", "User"]);
    const client = clientOf({ file: join(folder, "demo.ts"), model });
    expect(client).toContain('import type * as source2 from "../shop/user.js";');
    expect(client).toContain("export type UserUser = source2.User;");
  });
});

describe("what is emitted", () => {
  test("only what is used: no reader where nothing comes back", () => {
    const one = read("", "x.u8");
    expect(clientOf(one)).toContain(
      'import { type Client, defineService, lazyClient, type Writer } from "@x/ts2go/v1";',
    );
    expect(serverOf(one, "gen")).not.toContain("image");
  });

  test("recursion is counted only where it is", () => {
    const { model } = read("interface Leaf { a: string } interface Tree { leaf: Leaf; kids: Tree[] }", "Tree");
    const graph = new TypeGraph(model);
    expect([graph.isRecursive("Tree"), graph.isRecursive("Leaf")]).toEqual([true, false]);
  });

  test("an interface without fields takes a byte", () => {
    const { model } = read("interface Empty {} interface Two { a: string; b: Empty }", "Two");
    expect(new Layouts(model).struct("Two")).toEqual({ size: 24, align: 8, refs: true, offsets: [0, 16] });
  });
});
