/** Two values as one can compare them. */
import type { Value } from "../src/policy.js";

/** The same value with the entries of its maps in one order, and durations to the nanosecond. */
export function comparable(value: Value): Value {
  switch (value.kind) {
    case "duration":
      return { kind: "duration", value: Math.round(value.value * 1e6) / 1e6 };
    case "list":
      return { kind: "list", values: value.values.map(comparable) };
    case "object":
      return {
        kind: "object",
        fields: Object.fromEntries(Object.entries(value.fields).map(([name, field]) => [name, comparable(field)])),
      };
    case "map":
      return {
        kind: "map",
        entries: value.entries
          .map(({ key, value }) => ({ key, value: comparable(value) }))
          .sort((a, b) => (text(a.key) < text(b.key) ? -1 : 1)),
      };
    default:
      return value;
  }
}

const text = (key: Value) => `${key.kind} ${"value" in key ? String(key.value) : ""}`;
