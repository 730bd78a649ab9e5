import type { Client } from "@x/ts2go";
import { EncodeError, inspect } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import type { Chain, Conformance, Everything } from "../gen/conformance.js";
import { deepEqual, equal, has, ok, quietly, rejection } from "../kit/checks.js";
import { everything } from "../kit/everything.js";

type Call = (client: Client<Conformance>) => Promise<unknown>;

/** A case of what does not fit: refused with the path to it, before anything is sent. */
const refuses = (name: string, path: string, ...calls: Call[]): Case => ({
  name,
  async run({ client }) {
    for (const call of calls) {
      const refused = quietly(call(client));
      deepEqual([inspect(client).inFlight, inspect(client).bodiesInUse], [0, 0], "something was sent");
      const error = await rejection(refused);
      ok(error instanceof EncodeError);
      has(error, { code: "ERR_ENCODE", path });
      ok(error.message.startsWith(`${error.method}: ${path}: expected ${error.expected}, got ${error.received}`));
    }
  },
});

/** Anything at all, as JavaScript would pass it. */
const bad = (v: unknown) => v as never;
const changed = (change: object): Everything => ({ ...everything, ...change }) as Everything;

function cycle(): Chain {
  const chain: Chain = { value: 1 };
  chain.next = { value: 2, next: chain };
  return chain;
}

export const refusals: Group = {
  title: "Refusals",
  cases: [
    refuses(
      "u8: 256, -1, 1.5, NaN, infinity",
      "v",
      ...[256, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((v) => (c: Client<Conformance>) => c.u8(v)),
    ),
    refuses(
      "u8: a string, a bigint, a boolean, null, nothing",
      "v",
      ...["5", 5n, true, null, undefined].map((v) => (c: Client<Conformance>) => c.u8(bad(v))),
    ),
    refuses(
      "i8: 128 and -129",
      "v",
      (c) => c.i8(128),
      (c) => c.i8(-129),
    ),
    refuses(
      "u16: 65,536 and -1",
      "v",
      (c) => c.u16(65_536),
      (c) => c.u16(-1),
    ),
    refuses(
      "i16: 32,768 and -32,769",
      "v",
      (c) => c.i16(32_768),
      (c) => c.i16(-32_769),
    ),
    refuses(
      "u32: 2^32 and -1",
      "v",
      (c) => c.u32(2 ** 32),
      (c) => c.u32(-1),
    ),
    refuses(
      "i32: 2^31 and -2^31 - 1",
      "v",
      (c) => c.i32(2 ** 31),
      (c) => c.i32(-(2 ** 31) - 1),
    ),
    refuses(
      "u64: 2^64, -1 and a number",
      "v",
      (c) => c.u64(2n ** 64n),
      (c) => c.u64(-1n),
      (c) => c.u64(bad(1)),
    ),
    refuses(
      "i64: 2^63, -2^63 - 1 and a number",
      "v",
      (c) => c.i64(2n ** 63n),
      (c) => c.i64(-(2n ** 63n) - 1n),
      (c) => c.i64(bad(1)),
    ),
    refuses(
      "int: 2^53, 1.5 and NaN",
      "v",
      (c) => c.int(2 ** 53),
      (c) => c.int(1.5),
      (c) => c.int(Number.NaN),
    ),
    refuses(
      "f32: what would become infinite",
      "v",
      (c) => c.f32(1e300),
      (c) => c.f32(-3.5e38),
    ),
    refuses(
      "number: a string, a bigint and null",
      "v",
      (c) => c.f64(bad("1")),
      (c) => c.f64(bad(1n)),
      (c) => c.f64(bad(null)),
    ),
    refuses(
      "boolean: 0, 1 and a string",
      "v",
      (c) => c.bool(bad(0)),
      (c) => c.bool(bad(1)),
      (c) => c.bool(bad("true")),
    ),
    refuses(
      "string: a number, null and a String object",
      "v",
      (c) => c.text(bad(5)),
      (c) => c.text(bad(null)),
      (c) => c.text(bad(new String("a"))),
    ),
    refuses(
      "string: a lone surrogate, in a short and in a long one",
      "v",
      (c) => c.text("\udc00"),
      (c) => c.text(`${"y".repeat(500)}\ud800`),
      (c) => c.text("\ud800a"),
    ),
    refuses(
      "typed array: of another type, a list, an ArrayBuffer",
      "v",
      (c) => c.bytes(bad(new Uint16Array(1))),
      (c) => c.bytes(bad([1, 2])),
      (c) => c.bytes(bad(new ArrayBuffer(1))),
    ),
    refuses("a typed array in an object", "v.u16", (c) =>
      c.arrays({ ...everything.arrays, u16: bad(Uint8Array.of(1)) }),
    ),
    refuses("a missing field", "v.text", (c) => c.everything(changed({ text: undefined }))),
    refuses("null where an object is wanted", "v.numbers", (c) => c.everything(changed({ numbers: null }))),
    refuses("a field in an object in an object", "v.numbers.u8", (c) =>
      c.everything(changed({ numbers: { ...everything.numbers, u8: 300 } })),
    ),
    refuses("a field of an optional object", "v.orNull.int", (c) =>
      c.everything(changed({ orNull: { ...everything.numbers, int: 0.5 } })),
    ),
    refuses(
      "list: what is none",
      "v",
      (c) => c.words(bad("no list")),
      (c) => c.words(bad(null)),
      (c) => c.words(bad({ length: 1 })),
    ),
    refuses(
      "list: an element",
      "v[1]",
      (c) => c.words(bad(["a", 5])),
      (c) => c.words(bad(["a", undefined])),
    ),
    refuses("list: an element deep down", "v[1][0][2]", (c) => c.cube([[], [[1, 2, 2 ** 31]]])),
    refuses("list: a field of an element", "v[1].age", (c) =>
      c.users([
        { name: "a", age: 1 },
        { name: "b", age: 256 },
      ]),
    ),
    refuses(
      "tuple: too few and too many elements",
      "v",
      (c) => c.pair(bad(["a"])),
      (c) => c.pair(bad(["a", 1, 2])),
    ),
    refuses("tuple: an element", "v[1]", (c) => c.pair(["a", 256])),
    refuses(
      "Map: what is none",
      "v",
      (c) => c.byName(bad({ a: 1 })),
      (c) => c.byName(bad([["a", 1]])),
    ),
    refuses("Set: what is none", "v", (c) => c.tags(bad(["a"]))),
    refuses(
      "a word outside the union",
      "v",
      (c) => c.color(bad("mauve")),
      (c) => c.color(bad("")),
      (c) => c.color(bad(0)),
    ),
    refuses(
      "a number outside the union",
      "v",
      (c) => c.grade(bad(0)),
      (c) => c.grade(bad("1")),
    ),
    refuses(
      "a value outside the enum",
      "v",
      (c) => c.priority(bad(11)),
      (c) => c.priority(bad("Low")),
    ),
    refuses(
      "union of objects: no tag, an unknown one",
      "v.kind",
      (c) => c.shape(bad({ kind: "square" })),
      (c) => c.shape(bad({ radius: 1 })),
    ),
    refuses("union of objects: a field of one of them", "v[1].radius", (c) =>
      c.shapes([{ kind: "origin" }, { kind: "circle", radius: bad("1") }]),
    ),
    refuses(
      "Date: an invalid one, a number, a string",
      "v",
      (c) => c.date(new Date(Number.NaN)),
      (c) => c.date(bad(0)),
      (c) => c.date(bad("2026-01-01")),
    ),
    refuses(
      "Duration: beyond Go's 292 years, NaN",
      "v",
      (c) => c.duration(1e16),
      (c) => c.duration(Number.NaN),
    ),
    refuses("an optional field that is there and does not fit", "v.count", (c) =>
      c.optionals({ count: -1, orNull: null, orUndefined: undefined }),
    ),
    refuses("the second of several arguments", "b", (c) => c.several(true, bad(5), 1)),
    refuses("an argument that was left out and may not be", "c", (c) => c.several(true, "a", bad(undefined))),
    {
      name: "Map, Record: a key and a value, by a path that names the key",
      async run({ client }) {
        const paths: string[] = [];
        for (const call of [
          client.byName(new Map([["a", -1]])),
          client.byNumber(new Map([[2 ** 31, "x"]])),
          client.record({ eve: { name: "e", age: 300 } }),
          client.ids(new Set([1.5])),
        ].map(quietly<unknown>)) {
          const error = await rejection(call);
          ok(error instanceof EncodeError);
          paths.push(error.path);
        }
        // Each is an expression that a debugger takes.
        deepEqual(paths, ['v.get("a")', "[...v.keys()][0]", "v.eve.age", "[...v][0]"]);
      },
    },
    {
      name: "a cycle",
      async run({ client }) {
        const error = await rejection(client.chain(cycle()));
        ok(error instanceof EncodeError);
        ok(error.path.startsWith("v.next"), error.path);
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "an error of a getter's own is thrown as it is",
      async run({ client }) {
        const mine = new RangeError("mine");
        const user = {
          name: "a",
          get age(): number {
            throw mine;
          },
        };
        equal(await rejection(client.users([user])), mine as never);
      },
    },
    {
      name: "after a refusal the next call of the same method goes through",
      async run({ client }) {
        for (let i = 0; i < 100; i++) {
          await rejection(client.users([{ name: "x".repeat(i * 10), age: 300 }]));
          deepEqual(await client.users([{ name: "ok", age: 30 }]), [{ name: "ok", age: 30 }]);
        }
      },
    },
    {
      name: "a refusal in a batch of calls leaves the others alone",
      async run({ client }) {
        const results = await Promise.allSettled([client.u8(1), client.u8(300), client.u8(2)]);
        deepEqual(
          results.map((r) => r.status),
          ["fulfilled", "rejected", "fulfilled"],
        );
      },
    },
  ],
};
