import type { Schema } from "@x/ts2go/schema";
import fc from "fast-check";
import { requests } from "./value.js";

/** Values that fit hardly anywhere, and some that fit where one would not think so. */
const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  1.5,
  255,
  256,
  -129,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  3.5e38,
  1e39,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0n,
  -1n,
  2n ** 63n,
  2n ** 64n,
  "",
  "1",
  "abc",
  "\ud800",
  `${"x".repeat(30)}\udfff`,
  "\ud83d\ude00",
  Symbol("s"),
  () => 1,
  [],
  [undefined],
  {},
  { length: 3 },
  { name: "x", age: 1 },
  new Date(0),
  new Date(Number.NaN),
  Object.create(Date.prototype),
  new Map(),
  new Map<unknown, unknown>([
    ["a", 1],
    [2, "b"],
  ]),
  new Set(),
  new Set<unknown>(["a", 1, Number.NaN]),
  [1, 2],
  { a: 1, __proto__: null },
  1e13,
  -9_223_372_036_854.775,
  Object.create(null),
  new Uint8Array(3),
  new Int8Array(3),
  Buffer.from("abc"),
  new Float64Array(2),
  new BigInt64Array(1),
  new DataView(new ArrayBuffer(8)),
  Object.create(Uint8Array.prototype),
  new String("abc"),
  new Number(3),
  Promise.resolve(1),
  class Foo {},
];

/** Random arguments of a method in which some parts are replaced by something else, so that most do not fit. */
export function misfits(schema: Schema, method: Schema["methods"][number]): fc.Arbitrary<unknown[]> {
  const changes = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...JUNK)), { maxLength: 3 });
  return fc.tuple(requests(schema, method), changes).map(([args, all]) => {
    let changed: unknown = args;
    for (const [where, junk] of all) changed = replaceOne(changed, where, junk);
    return Array.isArray(changed) && changed.length === args.length ? changed : [changed, ...args.slice(1)];
  });
}

/** Copies a value with one of its parts, picked by a number, replaced. */
function replaceOne(value: unknown, where: number, junk: unknown): unknown {
  if (value instanceof Set) {
    const changed = replaceOne([...value], where, junk);
    return Array.isArray(changed) ? new Set(changed) : changed;
  }
  if (value instanceof Map) return mapOf(replaceOne([...value], where, junk));
  const keys = isBranch(value) ? Object.keys(value) : [];
  if (keys.length === 0 || where % (keys.length + 1) === keys.length) return junk;
  const key = keys[where % (keys.length + 1)] as string;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) };
  const changed = replaceOne(copy[key], Math.floor(where / (keys.length + 1)), junk);
  Object.defineProperty(copy, key, { value: changed, writable: true, enumerable: true, configurable: true });
  return copy;
}

/** A map of what may be no list of entries any more. */
function mapOf(entries: unknown): unknown {
  return Array.isArray(entries) && entries.every(Array.isArray) ? new Map(entries as [unknown, unknown][]) : entries;
}

function isBranch(value: unknown): value is object {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}
