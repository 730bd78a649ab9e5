import type { Method, NamedType, Schema, Type } from "./index.js";

/** A type as one would write it, for messages. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "lease":
      return "Lease<Uint8Array>";
    case "typedArray":
      return `typed array of ${type.element}`;
    case "list":
      return `${type.element.kind === "optional" ? `(${typeName(type.element)})` : typeName(type.element)}[]`;
    case "optional":
      return `${typeName(type.element)} | ${type.absent}`;
    case "map": {
      const value = typeName(type.value);
      return type.record ? `Record<string, ${value}>` : `Map<${typeName(type.key)}, ${value}>`;
    }
    case "set":
      return `Set<${typeName(type.element)}>`;
    case "constant":
      return JSON.stringify(type.value);
    case "named":
      return type.name;
    default:
      return type.kind;
  }
}

const paramName = ({ type, borrow, stream }: Method["params"][number]) =>
  borrow ? `Borrow<${typeName(type)}>` : stream ? `AsyncIterable<${typeName(type)}>` : typeName(type);

const signature = (m: Method) =>
  `${m.kind} (${m.params.map((p) => `${p.name}: ${paramName(p)}`).join(", ")})` +
  `: ${m.result === undefined ? "void" : typeName(m.result)}`;

/** Says by name what differs between two schemas: types, their fields, and methods. */
export function differences(here: Schema, there: Schema): string[] {
  const out: string[] = [];
  compare(
    here.types,
    there.types,
    (t) => t.name,
    "type",
    out,
    (a, b) => compareTypes(a, b, out),
  );
  const methods = (a: readonly Method[], b: readonly Method[], kind: string) =>
    compare(
      a,
      b,
      (m) => m.name,
      kind,
      out,
      (x, y) => {
        if (signature(x) !== signature(y)) out.push(`${kind} ${x.name} is ${signature(x)} here, ${signature(y)} in Go`);
      },
    );
  methods(here.methods, there.methods, "method");
  methods(here.callbacks ?? [], there.callbacks ?? [], "callback");
  if (out.length === 0 && JSON.stringify(here) !== JSON.stringify(there)) {
    out.push("the order of types or methods differs");
  }
  return out;
}

function compare<T>(
  here: readonly T[],
  there: readonly T[],
  name: (item: T) => string,
  kind: string,
  out: string[],
  both: (a: T, b: T) => void,
): void {
  const others = new Map(there.map((item) => [name(item), item]));
  for (const item of here) {
    const other = others.get(name(item));
    if (other === undefined) out.push(`${kind} ${name(item)} does not exist in Go`);
    else both(item, other);
    others.delete(name(item));
  }
  for (const missing of others.keys()) out.push(`${kind} ${missing} exists only in Go`);
}

function compareTypes(a: NamedType, b: NamedType, out: string[]): void {
  if ((a.kind === "struct" && b.kind === "struct") || (a.kind === "tuple" && b.kind === "tuple")) {
    const before = out.length;
    compare(
      a.fields,
      b.fields,
      (f) => f.name,
      `field ${a.name}.`.trim(),
      out,
      (x, y) => {
        if (typeName(x.type) !== typeName(y.type)) {
          out.push(`${a.name}.${x.name} is ${typeName(x.type)} here, ${typeName(y.type)} in Go`);
        }
      },
    );
    const order = (t: typeof a) => t.fields.map((f) => f.name).join(", ");
    if (out.length === before && order(a) !== order(b))
      out.push(`the fields of ${a.name} are ${order(a)} here, ${order(b)} in Go`);
  } else if (JSON.stringify(a) !== JSON.stringify(b)) {
    out.push(`type ${a.name} is ${describe(a)} here, ${describe(b)} in Go`);
  }
}

function describe(type: NamedType): string {
  switch (type.kind) {
    case "struct":
      return "an interface";
    case "tuple":
      return "a tuple";
    case "union":
      return type.members.map((member) => `${member.type} (${type.tag}: ${JSON.stringify(member.value)})`).join(" | ");
    default:
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
  }
}
