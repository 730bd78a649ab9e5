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
    'import type { Borrow, Duration, f32, f64, GoService, i16, i32, i64, i8, int, u16, u32, u64, u8 } from "@x/ts2go";',
    ...schema.types.map(declaration),
    `export interface Random extends GoService {\n${schema.methods.map((method) => `  ${signature(method)};\n`).join("")}}`,
    "",
  ].join("\n\n");
}

/**
 * A type as one may write it. Which of the ways it is says the number in its name, so that all of them come and a
 * schema has one source.
 */
function declaration(type: NamedType): string {
  const way = Number(/\d+$/.exec(type.name)?.[0] ?? 0);
  switch (type.kind) {
    case "literals":
    case "numbers": {
      const values = (type.values as readonly (string | number)[]).map((value) => escaped(value));
      if (way % 2 === 0) return `export type ${type.name} = ${values.join(" | ")};`;
      return `export enum ${type.name} { ${values.map((value, i) => `M${i} = ${value}`).join(", ")} }`;
    }
    case "union":
      return `export type ${type.name} = ${type.members.map((member) => member.type).join(" | ")};`;
    case "tuple": {
      const places = type.fields.map((one) =>
        /^\d/.test(one.name) ? text(one.type) : `${one.name}: ${text(one.type)}`,
      );
      return `export type ${type.name} = ${way % 2 === 0 ? "" : "readonly "}[${places.join(", ")}];`;
    }
    default:
      return struct(type.name, type.fields, type.fields.length === 0 ? 0 : way % 5);
  }
}

function struct(name: string, fields: readonly Field[], way: number): string {
  const half = fields.length >> 1;
  switch (way) {
    case 1:
      return `export type ${name} = ${object(fields)};`;
    case 2: {
      // All that varies comes from a generic parent.
      const parameters = fields.map((_, i) => `P${i}`).join(", ");
      const inner = fields.map((one, i) => member(one, `P${i}`));
      const bound = fields.map(({ type }) => text(isLeftOut(type) ? type.element : type)).join(", ");
      const parent = `export interface ${name}Of<${parameters}> { ${inner.join("; ")} }`;
      return `${parent}\nexport interface ${name} extends ${name}Of<${bound}> {}`;
    }
    case 3:
      if (half === 0) return struct(name, fields, 1);
      return `export type ${name} = ${object(fields.slice(0, half))} & Readonly<${object(fields.slice(half))}>;`;
    case 4:
      return `export type ${name} = Omit<${object([...fields, { name: "extra", type: { kind: "date" } }])}, "extra">;`;
    default:
      return `export interface ${name} {\n${fields.map((one) => `  ${field(one)};\n`).join("")}}`;
  }
}

function object(fields: readonly Field[]): string {
  return `{ ${fields.map(field).join("; ")} }`;
}

function field(one: Field): string {
  return member(one, text(isLeftOut(one.type) ? one.type.element : one.type));
}

function member({ name, type }: Field, written: string): string {
  return `${/^[a-z]+$/.test(name) ? name : escaped(name)}${isLeftOut(type) ? "?" : ""}: ${written}`;
}

function isLeftOut(type: Type): type is Extract<Type, { kind: "optional" }> {
  return type.kind === "optional" && type.absent === "undefined";
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
    case "map":
      if (!type.record) return `Map<${text(type.key)}, ${text(type.value)}>`;
      return type.value.kind === "string" ? "{ [key: string]: string }" : `Record<string, ${text(type.value)}>`;
    case "set":
      return `ReadonlySet<${text(type.element)}>`;
    case "date":
      return "Date";
    case "duration":
      return "Duration";
    case "constant":
      return escaped(type.value);
    case "optional":
      return `${text(type.element)} | ${type.absent}`;
    case "named":
      return type.name;
    default:
      return type.kind;
  }
}

/** A string literal of ASCII alone. */
function escaped(value: string | number | boolean): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
