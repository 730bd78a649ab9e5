import type { IndexSignatureDeclaration, TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Type } from "./model.js";
import { type Place, type Step, step } from "./table.js";
import { readType } from "./types.js";

/** Reads `Map<K, V>`. */
export function readMap(context: Context, keyNode: TypeNode, valueNode: TypeNode, place: Place): Type | undefined {
  const key = readKey(context, keyNode, under(place, "Key", "map key"), "a key");
  const value = readType(context, valueNode, under(place, "Value", "map value"));
  return key === undefined || value === undefined ? undefined : { kind: "map", key, value };
}

/** Reads `Set<T>`. */
export function readSet(context: Context, node: TypeNode, place: Place): Type | undefined {
  const element = readKey(context, node, under(place, "Item", "set element"), "an element of a set");
  return element === undefined ? undefined : { kind: "set", element };
}

/** Reads `{ [key: string]: V }`. */
export function readIndex(context: Context, index: IndexSignatureDeclaration, place: Place): Type | undefined {
  const value = index.getReturnTypeNode();
  return value === undefined ? undefined : readRecord(context, index.getKeyTypeNode(), value, place);
}

/** Reads an object with any keys. */
export function readRecord(context: Context, keyNode: TypeNode, valueNode: TypeNode, place: Place): Type | undefined {
  const key = readType(context, keyNode, place);
  if (key !== undefined && key.kind !== "string") {
    context.faults.at(
      keyNode,
      CODES.TYPE_COLLECTION,
      "the keys of a JavaScript object are strings, whatever its type says",
      `write \`Map<${keyNode.getText()}, ${valueNode.getText()}>\`, or \`Record<string, ${valueNode.getText()}>\``,
    );
    return undefined;
  }
  const value = readType(context, valueNode, under(place, "Value", "values"));
  return key === undefined || value === undefined ? undefined : { kind: "map", key, value, record: true };
}

const WHOLE: ReadonlySet<string> = new Set(["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "int"]);

/** What both languages compare by value: strings, whole numbers, booleans, and enums of them. */
function readKey(context: Context, node: TypeNode, place: Place, what: string): Type | undefined {
  const type = readType(context, node, place);
  if (type === undefined || type.kind === "string" || type.kind === "bool" || WHOLE.has(type.kind)) return type;
  if (type.kind === "named") {
    const { kind } = context.table.entry(type.name).content;
    if (kind === "literals" || kind === "numbers") return type;
  }
  const [why, help] = whyNoKey(type);
  context.faults.at(node, CODES.TYPE_COLLECTION, `\`${node.getText()}\` cannot be ${what}: ${why}`, help);
  return undefined;
}

function whyNoKey(type: Type): [string, string] {
  switch (type.kind) {
    case "f64":
    case "f32":
    case "duration":
      return [
        "NaN is equal to itself here and not in Go",
        "write a whole number such as `int`, `u32` or `i64`, or `string`",
      ];
    case "optional":
      return ["it may be absent", "write the type of those that are there"];
    default:
      return [
        "JavaScript compares it by identity",
        "write `string` or a whole number, and send the rest as the value, or as a list",
      ];
  }
}

function under(place: Place, as: string, by: Step): Place {
  return { ...step(place, by), as: place.as + as };
}
