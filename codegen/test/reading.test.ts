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
    ["", "x.Duration", { kind: "duration" }],
    ["", "Date | null", optional("null", { kind: "date" })],
    ["", "ReadonlyMap<x.u8, string[]>", { kind: "map", key: { kind: "u8" }, value: list(string) }],
    ["", "Readonly<Record<string, number>>", { kind: "map", key: string, value: f64, record: true }],
    ["interface Dict { [key: string]: number }", "Dict", { kind: "map", key: string, value: f64, record: true }],
    [
      "type Dict<T> = { readonly [key: string]: T };",
      "Dict<string>",
      { kind: "map", key: string, value: string, record: true },
    ],
    ["", "Set<string>[]", list({ kind: "set", element: string })],
    ["", "true | false", { kind: "bool" }],
    ["type Yes = true; type No = false;", "Yes | No | undefined", optional("undefined", { kind: "bool" })],
    ["type Maybe<T> = T | null;", "Maybe<string[]>[]", list(optional("null", list(string)))],
    ["type Maybe<T> = T | null;", "Maybe<Maybe<x.u8>>", optional("null", { kind: "u8" })],
    ["type Maybe<T> = T | null;", "NonNullable<Maybe<x.u8>>", { kind: "u8" }],
    ["type Pairs<K, V = K[]> = Map<K, V>;", "Pairs<string>", { kind: "map", key: string, value: list(string) }],
    ["interface User { name: string; age?: x.u8 }", 'User["age"]', optional("undefined", { kind: "u8" })],
    ["interface Page<T> { items: T[] }", 'Page<x.u8>["items"]', list({ kind: "u8" })],
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
    canonicalSchema(read(declarations, type).model).schema.types.map((one) => {
      if ("fields" in one) return [one.name, ...one.fields.map((field) => field.name)];
      return "values" in one ? [one.name, ...one.values] : [one.name, one.tag, ...one.members.map(({ type }) => type)];
    });

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
    ["a tuple is called after its alias", "type Pair = readonly [string, b: number];", "Pair", [["Pair", "0", "b"]]],
    [
      "a tuple without a name after its place",
      "interface A { at: [number, number] }",
      "A",
      [
        ["A", "at"],
        ["AAt", "0", "1"],
      ],
    ],
    ["numbers", "type Level = 1 | -2 | 1;", "Level", [["Level", 1, -2]]],
    ["an enum", 'enum E { A = "x", B = `y`, C = A }', "E", [["E", "x", "y"]]],
    ["a const enum with numbers", "const enum E { A, B = A + 4, C = 1 << 3 }", "E", [["E", 0, 4, 8]]],
    ["members of an enum", 'enum E { A = "x", B = "y", C = "z" }', "E.A | E.C", [["DemoSendV", "x", "z"]]],
    ["Exclude", 'type A = "a" | "b" | "c"; type B = Exclude<A, "a">;', "B", [["B", "b", "c"]]],
    ["Extract", 'type A = "a" | "b" | null;', 'Extract<A, "a" | "z">', [["DemoSendV", "a"]]],
    ["keyof", "interface A { a: string; b: string } type K = keyof A;", "K", [["K", "a", "b"]]],
    ["a Record of known keys", 'type R = Record<"a" | "b", number>;', "R", [["R", "a", "b"]]],
    [
      "Pick and Omit keep the order of the fields",
      'interface A { a: string; b: string; c: string } type P = Pick<A, "c" | "a">; interface O extends Omit<A, "a"> { p: P }',
      "O",
      [
        ["O", "b", "c", "p"],
        ["P", "a", "c"],
      ],
    ],
    [
      "Partial of one type is one type",
      "interface A { a: string } interface B { x: Partial<A>; y: Partial<A>[] }",
      "B",
      [
        ["B", "x", "y"],
        ["PartialA", "a"],
      ],
    ],
    [
      "an alias that comes back to itself",
      "type T = Readonly<{ n: number; next: T | null }>; type L = readonly [T, T | undefined];",
      "L",
      [
        ["L", "0", "1"],
        ["T", "n", "next"],
      ],
    ],
    ["an intersection", "interface A { a: string } type B = A & { b: string } & Readonly<A>;", "B", [["B", "a", "b"]]],
    [
      "a union of unions",
      'interface A { kind: "a" } interface B { kind: "b" } type AB = A | B; type All = AB | { kind: 3; c: string } | A;',
      "All",
      [
        ["All", "kind", "A", "B", "All3"],
        ["A", "kind"],
        ["B", "kind"],
        ["All3", "kind", "c"],
      ],
    ],
    [
      "the tag is what all members have one value of each",
      'interface A { v: 1; ok: true } interface B { v: 1; ok: false; x: "a" }',
      "A | B | null",
      [
        ["DemoSendV", "ok", "A", "B"],
        ["A", "v", "ok"],
        ["B", "v", "ok", "x"],
      ],
    ],
    [
      "instances of a generic type, each once",
      "interface Page<T, C = string> { items: T[]; next?: C } type Names = Page<string>; interface A { a: Names; b: Page<string, string>; c: Page<Page<x.u8>, x.u8> }",
      "A",
      [
        ["A", "a", "b", "c"],
        ["PageOfString", "items", "next"],
        ["PageOfPageOfU8AndU8", "items", "next"],
        ["PageOfU8", "items", "next"],
      ],
    ],
    [
      "an instance is another one under an alias of what is no type of its own",
      "interface Box<T> { value: T } type Id = x.u32; interface A { a: Box<Id>; b: Box<x.u32>; c: Box<number> }",
      "A",
      [
        ["A", "a", "b", "c"],
        ["BoxOfId", "value"],
        ["BoxOfNumber", "value"],
      ],
    ],
    [
      "an instance gives way to a declared type of its name",
      "interface Box<T> { value: T } interface BoxOfString { own: string } interface A { a: Box<string>; b: BoxOfString }",
      "A",
      [
        ["A", "a", "b"],
        ["BoxOfString", "value"],
        ["DemoBoxOfString", "own"],
      ],
    ],
    [
      "a generic type that recurs",
      "interface Tree<T> { value: T; kids: Tree<T>[] }",
      "Tree<x.u8>",
      [["TreeOfU8", "value", "kids"]],
    ],
    [
      "constraints, defaults that use each other, and a generic parent",
      "interface Base<I> { id: I } interface Rows<I, R extends Base<I> = Base<I>> extends Base<I> { rows: R[] }",
      "Rows<x.u8>",
      [
        ["RowsOfU8", "id", "rows"],
        ["BaseOfU8", "id"],
      ],
    ],
    [
      "what is no part of what is sent has no type",
      "interface Secret { key: symbol } interface A { a: string; s: Secret } type P = Pick<A, 'a'>;",
      "P",
      [["P", "a"]],
    ],
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
