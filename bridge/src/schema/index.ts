/**
 * What a generated client knows of its interface at run time, as plain data.
 *
 * The generator writes it, both ends hash it, the explainer walks it to say where a value does not fit, and the
 * handshake compares it to say which type or method differs. It has no behaviour and imports nothing.
 */

/** A fixed-width number; the name is the word in the interface file. `f64` is TypeScript's `number`. */
export type NumberKind = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64" | "u64" | "i64" | "int";

/** The element of a typed array: `Uint8Array` is `u8`, `BigInt64Array` is `i64`, and so on. */
export type ElementKind = Exclude<NumberKind, "int">;

/** How TypeScript writes "absent" for an optional value: what the decoder returns, and both are accepted going in. */
export type Absent = "null" | "undefined";

/** The one value of a type that has no other: it is written down here and takes no room in a body. */
export type Literal = string | number | boolean;

export type Type =
  | { readonly kind: "bool" | "string" | NumberKind }
  /** `Date` is Go's `time.Time`; `duration` is milliseconds in TypeScript and Go's `time.Duration`. */
  | { readonly kind: "date" | "duration" }
  /** Bytes in place: `Lease<Uint8Array>`. */
  | { readonly kind: "lease" }
  | { readonly kind: "typedArray"; readonly element: ElementKind }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "optional"; readonly absent: Absent; readonly element: Type }
  /** `Map<K, V>`, or with `record` an object with any keys: then the key is a string. */
  | { readonly kind: "map"; readonly key: Type; readonly value: Type; readonly record?: true }
  | { readonly kind: "set"; readonly element: Type }
  /** Only the type of a field: one that always has the same value, such as the `kind` of a union's member. */
  | { readonly kind: "constant"; readonly value: Literal }
  | { readonly kind: "named"; readonly name: string };

/** A field of a struct, in declaration order, which is Go's order too. */
export interface Field {
  /** The property's name in TypeScript. */
  readonly name: string;
  readonly type: Type;
}

/** A member of a union: a struct, and the value of the tag that tells it from the others. */
export interface Member {
  readonly value: Literal;
  /** The struct's name. */
  readonly type: string;
}

export type NamedType =
  | { readonly kind: "struct"; readonly name: string; readonly fields: readonly Field[] }
  /** An array of fixed length; a field without a label has its index for a name. */
  | { readonly kind: "tuple"; readonly name: string; readonly fields: readonly Field[] }
  /** A union of string literals, or an enum of strings. */
  | { readonly kind: "literals"; readonly name: string; readonly values: readonly string[] }
  /** A union of whole numbers, or an enum of them. */
  | { readonly kind: "numbers"; readonly name: string; readonly values: readonly number[] }
  /** A union of structs that differ in their `tag`. In a body a member is its place in the list, from 1. */
  | { readonly kind: "union"; readonly name: string; readonly tag: string; readonly members: readonly Member[] };

export interface Method {
  /** `Interface.method`, as it is written in the interface file. */
  readonly name: string;
  /** `stream`: the result is a stream of `result`. */
  readonly kind: "unary" | "oneway" | "stream";
  /** The parameters in order; a parameter in `Borrow<T>` is borrowed, one in `AsyncIterable<T>` is a stream of `type`. */
  readonly params: readonly (Field & { readonly borrow?: true; readonly stream?: true })[];
  /** Absent for `void`. */
  readonly result?: Type;
}

/** One interface file with all that it imports: the unit that is hashed, and that one worker serves. */
export interface Schema {
  /** The interface file's base name without extension. */
  readonly name: string;
  readonly types: readonly NamedType[];
  /** In declaration order over all interfaces of the file: a method's index here is its number in an entry. */
  readonly methods: readonly Method[];
  /** The methods that TypeScript implements and Go calls, numbered by themselves; absent where there are none. */
  readonly callbacks?: readonly Method[];
}
