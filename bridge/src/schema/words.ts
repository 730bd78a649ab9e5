import { LeasedBytes } from "../image/leased-bytes.js";
import { TYPED_ARRAYS } from "../image/writer.js";
import type { Literal, NamedType, NumberKind, Type } from "./index.js";

/** So many literals of a union are shown, and so many characters of a text. */
const LITERALS_MAX = 12;
const TEXT_MAX = 40;

const NUMBERS: { readonly [K in NumberKind]: string } = {
  u8: "u8 (0 to 255)",
  i8: "i8 (-128 to 127)",
  u16: "u16 (0 to 65535)",
  i16: "i16 (-32768 to 32767)",
  u32: "u32 (0 to 4294967295)",
  i32: "i32 (-2147483648 to 2147483647)",
  f32: "f32 (a number of at most 3.4e38, or infinite)",
  f64: "number",
  u64: "u64 (a bigint, 0 to 2^64 - 1)",
  i64: "i64 (a bigint, -2^63 to 2^63 - 1)",
  int: "int (a whole number from -(2^53 - 1) to 2^53 - 1)",
};

/** A type as a person would say what is wanted. */
export function describeType(type: Type | NamedType): string {
  if (type.kind === "duration") return "Duration (milliseconds, at most 292 years)";
  if (type.kind === "date") return "a valid Date";
  return type.kind in NUMBERS ? NUMBERS[type.kind as NumberKind] : brief(type);
}

/** A type as the interface file has it. */
function brief(type: Type | NamedType): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "f64":
      return "number";
    case "lease":
      return "Lease<Uint8Array>";
    case "typedArray":
      return TYPED_ARRAYS[type.element].name;
    case "list": {
      const element = brief(type.element);
      return type.element.kind === "optional" ? `(${element})[]` : `${element}[]`;
    }
    case "optional":
      return `${brief(type.element)} | ${type.absent}`;
    case "map":
      return type.record ? `Record<string, ${brief(type.value)}>` : `Map<${brief(type.key)}, ${brief(type.value)}>`;
    case "set":
      return `Set<${brief(type.element)}>`;
    case "date":
      return "Date";
    case "duration":
      return "Duration";
    case "constant":
      return literal(type.value);
    case "named":
    case "struct":
    case "tuple":
    case "union":
      return type.name;
    case "literals":
    case "numbers": {
      const shown = type.values.slice(0, LITERALS_MAX).map(literal).join(" | ");
      return type.values.length > LITERALS_MAX ? `${shown} | ${type.values.length - LITERALS_MAX} more` : shown;
    }
    default:
      return type.kind;
  }
}

/** A value as a person would say what came instead: itself, where it is short and of the right sort. */
export function describeValue(type: Type | NamedType, value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "missing";
    case "boolean":
      return type.kind === "constant" ? String(value) : "a boolean";
    case "number":
      return isNumeric(type) ? String(value) : "a number";
    case "bigint":
      return type.kind in NUMBERS ? `${value}n`.slice(0, TEXT_MAX) : "a bigint";
    case "string":
      return type.kind === "literals" || type.kind === "constant" ? quote(value) : "a string";
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

/** Whether a number that does not fit says itself what is wrong. */
function isNumeric(type: Type | NamedType): boolean {
  return type.kind in NUMBERS || ["duration", "numbers", "constant"].includes(type.kind);
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return "an array";
  if (value instanceof LeasedBytes && value.released) return "a lease that was released, or passed in a call, before";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : "a Date";
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (name === "Object") return "an object";
  if (name === "Promise") return "a Promise (await it first)";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

function literal(value: Literal): string {
  return typeof value === "string" ? quote(value) : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text);
}

/** The index of the first half of a surrogate pair that stands alone, or -1. */
export function loneSurrogate(text: string): number {
  return text.search(/\p{Surrogate}/u);
}
