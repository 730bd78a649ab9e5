import type { Field, Method, NamedType, Schema, Type } from "@x/ts2go/schema";

const TYPED_ARRAYS = {
  u8: "Uint8Array",
  i8: "Int8Array",
  u16: "Uint16Array",
  i16: "Int16Array",
  u32: "Uint32Array",
  i32: "Int32Array",
  f32: "Float32Array",
  f64: "Float64Array",
  u64: "BigUint64Array",
  i64: "BigInt64Array",
} as const;

/** The interface file of which a schema is the reading; its methods are those of the service `Random`. */
export function interfaceSource(schema: Schema): string {
  return [
    'import type { Borrow, f32, f64, GoService, i16, i32, i64, i8, int, u16, u32, u64, u8 } from "@x/ts2go";',
    ...schema.types.map(declaration),
    `export interface Random extends GoService {\n${schema.methods.map((method) => `  ${signature(method)};\n`).join("")}}`,
    "",
  ].join("\n\n");
}

function declaration(type: NamedType): string {
  if (type.kind === "literals") {
    return `export type ${type.name} = ${type.values.map((value) => escaped(value)).join(" | ")};`;
  }
  return `export interface ${type.name} {\n${type.fields.map((one) => `  ${field(one)};\n`).join("")}}`;
}

function field({ name, type }: Field): string {
  if (type.kind === "optional" && type.absent === "undefined") return `${escaped(name)}?: ${text(type.element)}`;
  return `${escaped(name)}: ${text(type)}`;
}

function signature(method: Method): string {
  const params = method.params.map(({ name, type, borrow }) => {
    return `${name}: ${borrow === true ? `Borrow<${text(type)}>` : text(type)}`;
  });
  const back = method.result === undefined ? "void" : text(method.result);
  const name = method.name.slice(method.name.indexOf(".") + 1);
  return `${name}(${params.join(", ")}): ${method.kind === "oneway" ? "void" : `Promise<${back}>`}`;
}

function text(type: Type): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "typedArray":
      return TYPED_ARRAYS[type.element];
    case "list":
      return type.element.kind === "optional" ? `(${text(type.element)})[]` : `${text(type.element)}[]`;
    case "optional":
      return `${text(type.element)} | ${type.absent}`;
    case "named":
      return type.name;
    default:
      return type.kind;
  }
}

/** A string literal of ASCII alone. */
function escaped(value: string): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
