import type { ElementKind, NamedType, NumberKind, Schema, Type } from "@x/ts2go/schema";
import fc from "fast-check";

/** Recursive types end at this depth of named types. */
const DEPTH_MAX = 4;

/** A random value of a type, as the decoder would return it: what is absent is left out where it can be. */
export function values(schema: Schema, type: Type): fc.Arbitrary<unknown> {
  return new Values(schema).of(type, 0);
}

/** Random arguments of a method. */
export function requests(schema: Schema, method: Schema["methods"][number]): fc.Arbitrary<unknown[]> {
  return fc.tuple(...method.params.map((param) => values(schema, param.type)));
}

const STRINGS = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", minLength: 8, maxLength: 60 }),
  fc.string({ unit: "binary-ascii", minLength: 20, maxLength: 30 }),
);

/** What Go's time holds beside a Date: all but the zero time, which says that there is none. */
const DATES = fc.date({ noInvalidDate: true }).filter((date) => date.getTime() !== -62_135_596_800_000);

/** Up to this many nanoseconds, each is another number of milliseconds. */
const NS_MAX = 2 ** 33 * 1e6;

/** Milliseconds that are a whole number of nanoseconds, as many as a number can tell apart. */
const DURATIONS = fc
  .oneof(fc.integer({ min: -NS_MAX, max: NS_MAX }), fc.integer({ min: -10_000, max: 10_000 }))
  .map((ns) => ns / 1e6 + 0);

const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  u8: [0, 255],
  i8: [-128, 127],
  u16: [0, 65_535],
  i16: [-32_768, 32_767],
  u32: [0, 4_294_967_295],
  i32: [-2_147_483_648, 2_147_483_647],
  int: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** A random number of a kind; its limits come often. */
export function numbers(kind: NumberKind): fc.Arbitrary<number | bigint> {
  if (kind === "f32") return fc.float();
  if (kind === "f64") return fc.double();
  if (kind === "u64") return limits(0n, 2n ** 64n - 1n, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  if (kind === "i64")
    return limits(-(2n ** 63n), 2n ** 63n - 1n, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  const [min, max] = INTEGERS[kind] as readonly [number, number];
  return limits(min, max, fc.integer({ min, max }));
}

function limits<T>(low: T, high: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary: fc.constantFrom(low, high) }, { weight: 4, arbitrary: others });
}

/** A random typed array. */
export function typedArrays(element: ElementKind): fc.Arbitrary<unknown> {
  const of = {
    u8: Uint8Array,
    i8: Int8Array,
    u16: Uint16Array,
    i16: Int16Array,
    u32: Uint32Array,
    i32: Int32Array,
    f32: Float32Array,
    f64: Float64Array,
    u64: BigUint64Array,
    i64: BigInt64Array,
  }[element] as { from(values: unknown[]): unknown };
  return fc.array(numbers(element), { maxLength: 40 }).map((items) => of.from(items));
}

class Values {
  private readonly types: ReadonlyMap<string, NamedType>;

  constructor(schema: Schema) {
    this.types = new Map(schema.types.map((type) => [type.name, type]));
  }

  of(type: Type, depth: number): fc.Arbitrary<unknown> {
    const end = depth >= DEPTH_MAX;
    switch (type.kind) {
      case "bool":
        return fc.boolean();
      case "string":
        return STRINGS;
      case "date":
        return DATES;
      case "duration":
        return DURATIONS;
      case "constant":
        return fc.constant(type.value);
      case "set":
        return fc.uniqueArray(this.of(type.element, depth + 1), { maxLength: 4 }).map((items) => new Set(items));
      case "map": {
        const entries = end
          ? fc.constant([])
          : fc.array(fc.tuple(this.of(type.key, depth + 1), this.of(type.value, depth + 1)), { maxLength: 4 });
        return entries.map((all) => (type.record ? Object.fromEntries(all as [string, unknown][]) : new Map(all)));
      }
      case "lease":
        return fc.uint8Array({ maxLength: 40 });
      case "typedArray":
        return typedArrays(type.element);
      case "list":
        return end ? fc.constant([]) : fc.array(this.of(type.element, depth + 1), { maxLength: 4 });
      case "optional": {
        const absent = fc.constant(type.absent === "null" ? null : undefined);
        return end ? absent : fc.oneof(absent, this.of(type.element, depth + 1));
      }
      case "named":
        return this.named(type.name, depth);
      default:
        return numbers(type.kind);
    }
  }

  private named(name: string, depth: number): fc.Arbitrary<unknown> {
    const type = this.types.get(name) as NamedType;
    if (type.kind === "literals" || type.kind === "numbers") return fc.constantFrom<unknown>(...type.values);
    if (type.kind === "union") return fc.oneof(...type.members.map((member) => this.named(member.type, depth)));
    if (type.kind === "tuple") return fc.tuple(...type.fields.map((field) => this.of(field.type, depth + 1)));
    const fields = type.fields.map((field) => this.of(field.type, depth + 1).map((value) => ({ field, value })));
    return fc.tuple(...fields).map((all) => {
      const there = all.filter(({ field, value }) => {
        return !(value === undefined && field.type.kind === "optional" && field.type.absent === "undefined");
      });
      return Object.fromEntries(there.map(({ field, value }) => [field.name, value]));
    });
  }
}
