import type { Case, Group } from "../case.js";
import { type Chain, type Optionals, Priority, type Shape, Status, type Tree } from "../conformance.js";
import { deepEqual, equal, ok, upTo } from "../kit/checks.js";
import { everything } from "../kit/everything.js";
import type { Ground } from "../kit/ground.js";

/** A case that values come back as they went. */
const comeBack = <T>(name: string, method: (on: Ground) => (v: T) => Promise<T>, ...values: T[]): Case => ({
  name,
  async run(on) {
    for (const value of values) deepEqual(await method(on)(value), value);
  },
});

const numbers: readonly Case[] = [
  comeBack("u8: 0 and 255", ({ client }) => client.u8, 0, 1, 255),
  comeBack("i8: -128 and 127", ({ client }) => client.i8, -128, -1, 0, 127),
  comeBack("u16: 0 and 65,535", ({ client }) => client.u16, 0, 256, 65_535),
  comeBack("i16: -32,768 and 32,767", ({ client }) => client.i16, -32_768, -1, 32_767),
  comeBack("u32: 0 and 2^32 - 1", ({ client }) => client.u32, 0, 2 ** 31, 2 ** 32 - 1),
  comeBack("i32: -2^31 and 2^31 - 1", ({ client }) => client.i32, -(2 ** 31), -1, 2 ** 31 - 1),
  comeBack("u64: bigints 0 and 2^64 - 1", ({ client }) => client.u64, 0n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n),
  comeBack("i64: bigints -2^63 and 2^63 - 1", ({ client }) => client.i64, -(2n ** 63n), -1n, 0n, 2n ** 63n - 1n),
  comeBack(
    "int: the safe integers, least and greatest",
    ({ client }) => client.int,
    Number.MIN_SAFE_INTEGER,
    -1,
    2 ** 32,
    Number.MAX_SAFE_INTEGER,
  ),
  comeBack(
    "number: greatest, least, subnormal, 2^53 + 2",
    ({ client }) => client.f64,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    Number.EPSILON,
    2 ** 53 + 2,
    0.1,
  ),
  comeBack(
    "number: NaN and both infinities",
    ({ client }) => client.f64,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
  comeBack("number: negative zero keeps its sign", ({ client }) => client.f64, -0, 0),
  {
    name: "f32: rounded to the nearest as by Math.fround",
    async run({ client }) {
      for (const v of [0.1, 1 / 3, 16_777_217, -0, Number.NaN]) equal(await client.f32(v), Math.fround(v));
    },
  },
  {
    name: "a number of every kind is the same number in Go",
    async run({ client }) {
      deepEqual(await client.seenNumbers(everything.numbers), [
        "uint8 255",
        "int8 -128",
        "uint16 65535",
        "int16 -32768",
        "uint32 4294967295",
        "int32 -2147483648",
        "float32 1.5",
        "float64 3.141592653589793",
        "uint64 18446744073709551615",
        "int64 -9223372036854775808",
        "int -9007199254740991",
      ]);
    },
  },
];

const texts: readonly Case[] = [
  comeBack("boolean: true and false", ({ client }) => client.bool, true, false),
  comeBack("string: the empty one", ({ client }) => client.text, ""),
  {
    name: "string: every length around the end of the fast path, of 1 to 4 bytes a character",
    async run({ client }) {
      for (const unit of ["a", "é", "世", "🌍"]) {
        const words = upTo(70).map((n) => unit.repeat(n));
        deepEqual(await client.words(words), words);
      }
    },
  },
  comeBack("string: NUL and control characters", ({ client }) => client.text, "\0", "a\0b", "\u0001\u001f\u007f\r\n"),
  comeBack(
    "string: no normalization, and a byte order mark stays",
    ({ client }) => client.text,
    "\u00e9",
    "e\u0301",
    "\ufeffbom",
    "\ufffd",
  ),
  comeBack("string: a mebibyte of text", ({ client }) => client.text, "grüße🌍".repeat(100_000)),
  {
    name: "string: an ASCII string that ends in another character",
    async run({ client }) {
      for (let n = 0; n < 70; n++) equal(await client.text(`${"a".repeat(n)}é`), `${"a".repeat(n)}é`);
    },
  },
];

const arrays: readonly Case[] = [
  comeBack("Uint8Array: empty", ({ client }) => client.bytes, new Uint8Array()),
  {
    name: "Uint8Array: every size at which another way to copy takes over",
    async run({ client }) {
      for (const size of [1, 7, 8, 24, 25, 40, 41, 64, 127, 128, 129, 255, 256, 257, 511, 2047, 2048, 4095, 4097]) {
        const data = Uint8Array.from({ length: size }, (_, i) => i * 31);
        equal(Buffer.compare(await client.bytes(data), data), 0, `${size} bytes`);
      }
    },
  },
  {
    name: "Uint8Array: a subarray sends its own part only",
    async run({ client }) {
      const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
      deepEqual(await client.bytes(whole.subarray(10, 90)), whole.slice(10, 90));
    },
  },
  {
    name: "Uint8Array: a Buffer is one, and what comes back is a Uint8Array of its own",
    async run({ client }) {
      const first = await client.bytes(Buffer.from("abc"));
      await client.bytes(Buffer.from("xyz"));
      deepEqual([...first], [97, 98, 99]);
      ok(first.buffer instanceof ArrayBuffer);
    },
  },
  comeBack("typed arrays: the extremes of every element", ({ client }) => client.arrays, everything.arrays),
  {
    name: "typed arrays: all of them empty",
    async run({ client }) {
      const empty = Object.fromEntries(Object.entries(everything.arrays).map(([k, v]) => [k, v.slice(0, 0)]));
      deepEqual(await client.arrays(empty as typeof everything.arrays), empty);
    },
  },
  {
    name: "typed arrays: not a number and infinities in arrays of floats",
    async run({ client }) {
      const f32 = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0);
      const f64 = Float64Array.of(Number.NaN, Number.NEGATIVE_INFINITY, -0);
      const back = await client.arrays({ ...everything.arrays, f32, f64 });
      deepEqual([back.f32, back.f64], [f32, f64]);
    },
  },
  {
    name: "typed arrays: 100,000 elements of every kind",
    async run({ client }) {
      const list = upTo(100_000).map((i) => i % 127);
      const big = list.map(BigInt);
      const sent = {
        u8: Uint8Array.from(list),
        i8: Int8Array.from(list),
        u16: Uint16Array.from(list),
        i16: Int16Array.from(list),
        u32: Uint32Array.from(list),
        i32: Int32Array.from(list),
        f32: Float32Array.from(list),
        f64: Float64Array.from(list),
        u64: BigUint64Array.from(big),
        i64: BigInt64Array.from(big),
      };
      const back = await client.arrays(sent);
      for (const [kind, array] of Object.entries(sent)) {
        const came = back[kind as keyof typeof back];
        equal(came.constructor, array.constructor);
        equal(Buffer.compare(Buffer.from(came.buffer), Buffer.from(array.buffer)), 0, kind);
      }
    },
  },
];

const collections: readonly Case[] = [
  comeBack("list: empty, and of empty strings", ({ client }) => client.words, [], [""], ["", "", ""]),
  comeBack(
    "list: nested, with empty ones at every depth",
    ({ client }) => client.cube,
    [],
    [[]],
    [[[]], [[1], [], [2, 3]]],
  ),
  comeBack("list: of objects", ({ client }) => client.users, [
    { name: "ada", age: 36 },
    { name: "", age: 0 },
  ]),
  {
    name: "list: 100,000 strings",
    async run({ client }) {
      const words = upTo(100_000).map((i) => `word ${i}`);
      deepEqual(await client.words(words), words);
    },
  },
  comeBack("tuple: with elements of several types", ({ client }) => client.pair, ["a", 255], ["", 0]),
  comeBack(
    "tuple: named, nested, and null in it",
    ({ client }) => client.span,
    [[0, true], null],
    [
      [1.5, false],
      [2.5, true],
    ],
  ),
  comeBack(
    "Map: by strings, also empty ones",
    ({ client }) => client.byName,
    new Map(),
    new Map([
      ["", 0],
      ["__proto__", 1],
      ["世", 2 ** 32 - 1],
    ]),
  ),
  comeBack(
    "Map: by whole numbers",
    ({ client }) => client.byNumber,
    new Map([
      [-(2 ** 31), "least"],
      [0, ""],
      [2 ** 31 - 1, "greatest"],
    ]),
  ),
  comeBack(
    "Map: by booleans, of maps by a union of strings",
    ({ client }) => client.byFlag,
    new Map([
      [false, new Map()],
      [
        true,
        new Map([
          ["blue", 1],
          ["red", 2],
        ] as const),
      ],
    ]),
  ),
  {
    name: "Map: comes from Go in the order of its keys",
    async run({ client }) {
      const sent = new Map(upTo(500).map((i) => [`key ${(i * 7919) % 500}`, i] as const));
      const back = await client.byName(sent);
      deepEqual(back, sent);
      deepEqual([...back.keys()], [...sent.keys()].sort());
    },
  },
  comeBack("Record: by any strings", ({ client }) => client.record, {}, {
    ada: { name: "Ada", age: 36 },
    "": { name: "nobody", age: 0 },
    constructor: { name: "a word that objects know", age: 1 },
  } as never),
  {
    name: "Record: a key `__proto__` is a key like every other",
    async run({ client }) {
      const sent = JSON.parse('{ "__proto__": { "name": "x", "age": 1 }, "toString": { "name": "y", "age": 2 } }');
      const back = await client.record(sent);
      deepEqual(Object.keys(back).sort(), ["__proto__", "toString"]);
      equal(JSON.stringify(back.toString), '{"name":"y","age":2}');
      equal(Object.getPrototypeOf(back), Object.prototype);
    },
  },
  comeBack("Record: by a union of words, all of them there", ({ client }) => client.byWord, { left: 1, right: 255 }),
  comeBack(
    "Set: of strings and of numbers, also empty",
    ({ client }) => client.tags,
    new Set<string>(),
    new Set(["", "a", "世"]),
  ),
  comeBack("Set: of numbers", ({ client }) => client.ids, new Set([0, 2 ** 32 - 1, 7])),
];

const shapes: readonly Shape[] = [
  { kind: "circle", radius: 1.5 },
  { kind: "label", text: "x" },
  { kind: "label", text: "", color: "blue" },
  { kind: "origin" },
];

const structures: readonly Case[] = [
  comeBack("union of string literals: each of its words", ({ client }) => client.color, "red", "green", "blue"),
  comeBack("union of number literals: each of its numbers", ({ client }) => client.grade, 1, 2, -3),
  comeBack("enum of strings: each of its members", ({ client }) => client.status, Status.Open, Status.InProgress),
  comeBack(
    "enum of numbers: zero, given and negative",
    ({ client }) => client.priority,
    Priority.Low,
    Priority.High,
    Priority.Never,
  ),
  comeBack("union of objects: each of its members, with and without fields", ({ client }) => client.shape, ...shapes),
  comeBack<Shape[]>(
    "union of objects: a list of different ones, and nested",
    ({ client }) => client.shapes,
    [...shapes],
    [{ kind: "group", shapes: [...shapes, { kind: "group", shapes: [] }] }],
  ),
  comeBack<Shape | null>("union of objects: null is none of them", ({ client }) => client.maybeShape, null, {
    kind: "origin",
  }),
  comeBack(
    "generic: an instance with an object",
    ({ client }) => client.page,
    { items: [{ name: "a", age: 1 }] },
    { items: [], next: "b" },
  ),
  comeBack("generic: an instance of an instance", ({ client }) => client.pages, {
    items: [{ items: ["a"], next: "b" }, { items: [] }],
    next: "",
  }),
  {
    name: "recursive: a chain of 100 objects",
    async run({ client }) {
      let chain: Chain = { value: 0 };
      for (let value = 1; value < 100; value++) chain = { value, next: chain };
      deepEqual(await client.chain(chain), chain);
    },
  },
  {
    name: "recursive: a tree of 1000 objects",
    async run({ client }) {
      const tree = (name: string, depth: number): Tree => ({
        name,
        children: depth === 0 ? [] : upTo(10).map((i) => tree(`${name}.${i}`, depth - 1)),
      });
      deepEqual(await client.tree(tree("root", 3)), tree("root", 3));
    },
  },
  comeBack(
    "Date: before 1970, and the first and last that JavaScript has",
    ({ client }) => client.date,
    new Date(0),
    new Date(-1),
    new Date("2026-01-02T03:04:05.006Z"),
    new Date(8.64e15),
    new Date(-8.64e15),
  ),
  comeBack(
    "Duration: negative, and fractions to the nanosecond",
    ({ client }) => client.duration,
    0,
    -1500,
    0.000001,
    86_400_000.5,
  ),
  {
    name: "optional: a field that is absent comes back absent",
    async run({ client }) {
      const sparse: Optionals = { orNull: null, orUndefined: undefined };
      const back = await client.optionals(sparse);
      deepEqual(
        Object.keys(back).filter((key) => back[key as keyof Optionals] !== undefined),
        ["orNull"],
      );
      equal(back.orNull, null);
      ok(!("text" in back));
    },
  },
  comeBack<Optionals>("optional: zero, false and empty are there", ({ client }) => client.optionals, {
    flag: false,
    count: 0,
    text: "",
    big: 0n,
    list: [],
    bytes: new Uint8Array(),
    user: { name: "", age: 0 },
    color: "red",
    day: new Date(0),
    orNull: "",
    orUndefined: 0,
  }),
  comeBack("types made by Omit, Pick, Partial, extends and `&`", ({ client }) => client.derived, {
    id: 1,
    some: { age: 3 },
    picked: { name: "p" },
    both: { name: "b", age: 4, height: 1.8 },
  }),
  comeBack("an object without fields", ({ client }) => client.empty, {}),
  comeBack("a value of every kind at once", ({ client }) => client.everything, everything),
  {
    name: "a value of every kind is the same value in Go",
    async run({ client }) {
      deepEqual(await client.seen({ ...everything, shape: { kind: "circle", radius: 2 } }), [
        '"gr\\u00fc\\u00dfe, \\u4e16\\u754c \\U0001f30d"',
        "2026-01-02T03:04:05.006Z",
        "1.5ms",
        "gen.Color green",
        "*gen.Circle &{Radius:2}",
        "map[a:1 b:2]",
        "true",
      ]);
    },
  },
  {
    name: "a value that Go has made: nil is empty, a time zone is gone, maps are in order",
    async run({ client }) {
      const made = await client.made();
      deepEqual(
        [made.yes, made.text, made.nested, made.pair],
        [true, "made in Go: 世界", [[1], [], [2, 3]], ["first", 2]],
      );
      deepEqual(made.numbers, { ...everything.numbers, int: -1 });
      deepEqual(
        [...made.byName],
        [
          ["a", 1],
          ["b", 2],
        ],
      );
      deepEqual([...made.tags], ["x", "y"]);
      deepEqual(made.shape, { kind: "group", shapes: [{ kind: "circle", radius: 2 }, { kind: "origin" }] });
      deepEqual([made.day, made.span], [new Date("2026-01-02T02:04:05.006Z"), 1.5]);
      deepEqual(
        [made.arrays.u8, made.orNull, "maybe" in made, "chain" in made],
        [new Uint8Array(), null, false, false],
      );
    },
  },
  {
    name: "an object with more properties than its type: they stay here",
    async run({ client }) {
      const user = { name: "ada", age: 36, secret: "s" };
      deepEqual(await client.users([user]), [{ name: "ada", age: 36 }]);
    },
  },
  {
    name: "an instance of a class with getters is an object like every other",
    async run({ client }) {
      class Person {
        constructor(private readonly first: string) {}
        get name() {
          return `${this.first}!`;
        }
        age = 3;
      }
      deepEqual(await client.users([new Person("eve")]), [{ name: "eve!", age: 3 }]);
    },
  },
];

export const values: Group = {
  title: "Values",
  cases: [...numbers, ...texts, ...arrays, ...collections, ...structures],
};
