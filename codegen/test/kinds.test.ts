import { describe, expect, test } from "vitest";
import { explain } from "../../bridge/src/schema/explain.js";
import { canonicalSchema } from "../src/index.js";
import { Body, loadService } from "./client.js";
import { clientOf, readSource } from "./generated.js";
import { suiteFolder } from "./support.js";

// What has another form in an image than in Go, and what is checked of it, on both ends of one method each.
const SOURCE = `
import type { Duration, GoService, i64, u8, u32 } from "@x/ts2go";
export interface User { name: string; age: u8 }
export enum Colour { Red = "red", Green = "green" }
export enum Level { Low = 1, High = 7 }
export interface Circle { kind: "circle"; radius: number }
export interface Group { kind: "group"; shapes: Shape[]; named: Map<string, Shape> }
export type Shape = Circle | Group;
export type Span = [from: u32, to: u32];
export interface Fixed { version: 2; on: true; name: string }
export interface Demo extends GoService {
  users(users: Map<string, User>): Promise<Map<string, User>>;
  ids(ids: Map<i64, u8>): Promise<Map<i64, u8>>;
  tags(tags: Set<string>): Promise<Set<string>>;
  colours(colours: Set<Colour>): Promise<Set<Colour>>;
  counts(counts: Record<string, u8>): Promise<Record<string, u8>>;
  level(level: Level): Promise<Level>;
  shape(shape: Shape): Promise<Shape>;
  maybe(shape: Shape | null): Promise<Shape | null>;
  span(span: Span): Promise<Span>;
  nested(req: { all: Map<u32, { spans: Set<u8>[] }> }): Promise<{ all: Map<u32, { spans: Set<u8>[] }> }>;
  date(date: Date): Promise<Date>;
  duration(duration: Duration): Promise<Duration>;
  fixed(fixed: Fixed): Promise<Fixed>;
}
`;

const read = readSource(suiteFolder(), SOURCE, "demo.ts");
const { schema } = canonicalSchema(read.model);
const service = await loadService(clientOf(read), "Demo");
const body = new Body();

function specOf(name: string) {
  const index = schema.methods.findIndex((method) => method.name === `Demo.${name}`);
  const method = schema.methods[index];
  const spec = service.methods[index];
  if (method === undefined || spec === undefined) throw new Error(`no method ${name}`);
  return { method, spec };
}

/** Explains an argument, and sees that the encoder agrees. */
function fault(name: string, value: unknown): string | undefined {
  const { method, spec } = specOf(name);
  const found = explain(schema, method, [value]);
  expect("refused" in body.encode(spec, [value]), "the encoder refuses").toBe(found !== undefined);
  return found && `${found.path}: ${found.expected} <- ${found.received}`;
}

function encoded(name: string, value: unknown): Uint8Array {
  const outcome = body.encode(specOf(name).spec, [value]);
  if (!("image" in outcome)) throw outcome.refused;
  return outcome.image;
}

const decoded = (name: string, image: Uint8Array): unknown => body.decode(specOf(name).spec, image);
const there = (name: string, value: unknown): unknown => decoded(name, encoded(name, value));

const ada = { name: "ada", age: 36 };
const circle = { kind: "circle", radius: 1 };

describe("what does not fit is named", () => {
  test.each<[string, unknown, string]>([
    ["users", new Map([["ada", { ...ada, age: 300 }]]), 'users.get("ada").age: u8 (0 to 255) <- 300'],
    [
      "users",
      new Map<unknown, unknown>([
        ["a", ada],
        [7, ada],
      ]),
      "[...users.keys()][1]: string <- a number",
    ],
    ["users", new Map([["ada", undefined]]), 'users.get("ada"): User <- missing'],
    ["users", { ada }, "users: Map<string, User> <- an object"],
    ["users", [["ada", ada]], "users: Map<string, User> <- an array"],
    ["ids", new Map([[5n, 256]]), "ids.get(5n): u8 (0 to 255) <- 256"],
    ["ids", new Map([[5, 1]]), "[...ids.keys()][0]: i64 (a bigint, -2^63 to 2^63 - 1) <- 5"],
    ["tags", new Set(["a", "b", 3]), "[...tags][2]: string <- a number"],
    ["tags", ["a"], "tags: Set<string> <- an array"],
    ["tags", new Set(["\ud800"]), "[...tags][0]: string <- a lone surrogate at index 0"],
    ["colours", new Set(["red", "blue"]), '[...colours][1]: "red" | "green" <- "blue"'],
    ["counts", { a: 1, "b c": -1 }, 'counts["b c"]: u8 (0 to 255) <- -1'],
    ["counts", { a: undefined }, "counts.a: u8 (0 to 255) <- missing"],
    ["counts", new Map([["a", 1]]), "counts: Record<string, u8> <- a Map"],
    ["counts", null, "counts: Record<string, u8> <- null"],
    ["counts", { "\udfff": 1 }, 'counts["\\udfff"]: string <- a lone surrogate at index 0'],
    ["level", 2, "level: 1 | 7 <- 2"],
    ["level", "Low", "level: 1 | 7 <- a string"],
    ["shape", { kind: "square" }, 'shape.kind: "circle" | "group" <- "square"'],
    ["shape", { radius: 1 }, 'shape.kind: "circle" | "group" <- missing'],
    ["shape", { kind: "circle" }, "shape.radius: number <- missing"],
    ["shape", null, "shape: Shape <- null"],
    ["shape", 5, "shape: Shape <- a number"],
    [
      "shape",
      { kind: "group", shapes: [circle], named: new Map([["x", { kind: "circle", radius: "1" }]]) },
      'shape.named.get("x").radius: number <- a string',
    ],
    ["maybe", { kind: 3 }, 'shape.kind: "circle" | "group" <- 3'],
    ["span", [1], "span: Span of 2 <- an array of 1"],
    ["span", [1, 2, 3], "span: Span of 2 <- an array of 3"],
    ["span", [1, -2], "span[1]: u32 (0 to 4294967295) <- -2"],
    ["span", { 0: 1, 1: 2 }, "span: Span <- an object"],
    [
      "nested",
      { all: new Map([[7, { spans: [new Set([1]), new Set([1, 256])] }]]) },
      "[...req.all.get(7).spans[1]][1]: u8 (0 to 255) <- 256",
    ],
    ["date", new Date(Number.NaN), "date: a valid Date <- an invalid Date"],
    ["date", 5, "date: a valid Date <- a number"],
    ["date", "2026-01-01", "date: a valid Date <- a string"],
    ["duration", 1e13, "duration: Duration (milliseconds, at most 292 years) <- 10000000000000"],
    ["duration", Number.NaN, "duration: Duration (milliseconds, at most 292 years) <- NaN"],
    ["duration", 5n, "duration: Duration (milliseconds, at most 292 years) <- a bigint"],
    ["fixed", { version: 3, on: true, name: "" }, "fixed.version: 2 <- 3"],
    ["fixed", { version: 2, on: false, name: "" }, "fixed.on: true <- false"],
    ["fixed", { version: 2, on: true }, "fixed.name: string <- missing"],
  ])("%s %#", (name, value, expected) => {
    expect(fault(name, value)).toBe(expected);
  });

  test("a group in itself is a cycle", () => {
    const group: Record<string, unknown> = { kind: "group", shapes: [] };
    group.named = new Map([["self", group]]);
    expect(fault("shape", group)).toBe('shape.named.get("self"): Group <- a cycle (the same object as shape)');
  });

  test("a map that changes while it is sent is refused, larger or smaller", () => {
    const { spec } = specOf("users");
    for (const change of [
      (map: Map<string, unknown>) => map.set("new", ada),
      (map: Map<string, unknown>) => map.clear(),
    ]) {
      const users = new Map<string, unknown>();
      const sly = {
        name: "x",
        get age() {
          change(users);
          return 1;
        },
      };
      users.set("a", sly).set("b", ada);
      expect("refused" in body.encode(spec, [users])).toBe(true);
    }
  });
});

describe("what fits comes back", () => {
  test.each<[string, unknown]>([
    ["users", new Map()],
    [
      "users",
      new Map([
        ["", ada],
        ["__proto__", ada],
      ]),
    ],
    ["tags", new Set(["a", ""])],
    ["counts", JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}')],
    ["level", 7],
    ["maybe", null],
    ["maybe", { kind: "group", shapes: [circle, { kind: "group", shapes: [], named: new Map() }], named: new Map() }],
    ["span", [0, 4_294_967_295]],
    ["date", new Date(8.64e15)],
    ["date", new Date(-8.64e15)],
    ["duration", 0.000_001],
    ["duration", -1.5],
    ["duration", 2 ** 33 - 0.000_001],
    ["duration", 9_223_372_036_854],
    ["fixed", { version: 2, on: true, name: "a" }],
  ])("%s %#", (name, value) => {
    expect(there(name, value)).toStrictEqual(value);
  });

  test("in the order of insertion", () => {
    const back = there(
      "users",
      new Map([
        ["b", ada],
        ["a", ada],
      ]),
    ) as Map<string, unknown>;
    expect([...back.keys()]).toEqual(["b", "a"]);
  });

  test("an object from a record is an ordinary one, whatever its keys", () => {
    const back = there("counts", JSON.parse('{"__proto__": 1}')) as object;
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.keys(back)).toEqual(["__proto__"]);
  });

  test("what has only one value takes no room", () => {
    expect(encoded("fixed", { version: 2, on: true, name: "" }).length).toBe(16);
  });
});

describe("a forged result is refused", () => {
  const words = (image: Uint8Array): DataView => new DataView(image.buffer, image.byteOffset);

  test("a key that comes twice", () => {
    const image = encoded(
      "ids",
      new Map([
        [1n, 1],
        [2n, 1],
      ]),
    );
    words(image).setBigInt64(24 + 16, 1n, true);
    expect(() => decoded("ids", image)).toThrow("2 entries with only 1 different keys");
  });

  test("an element that comes twice", () => {
    const image = encoded("colours", new Set(["red", "green"]));
    image.copyWithin(24 + 16, 24, 24 + 16);
    expect(() => decoded("colours", image)).toThrow("2 entries with only 1 different keys");
  });

  test("an entry of a record that comes twice", () => {
    const image = encoded("counts", { a: 1, b: 2 });
    image[image.length - 1] = "a".charCodeAt(0);
    expect(() => decoded("counts", image)).toThrow('an entry "a" that came twice');
  });

  test("a number of no member, and a member that is not there", () => {
    const image = encoded("shape", circle);
    words(image).setUint32(0, 3, true);
    expect(() => decoded("shape", image)).toThrow("member 3 of Shape, which has members 1 to 2");
    words(image).setUint32(0, 1, true);
    words(image).setBigUint64(8, 0n, true);
    expect(() => decoded("shape", image)).toThrow("a member of a union that is not there");
  });

  test("a number that is none of an enum", () => {
    const image = encoded("level", 1);
    words(image).setBigInt64(0, 2n, true);
    expect(() => decoded("level", image)).toThrow("2 where one of 1, 7 was expected");
  });

  test("a time beyond Date", () => {
    const image = encoded("date", new Date(0));
    words(image).setBigInt64(0, 8_640_000_000_000_001n, true);
    expect(() => decoded("date", image)).toThrow("which is no Date");
  });
});
