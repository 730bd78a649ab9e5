import type { ElementKind, Field, Method, NamedType, NumberKind, Schema, Type } from "@x/ts2go/schema";
import fc from "fast-check";

const NUMBERS: readonly NumberKind[] = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "u64", "i64", "int"];
const ELEMENTS: readonly ElementKind[] = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "u64", "i64"];

/** Names that ask for trouble in one of the two languages, and plain ones. */
const NAMES = [
  "name",
  "age",
  "userId",
  "user_id",
  "http-server",
  "type",
  "func",
  "range",
  "constructor",
  "toString",
  "length",
  "then",
  "v",
  "r",
  "w",
  "p",
  "at",
  "err",
  "ok",
  "result",
  "ctx",
  "i",
  "n",
  "a0",
  "q0",
  "Größe",
  "имя",
  "名字",
  "2nd",
  "$ref",
  "_private",
  "with space",
  'quo"te',
  "back`tick",
  "new",
  "nil",
  "string",
  "len",
  "map",
  "URL",
  "ids",
] as const;

/** Names that a parameter can have: identifiers. */
const PARAMS = NAMES.filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)).filter(
  // Reserved words of strict mode cannot name a parameter, however well they name a property.
  (name) => !["new"].includes(name),
);

/** What a random schema may hold. */
export interface SchemaOptions {
  /** Every method takes one parameter and gives back a value of its type: for round trips. */
  readonly echo?: boolean;
  /** Some parameters are borrowed. */
  readonly borrow?: boolean;
  /** How many named types there may be. */
  readonly types?: number;
}

/** A random schema as the generator would read it: types in the order of meeting, none that no method reaches. */
export function schemas(options: SchemaOptions = {}): fc.Arbitrary<Schema> {
  return fc
    .integer({ min: 1, max: options.types ?? 6 })
    .chain((count) =>
      fc.tuple(fc.tuple(...Array.from({ length: count }, (_, i) => namedType(i, count))), methods(count, options)),
    )
    .map(([types, methods]) => inOrder({ name: "random", types, methods }));
}

const typeName = (index: number): string => `T${index}`;

/** A struct holds itself and later types only through a list or an optional field: else it would have no end. */
function namedType(index: number, count: number): fc.Arbitrary<NamedType> {
  const name = typeName(index);
  const struct = fc
    .uniqueArray(fc.constantFrom(...NAMES), { maxLength: 6 })
    .chain((names) =>
      fc.tuple(...names.map((field) => types(index, count).map((type): Field => ({ name: field, type })))),
    )
    .map((fields): NamedType => ({ kind: "struct", name, fields }));
  const literals = fc
    .uniqueArray(
      fc.oneof(fc.constantFrom("red", "dark-blue", "", "Red", "1st", "`", "é"), fc.string({ unit: "binary" })),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((values): NamedType => ({ kind: "literals", name, values }));
  return fc.oneof({ weight: 4, arbitrary: struct }, { weight: 1, arbitrary: literals });
}

/** A type in a struct: `below` is how many named types it may hold directly. */
function types(below: number, count: number, depth = 0): fc.Arbitrary<Type> {
  const plain = fc.constantFrom<Type>({ kind: "bool" }, { kind: "string" }, ...NUMBERS.map((kind): Type => ({ kind })));
  const typed = fc.constantFrom(...ELEMENTS).map((element): Type => ({ kind: "typedArray", element }));
  const named = below === 0 ? plain : fc.nat(below - 1).map((i): Type => ({ kind: "named", name: typeName(i) }));
  if (depth === 2) return fc.oneof(plain, typed, named);
  // Behind a ref every type is allowed.
  const inner = types(count, count, depth + 1);
  const list = inner.map((element): Type => ({ kind: "list", element }));
  const optional = fc
    .tuple(
      inner.filter((element) => element.kind !== "optional"),
      fc.constantFrom("null" as const, "undefined" as const),
    )
    .map(([element, absent]): Type => ({ kind: "optional", absent, element }));
  return fc.oneof({ weight: 3, arbitrary: plain }, typed, { weight: 2, arbitrary: named }, list, optional);
}

function methods(count: number, { echo = false, borrow = false }: SchemaOptions): fc.Arbitrary<Method[]> {
  const param = fc.tuple(types(count, count), borrow ? fc.boolean() : fc.constant(false));
  const shape = fc.record({
    params: fc.array(param, echo ? { minLength: 1, maxLength: 1 } : { maxLength: 4 }),
    names: fc.shuffledSubarray([...PARAMS], { minLength: 4, maxLength: 4 }),
    result: fc.option(types(count, count)),
    oneway: fc.boolean(),
  });
  return fc.array(shape, { minLength: 1, maxLength: 4 }).map((shapes) =>
    shapes.map(({ params, names, result, oneway }, index): Method => {
      const fields = params.map(([type, borrowed], i) => ({
        name: names[i] as string,
        type,
        ...(borrowed && canBorrow(type) ? { borrow: true as const } : {}),
      }));
      const back = echo ? (params[0]?.[0] as Type) : result;
      const kind = back === null && oneway ? "oneway" : "unary";
      return { name: `Random.method${index}`, kind, params: fields, ...(back === null ? {} : { result: back }) };
    }),
  );
}

function canBorrow(type: Type): boolean {
  return ["string", "typedArray", "list", "optional", "named"].includes(type.kind);
}

/** Leaves out types that no method reaches and puts the others in the order in which a reader meets them. */
function inOrder(schema: Schema): Schema {
  const byName = new Map(schema.types.map((type) => [type.name, type]));
  const found = new Set<NamedType>();
  const visit = (type: Type): void => {
    if (type.kind === "list" || type.kind === "optional") return visit(type.element);
    if (type.kind !== "named") return;
    const named = byName.get(type.name) as NamedType;
    if (found.has(named)) return;
    found.add(named);
    if (named.kind === "struct") for (const field of named.fields) visit(field.type);
  };
  for (const method of schema.methods) {
    for (const param of method.params) visit(param.type);
    if (method.result !== undefined) visit(method.result);
  }
  return { ...schema, types: [...found] };
}
