/** cel-go without the bridge: runs `reference/main.go`, in whose JSON types and values are protocol buffers. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Issue, Place, Scalar, Type, Value } from "../src/policy.js";

export interface Case {
  name: string;
  source: string;
  types: Record<string, Type>;
  values: Record<string, Value>;
  costLimit?: bigint;
}

/** What becomes of a case. Only `issues` if it does not compile. */
export interface Reference {
  issues?: Issue[];
  type?: string;
  estimate: { least: bigint; most: bigint };
  value?: Value;
  missing?: string[];
  error?: string;
  place?: Place;
  /** The range of what it has cost. */
  cost: { least: bigint; most: bigint };
}

type Json = Record<string, unknown>;
interface JsonCase extends Omit<Case, "types" | "values" | "costLimit"> {
  types: Record<string, Json>;
  values: Record<string, Json>;
  costLimit?: string;
}
interface JsonReference extends Omit<Reference, "estimate" | "value" | "cost"> {
  least: string;
  most: string;
  value?: Json;
  cheapest: string;
  dearest: string;
}

const cwd = fileURLToPath(new URL("..", import.meta.url));
const go = (args: string[], input = "") =>
  execFileSync("go", args, { cwd, encoding: "utf8", input, maxBuffer: 2 ** 30 });

export function reference(cases: readonly Case[]): Reference[] {
  const input = cases.map(({ types, values, costLimit, ...rest }) => ({
    ...rest,
    types: mapped(types, typeJson),
    values: mapped(values, valueJson),
    ...(costLimit !== undefined && { costLimit: String(costLimit) }),
  }));
  const output = JSON.parse(go(["run", "./test/reference"], JSON.stringify(input))) as JsonReference[];
  return output.map(({ least, most, value, cheapest, dearest, place, ...rest }) => ({
    ...rest,
    estimate: { least: BigInt(least), most: BigInt(most) },
    cost: { least: BigInt(cheapest), most: BigInt(dearest) },
    ...(value !== undefined && { value: valueFrom(value) }),
    ...(place !== undefined && { place: { line: place.line, column: place.column } }),
  }));
}

/** The language's own tests, which come with cel-go. */
export function specification(): Case[] {
  const folder = go(["list", "-m", "-f", "{{.Dir}}", "cel.dev/expr"]).trim();
  const args = ["run", "./test/reference", "-spec", `${folder}/tests/simple/testdata`];
  return (JSON.parse(go(args)) as JsonCase[]).map(({ name, source, types, values }) => ({
    name,
    source,
    types: mapped(types, typeFrom),
    values: mapped(values, valueFrom),
  }));
}

const mapped = <A, B>(record: Record<string, A>, change: (one: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, one]) => [name, change(one)]));

const PRIMITIVES: Partial<Record<Scalar, string>> = {
  bool: "BOOL",
  int: "INT64",
  uint: "UINT64",
  double: "DOUBLE",
  string: "STRING",
  bytes: "BYTES",
};
const WELL_KNOWN: Partial<Record<Scalar, string>> = { timestamp: "TIMESTAMP", duration: "DURATION" };

function scalarJson(of: Scalar): Json {
  if (of === "dyn") return { dyn: {} };
  if (of === "null") return { null: null };
  const primitive = PRIMITIVES[of];
  return primitive === undefined ? { wellKnown: WELL_KNOWN[of] } : { primitive };
}

function typeJson(type: Type): Json {
  switch (type.kind) {
    case "scalar":
      return scalarJson(type.of);
    case "list":
      return { listType: { elemType: typeJson(type.of) } };
    case "map":
      return { mapType: { keyType: scalarJson(type.from), valueType: typeJson(type.to) } };
  }
}

function typeFrom(json: Json): Type {
  const { listType, mapType } = json as {
    listType?: { elemType: Json };
    mapType?: { keyType: Json; valueType: Json };
  };
  if (listType !== undefined) return { kind: "list", of: typeFrom(listType.elemType) };
  if (mapType === undefined) return { kind: "scalar", of: scalarFrom(json) };
  return { kind: "map", from: scalarFrom(mapType.keyType), to: typeFrom(mapType.valueType) };
}

function scalarFrom(json: Json): Scalar {
  if ("dyn" in json) return "dyn";
  if ("null" in json) return "null";
  const name = json.primitive ?? json.wellKnown;
  const found = Object.entries({ ...PRIMITIVES, ...WELL_KNOWN }).find(([, other]) => other === name);
  if (found === undefined) throw new Error(`no scalar: ${JSON.stringify(json)}`);
  return found[0] as Scalar;
}

const TYPE_URL = "type.googleapis.com/google.protobuf.";

function valueJson(value: Value): Json {
  switch (value.kind) {
    case "null":
      return { nullValue: null };
    case "bool":
      return { boolValue: value.value };
    case "int":
      return { int64Value: String(value.value) };
    case "uint":
      return { uint64Value: String(value.value) };
    case "double":
      return { doubleValue: Number.isFinite(value.value) ? value.value : String(value.value) };
    case "string":
      return { stringValue: value.value };
    case "bytes":
      return { bytesValue: Buffer.from(value.value).toString("base64") };
    case "timestamp":
      return { objectValue: { "@type": `${TYPE_URL}Timestamp`, value: value.value.toISOString() } };
    case "duration":
      return { objectValue: { "@type": `${TYPE_URL}Duration`, value: `${(value.value / 1000).toFixed(9)}s` } };
    case "type":
      return { typeValue: value.name };
    case "list":
      return { listValue: { values: value.values.map(valueJson) } };
    case "object":
      return mapJson(Object.entries(value.fields).map(([key, field]) => [{ kind: "string", value: key }, field]));
    case "map":
      return mapJson(value.entries.map(({ key, value }) => [key, value]));
  }
}

const mapJson = (entries: [Value, Value][]): Json => ({
  mapValue: { entries: entries.map(([key, value]) => ({ key: valueJson(key), value: valueJson(value) })) },
});

function valueFrom(json: Json): Value {
  const [kind, value] = Object.entries(json)[0] as [string, never];
  switch (kind) {
    case "nullValue":
      return { kind: "null" };
    case "boolValue":
      return { kind: "bool", value };
    case "int64Value":
      return { kind: "int", value: BigInt(value) };
    case "uint64Value":
      return { kind: "uint", value: BigInt(value) };
    case "doubleValue":
      return { kind: "double", value: Number(value) };
    case "stringValue":
      return { kind: "string", value };
    case "bytesValue":
      return { kind: "bytes", value: new Uint8Array(Buffer.from(value, "base64")) };
    case "typeValue":
      return { kind: "type", name: value };
    case "listValue":
      return { kind: "list", values: ((value as { values?: Json[] }).values ?? []).map(valueFrom) };
    case "mapValue":
      return mapFrom((value as { entries?: { key: Json; value: Json }[] }).entries ?? []);
    case "objectValue":
      return messageFrom(value);
    default:
      throw new Error(`no value: ${JSON.stringify(json)}`);
  }
}

function mapFrom(json: { key: Json; value: Json }[]): Value {
  const entries = json.map(({ key, value }) => ({ key: valueFrom(key), value: valueFrom(value) }));
  const fields: [string, Value][] = [];
  for (const { key, value } of entries) if (key.kind === "string") fields.push([key.value, value]);
  return fields.length === entries.length
    ? { kind: "object", fields: Object.fromEntries(fields) }
    : { kind: "map", entries };
}

function messageFrom({ "@type": type, value }: { "@type": string; value: string }): Value {
  if (type === `${TYPE_URL}Timestamp`) return { kind: "timestamp", value: new Date(value) };
  if (type === `${TYPE_URL}Duration`) return { kind: "duration", value: Number(value.slice(0, -1)) * 1000 };
  throw new Error(`no value: ${type}`);
}
