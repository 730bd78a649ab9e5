import type { Field, Method, NamedType, Schema, Type } from "./index.js";
import { namesIn, namesOf } from "./recursion.js";

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

/** One thing in which two schemas differ. */
interface Difference {
  readonly text: string;
  /** The two go together all the same: neither end meets what it does not know, or it is absent there. */
  readonly harmless?: boolean;
  /** Why they do not, where that could be mended without giving up the difference. */
  readonly why?: string | undefined;
}

/** Says by name what differs between two schemas: types, their fields, and methods. */
export function differences(here: Schema, there: Schema): string[] {
  return compareSchemas(here, there).map(({ text }) => text);
}

/**
 * The same, of those differences alone that a connection between two versions cannot bridge (`ts2go gen --compat`).
 * It can where a struct has more optional fields at its end on one side, and where the side that would call a method is
 * the one that does not know it.
 */
export function obstacles(here: Schema, there: Schema): string[] {
  return compareSchemas(here, there)
    .filter(({ harmless }) => harmless !== true)
    .map(({ text, why }) => (why === undefined ? text : `${text}, and ${why}`));
}

function compareSchemas(here: Schema, there: Schema): Difference[] {
  const out: Difference[] = [];
  // A type that one side alone has is used by something that it alone has, which is told of, too.
  compare(
    here.types,
    there.types,
    "type ",
    out,
    () => ({ harmless: true }),
    (a, b) => compareTypes(a, b, here, there, out),
  );
  const methods = (a: readonly Method[], b: readonly Method[], kind: string, caller: Side) =>
    compare(
      a,
      b,
      `${kind} `,
      out,
      (_, only) => ({ harmless: only !== caller }),
      (x, y) => {
        if (signature(x) !== signature(y)) {
          out.push({ text: `${kind} ${x.name} is ${signature(x)} here, ${signature(y)} in Go` });
        }
      },
    );
  methods(here.methods, there.methods, "method", "here");
  methods(here.callbacks ?? [], there.callbacks ?? [], "callback", "there");
  if (out.length === 0 && JSON.stringify(here) !== JSON.stringify(there)) {
    out.push({ text: "the order of types or methods differs", harmless: true });
  }
  return out;
}

type Side = "here" | "there";

/** Compares what has the same name on both sides; `alone` judges what only one has. */
function compare<T extends { readonly name: string }>(
  here: readonly T[],
  there: readonly T[],
  kind: string,
  out: Difference[],
  alone: (item: T, only: Side) => Omit<Difference, "text">,
  both: (a: T, b: T) => void,
): void {
  const others = new Map(there.map((item) => [item.name, item]));
  for (const item of here) {
    const other = others.get(item.name);
    if (other === undefined) out.push({ text: `${kind}${item.name} does not exist in Go`, ...alone(item, "here") });
    else both(item, other);
    others.delete(item.name);
  }
  for (const missing of others.values()) {
    out.push({ text: `${kind}${missing.name} exists only in Go`, ...alone(missing, "there") });
  }
}

function compareTypes(a: NamedType, b: NamedType, here: Schema, there: Schema, out: Difference[]): void {
  if ((a.kind === "struct" && b.kind === "struct") || (a.kind === "tuple" && b.kind === "tuple")) {
    const before = out.length;
    const alone = (field: Field, only: Side) => {
      const [more, less, schema] = only === "here" ? [a, b, here] : [b, a, there];
      const why = whyNotAbsent(field, more, less, schema);
      return { harmless: why === undefined, why };
    };
    compare(a.fields, b.fields, `field ${a.name}.`, out, alone, (x, y) => {
      if (typeName(x.type) !== typeName(y.type)) {
        out.push({ text: `${a.name}.${x.name} is ${typeName(x.type)} here, ${typeName(y.type)} in Go` });
      }
    });
    const order = (t: typeof a) => t.fields.map((f) => f.name).join(", ");
    if (out.length === before && order(a) !== order(b))
      out.push({ text: `the fields of ${a.name} are ${order(a)} here, ${order(b)} in Go` });
  } else if (JSON.stringify(a) !== JSON.stringify(b)) {
    out.push({ text: `type ${a.name} is ${describe(a)} here, ${describe(b)} in Go` });
  }
}

type Struct = Extract<NamedType, { kind: "struct" | "tuple" }>;

/** Why a field that only one version of a struct has cannot be absent in the other; undefined where it can. */
function whyNotAbsent(field: Field, more: Struct, less: Struct, schema: Schema): string | undefined {
  if (more.kind === "tuple") return "a tuple has as many places as its type says";
  if (field.type.kind !== "optional") return "is not optional";
  const known = less.fields.length;
  const isLater = more.fields.indexOf(field) >= known;
  if (!isLater || less.fields.some(({ name }, i) => more.fields[i]?.name !== name)) {
    return `does not follow after all fields of the other version (${less.fields.map(({ name }) => name).join(", ")})`;
  }
  return holdsLease(field.type, schema) ? "has a Lease in it, which somebody has to give back" : undefined;
}

function holdsLease(type: Type, schema: Schema): boolean {
  const types = new Map(schema.types.map((named) => [named.name, named]));
  const isLease = (inner: Type): boolean =>
    inner.kind === "lease" ||
    (inner.kind === "map" && isLease(inner.value)) ||
    ((inner.kind === "list" || inner.kind === "optional") && isLease(inner.element));
  const names = new Set(namesIn(type));
  // What is added on the way is visited, too.
  for (const name of names) for (const inner of namesOf(types.get(name) as NamedType)) names.add(inner);
  const fields = [...names].flatMap((name) => {
    const named = types.get(name) as NamedType;
    return "fields" in named ? named.fields.map((one) => one.type) : [];
  });
  return [type, ...fields].some(isLease);
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
