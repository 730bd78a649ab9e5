import type { ElementKind, Field, Literal, Method, NamedType, NumberKind, Schema, Type } from "@x/ts2go/schema";
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
      fc.tuple(fc.tuple(...Array.from({ length: count }, (_, i) => namedTypes(i, count))), methods(count, options)),
    )
    .map(([types, methods]) => inOrder(sendable({ name: "random", types: types.flat(), methods })));
}

const typeName = (index: number): string => `T${index}`;

/**
 * One type, and with a union its members. A struct holds itself and later types only through a list or an optional
 * field: else it would have no end.
 */
function namedTypes(index: number, count: number): fc.Arbitrary<NamedType[]> {
  const name = typeName(index);
  const struct = fields(index, count, 0).map((fields): NamedType[] => [{ kind: "struct", name, fields }]);
  return fc.oneof(
    { weight: 5, arbitrary: struct },
    { weight: 1, arbitrary: tuple(name, index, count).map((type) => [type]) },
    { weight: 1, arbitrary: literals(name).map((type) => [type]) },
    { weight: 1, arbitrary: wholeNumbers(name).map((type) => [type]) },
    { weight: 2, arbitrary: union(name, index, count) },
  );
}

/** Fields that a struct may have; some can have only one value. */
function fields(below: number, count: number, min: number, without?: string): fc.Arbitrary<Field[]> {
  const names = NAMES.filter((name) => name !== without);
  const constant = constants.map((value): Type => ({ kind: "constant", value }));
  const type = fc.oneof({ weight: 9, arbitrary: types(below, count) }, { weight: 1, arbitrary: constant });
  return fc
    .uniqueArray(fc.constantFrom(...names), { minLength: min, maxLength: 6 })
    .chain((names) => fc.tuple(...names.map((name) => type.map((type): Field => ({ name, type })))));
}

const constants: fc.Arbitrary<Literal> = fc.oneof(
  fc.constantFrom("a", "b", "", 'quo"te', "\u00e9"),
  fc.integer({ min: -3, max: 3 }),
  fc.boolean(),
);

function tuple(name: string, index: number, count: number): fc.Arbitrary<NamedType> {
  const labels = fc.option(fc.constant(["from", "to", "type", "value"]));
  return fc.tuple(fc.array(types(index, count), { minLength: 1, maxLength: 4 }), labels).map(([all, labels]) => {
    const fields = all.map((type, i): Field => ({ name: labels?.[i] ?? String(i), type }));
    return { kind: "tuple", name, fields };
  });
}

function literals(name: string): fc.Arbitrary<NamedType> {
  const value = fc.oneof(
    fc.constantFrom("red", "dark-blue", "", "Red", "1st", "`", "é"),
    fc.string({ unit: "binary" }),
  );
  // A field of only one is a constant.
  return fc.uniqueArray(value, { minLength: 2, maxLength: 5 }).map((values) => ({ kind: "literals", name, values }));
}

function wholeNumbers(name: string): fc.Arbitrary<NamedType> {
  const value = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.maxSafeInteger());
  return fc
    .uniqueArray(
      value.map((n) => n + 0),
      { minLength: 2, maxLength: 5 },
    )
    .map((values) => ({ kind: "numbers", name, values }));
}

/** The tag comes first: it is what the generator has to find among other constants. */
function union(name: string, index: number, count: number): fc.Arbitrary<NamedType[]> {
  const tags = fc.uniqueArray(constants, { minLength: 2, maxLength: 4 });
  return fc.tuple(fc.constantFrom("kind", "type", "ok", "user-id"), tags).chain(([tag, values]) =>
    fc.tuple(...values.map(() => fields(index, count, 0, tag))).map((all): NamedType[] => {
      const members = all.map((fields, i): NamedType => {
        const first: Field = { name: tag, type: { kind: "constant", value: values[i] as Literal } };
        return { kind: "struct", name: `${name}M${i}`, fields: [first, ...fields] };
      });
      const about = members.map((member, i) => ({ value: values[i] as Literal, type: member.name }));
      return [{ kind: "union", name, tag, members: about }, ...members];
    }),
  );
}

/** A type in a struct: `below` is how many named types it may hold directly. */
function types(below: number, count: number, depth = 0): fc.Arbitrary<Type> {
  const plain = fc.constantFrom<Type>(
    ...(["bool", "string", "date", "duration", ...NUMBERS] as const).map((kind): Type => ({ kind })),
  );
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
  // A name that turns out to be no key becomes a string.
  const keys = fc.oneof(
    fc.constantFrom<Type>(...(["string", "bool", "u8", "i32", "u64", "i64", "int"] as const).map((kind) => ({ kind }))),
    fc.nat(count - 1).map((i): Type => ({ kind: "named", name: typeName(i) })),
  );
  const map = fc.tuple(keys, inner).map(([key, value]): Type => ({ kind: "map", key, value }));
  const record = inner.map((value): Type => ({ kind: "map", key: { kind: "string" }, value, record: true }));
  const set = keys.map((element): Type => ({ kind: "set", element }));
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    typed,
    { weight: 3, arbitrary: named },
    list,
    optional,
    map,
    record,
    set,
  );
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

/** Leaves only keys that can be keys, and borrows only what can be borrowed. */
function sendable(schema: Schema): Schema {
  const byName = new Map(schema.types.map((type) => [type.name, type]));
  const key = (type: Type): Type => {
    const kind = type.kind === "named" ? byName.get(type.name)?.kind : undefined;
    return type.kind !== "named" || kind === "literals" || kind === "numbers" ? type : { kind: "string" };
  };
  const change = (type: Type): Type => {
    switch (type.kind) {
      case "set":
        return { kind: "set", element: key(type.element) };
      case "map":
        return { ...type, key: key(type.key), value: change(type.value) };
      case "list":
      case "optional":
        return { ...type, element: change(type.element) };
      default:
        return type;
    }
  };
  const types = schema.types.map((type): NamedType => {
    if (!("fields" in type)) return type;
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: change(field.type) })) };
  });
  const methods = schema.methods.map((method): Method => {
    const params = method.params.map(({ borrow, ...param }) => {
      const type = change(param.type);
      return { ...param, type, ...(borrow && isInPlace({ ...schema, types }, type) ? { borrow } : {}) };
    });
    return { ...method, params, ...(method.result === undefined ? {} : { result: change(method.result) }) };
  });
  return { ...schema, types, methods };
}

/** Whether Go can use a value of this type where it lies. */
export function isInPlace(schema: Schema, type: Type, seen: ReadonlySet<string> = new Set()): boolean {
  switch (type.kind) {
    case "map":
    case "set":
    case "date":
      return false;
    case "list":
    case "optional":
      return isInPlace(schema, type.element, seen);
    case "named": {
      if (seen.has(type.name)) return true;
      const named = schema.types.find((one) => one.name === type.name);
      if (named?.kind === "union") return false;
      const around = new Set([...seen, type.name]);
      return (
        named === undefined ||
        !("fields" in named) ||
        named.fields.every((field) => isInPlace(schema, field.type, around))
      );
    }
    default:
      return true;
  }
}

/** Leaves out types that no method reaches and puts the others in the order in which a reader meets them. */
function inOrder(schema: Schema): Schema {
  const byName = new Map(schema.types.map((type) => [type.name, type]));
  const found = new Set<NamedType>();
  const visit = (type: Type): void => {
    if (type.kind === "list" || type.kind === "optional" || type.kind === "set") return visit(type.element);
    if (type.kind === "map") {
      visit(type.key);
      return visit(type.value);
    }
    if (type.kind !== "named") return;
    const named = byName.get(type.name) as NamedType;
    if (found.has(named)) return;
    found.add(named);
    if (named.kind === "union") for (const member of named.members) visit({ kind: "named", name: member.type });
    else if ("fields" in named) for (const field of named.fields) visit(field.type);
  };
  for (const method of schema.methods) {
    for (const param of method.params) visit(param.type);
    if (method.result !== undefined) visit(method.result);
  }
  return { ...schema, types: [...found] };
}
