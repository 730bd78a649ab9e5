import { describe, expect, test } from "vitest";
import { explain } from "../../bridge/src/schema/explain.js";
import { Path } from "../../bridge/src/schema/path.js";
import { canonicalSchema } from "../src/index.js";
import { Body, loadService } from "./client.js";
import { clientOf, readSource } from "./generated.js";
import { suiteFolder } from "./support.js";

const SOURCE = `
import type { GoService, f32, i64, int, u64, u8 } from "@x/ts2go";
export type Colour = "red" | "green";
export interface User { name: string; age: u8; "favourite colour"?: Colour; tags: string[] }
export interface Node { value: int; next?: Node; kids: Node[] }
export interface Numbers { big: u64; signed: i64; small: f32; plain: number; yes: boolean }
export interface Options { verbose?: boolean; nested?: Options }
export interface Demo extends GoService {
  send(req: { users: User[] }): Promise<void>;
  walk(req: Node): Promise<void>;
  count(n: Numbers, bytes: Uint8Array, maybe: (u8 | null)[]): Promise<void>;
  set(options: Options): Promise<void>;
}
`;

const read = readSource(suiteFolder(), SOURCE, "demo.ts");
const { schema } = canonicalSchema(read.model);
const service = await loadService(clientOf(read), "Demo");
const body = new Body();

/** Explains the arguments, and sees that the encoder agrees. */
function fault(name: string, ...args: unknown[]): string | undefined {
  const index = schema.methods.findIndex((method) => method.name === `Demo.${name}`);
  const method = schema.methods[index];
  const spec = service.methods[index];
  if (method === undefined || spec === undefined) throw new Error(`no method ${name}`);
  const found = explain(schema, method, args);
  expect("refused" in body.encode(spec, args), "the encoder refuses").toBe(found !== undefined);
  return found && `${found.path}: ${found.expected} <- ${found.received}`;
}

const user = { name: "ada", age: 36, tags: [] };
const numbers = { big: 1n, signed: -1n, small: 1.5, plain: 2, yes: true };

describe("explain", () => {
  test("finds nothing where all fits", () => {
    expect(fault("send", { users: [user, { ...user, "favourite colour": "red" }] })).toBeUndefined();
    expect(fault("count", numbers, new Uint8Array(2), [1, null, undefined])).toBeUndefined();
    expect(fault("set", {})).toBeUndefined();
    expect(fault("set", { verbose: undefined, nested: { nested: {} } })).toBeUndefined();
  });

  test.each<[string, unknown[], string]>([
    ["send", [{ users: [user, { ...user, age: 300 }] }], "req.users[1].age: u8 (0 to 255) <- 300"],
    ["send", [{ users: [{ ...user, age: 1.5 }] }], "req.users[0].age: u8 (0 to 255) <- 1.5"],
    ["send", [{ users: [{ ...user, age: "36" }] }], "req.users[0].age: u8 (0 to 255) <- a string"],
    ["send", [{ users: [{ ...user, age: 5n }] }], "req.users[0].age: u8 (0 to 255) <- 5n"],
    ["send", [{ users: [{ name: "ada", tags: [] }] }], "req.users[0].age: u8 (0 to 255) <- missing"],
    [
      "send",
      [{ users: [{ ...user, name: "hello\ud800x" }] }],
      "req.users[0].name: string <- a lone surrogate at index 5",
    ],
    [
      "send",
      [{ users: [{ ...user, name: "\ud83d\ude00\ude00" }] }],
      "req.users[0].name: string <- a lone surrogate at index 2",
    ],
    ["send", [{ users: [{ ...user, name: 3 }] }], "req.users[0].name: string <- a number"],
    [
      "send",
      [{ users: [{ ...user, "favourite colour": "blue" }] }],
      'req.users[0]["favourite colour"]: "red" | "green" <- "blue"',
    ],
    ["send", [{ users: [{ ...user, tags: ["a", null] }] }], "req.users[0].tags[1]: string <- null"],
    ["send", [{ users: [{ ...user, tags: "a" }] }], "req.users[0].tags: string[] <- a string"],
    ["send", [{ users: { 0: user } }], "req.users: User[] <- an object"],
    ["send", [{}], "req.users: User[] <- missing"],
    ["send", [], "req: DemoSendReq <- missing"],
    ["send", [7], "req: DemoSendReq <- a number"],
    ["send", [{ users: [Promise.resolve(user)] }], "req.users[0]: User <- a Promise (await it first)"],
    ["send", [[user]], "req: DemoSendReq <- an array"],
    ["send", [{ users: Promise.resolve([]) }], "req.users: User[] <- a Promise (await it first)"],
    ["count", [{ ...numbers, big: -1n }, new Uint8Array(), []], "n.big: u64 (a bigint, 0 to 2^64 - 1) <- -1n"],
    ["count", [{ ...numbers, big: 3 }, new Uint8Array(), []], "n.big: u64 (a bigint, 0 to 2^64 - 1) <- 3"],
    [
      "count",
      [{ ...numbers, small: 1e39 }, new Uint8Array(), []],
      "n.small: f32 (a number of at most 3.4e38, or infinite) <- 1e+39",
    ],
    ["count", [numbers, [1, 2], []], "bytes: Uint8Array <- an array"],
    ["count", [numbers, new Uint16Array(1), []], "bytes: Uint8Array <- a Uint16Array"],
    ["count", [numbers, new Uint8Array(), [1, 256]], "maybe[1]: u8 (0 to 255) <- 256"],
    ["set", [5], "options: Options <- a number"],
    ["set", [{ nested: () => 1 }], "options.nested: Options <- a function"],
    ["walk", [{ value: Number.NaN, kids: [] }], "req.value: int (a whole number from -(2^53 - 1) to 2^53 - 1) <- NaN"],
  ])("%s %#", (name, args, expected) => {
    expect(fault(name, ...args)).toBe(expected);
  });

  test("a cycle is named by where it closes", () => {
    const node: Record<string, unknown> = { value: 1, kids: [] };
    const inner = { value: 2, kids: [], next: node };
    node.next = inner;
    expect(fault("walk", node)).toBe("req.next.next: Node <- a cycle (the same object as req)");
    const parent: { value: number; kids: unknown[] } = { value: 1, kids: [] };
    parent.kids.push({ value: 2, kids: [{ value: 3, kids: [] }, parent] });
    expect(fault("walk", parent)).toBe("req.kids[0].kids[1]: Node <- a cycle (the same object as req)");
  });

  test("nesting is counted to the limit exactly", () => {
    const nested = (levels: number): unknown => {
      let node: Record<string, unknown> = { value: 0, kids: [] };
      for (let i = 1; i < levels; i++) node = { value: i, kids: [], next: node };
      return node;
    };
    expect(fault("walk", nested(512))).toBeUndefined();
    const next = (n: number): string => ".next".repeat(n);
    expect(fault("walk", nested(513))).toBe(`req${next(11)} ... ${next(4)}: Node <- nested deeper than 512`);
  });

  test("the same object twice is no cycle", () => {
    const leaf = { value: 1, kids: [] };
    expect(fault("walk", { value: 0, kids: [leaf, leaf], next: leaf })).toBeUndefined();
  });
});

describe("paths", () => {
  test("are written as JavaScript would", () => {
    const path = Path.root("req").property("a").property("first name").index(3).property('quo"te').property("$x");
    expect(path.text).toBe('req.a["first name"][3]["quo\\"te"].$x');
  });
});
