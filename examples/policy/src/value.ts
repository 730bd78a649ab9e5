/** JavaScript's own values to the language's, and back. */
import type { Value } from "./policy.js";

/** What has a value in the language: a bigint is an `int`, or a `uint` if it is too large for one; a number a `double`. */
export type Plain =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Date
  | readonly Plain[]
  | ReadonlyMap<string | bigint | boolean, Plain>
  | { readonly [name: string]: Plain };

const INT_MAX = 2n ** 63n - 1n;

export function toValue(plain: Plain): Value {
  switch (typeof plain) {
    case "boolean":
      return { kind: "bool", value: plain };
    case "bigint":
      return { kind: plain > INT_MAX ? "uint" : "int", value: plain };
    case "number":
      return { kind: "double", value: plain };
    case "string":
      return { kind: "string", value: plain };
  }
  if (plain === null) return { kind: "null" };
  if (plain instanceof Uint8Array) return { kind: "bytes", value: plain };
  if (plain instanceof Date) return { kind: "timestamp", value: plain };
  if (isList(plain)) return { kind: "list", values: plain.map(toValue) };
  if (!isMap(plain)) return { kind: "object", fields: toValues(plain) };
  return {
    kind: "map",
    entries: [...plain].map(([key, value]) => ({ key: toValue(key), value: toValue(value) })),
  };
}

/** The variables of an evaluation. */
export function toValues(variables: Readonly<Record<string, Plain>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toValue(value)]));
}

/** A type is its name, a duration its milliseconds. */
export function toPlain(value: Value): Plain {
  switch (value.kind) {
    case "null":
      return null;
    case "type":
      return value.name;
    case "list":
      return value.values.map(toPlain);
    case "object":
      return Object.fromEntries(Object.entries(value.fields).map(([name, field]) => [name, toPlain(field)]));
    case "map":
      return new Map(
        value.entries.map(({ key, value }) => [toPlain(key) as string | bigint | boolean, toPlain(value)]),
      );
    default:
      return value.value;
  }
}

// Array.isArray and instanceof do not narrow read-only types.
const isList = (plain: Plain): plain is readonly Plain[] => Array.isArray(plain);
const isMap = (plain: Plain): plain is ReadonlyMap<string | bigint | boolean, Plain> => plain instanceof Map;
