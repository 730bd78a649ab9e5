/**
 * What the generator knows of one interface file: the wire schema, and beside it what only the emitters need (docs,
 * where a type can be imported from, which properties may be left out).
 */
import type {
  Absent,
  ElementKind,
  Field,
  Literal,
  Member,
  Method,
  NamedType,
  NumberKind,
  Schema,
  Type,
} from "@x/ts2go/schema";

export type { Absent, ElementKind, Field, Literal, Member, Method, NamedType, NumberKind, Schema, Type };

/** A doc comment. */
export interface Doc {
  /** The comment as it stands in the file, from `/**` to the end mark, without the indentation of its place. */
  readonly source: string;
  /** The description alone, without comment marks and tags. */
  readonly text: string;
  /** The block tags in order, without `@`. */
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

/** Where generated TypeScript can import a type from: a file of the project, and the name it exports. */
export interface Origin {
  /** Absolute path of the file. */
  readonly file: string;
  readonly exported: string;
}

/**
 * How generated TypeScript names a type: imported, or reached from another of its types where it has no name or is not
 * exported (`Order["lines"][number]`).
 */
export type From = Origin | { readonly access: string };

export interface ModelField extends Field {
  readonly doc?: Doc;
  /** `a?: T`: the decoder leaves the property out when it is absent. */
  readonly mayBeLeftOut: boolean;
  /** A constant that is an enum's member: TypeScript takes no plain literal for it. */
  readonly ofEnum?: true;
  /** There is something readonly in it, which TypeScript does not take for the same where a cast has to fit. */
  readonly hasReadonly?: true;
}

/** What every named type has. */
interface Named {
  /** Unique in the schema, and a TypeScript identifier. */
  readonly name: string;
  readonly doc?: Doc;
  readonly from: From;
}

/** An object. */
export interface StructType extends Named {
  readonly kind: "struct";
  readonly fields: readonly ModelField[];
}

/** An array of fixed length, each place with a type of its own. */
export interface TupleType extends Named {
  readonly kind: "tuple";
  readonly fields: readonly ModelField[];
}

/** What Go has a struct for. */
export type FieldsType = StructType | TupleType;

/** What is known of one value of an enum, or of a union of literals, besides the value. */
export interface ValueAbout {
  /** The enum's name for it. */
  readonly label?: string;
  readonly doc?: Doc;
}

interface Values extends Named {
  /** Beside `values`, one for each. */
  readonly about: readonly ValueAbout[];
}

export interface LiteralsType extends Values {
  readonly kind: "literals";
  readonly values: readonly string[];
}

/** Whole numbers. */
export interface NumbersType extends Values {
  readonly kind: "numbers";
  readonly values: readonly number[];
}

/** What Go has a named type with constants for. */
export type ValuesType = LiteralsType | NumbersType;

/** Objects that are told apart by one property. */
export interface UnionType extends Named {
  readonly kind: "union";
  readonly tag: string;
  readonly members: readonly Member[];
}

export type ModelType = FieldsType | ValuesType | UnionType;

export function hasFields(type: ModelType): type is FieldsType {
  return type.kind === "struct" || type.kind === "tuple";
}

export function hasValues(type: ModelType): type is ValuesType {
  return type.kind === "literals" || type.kind === "numbers";
}

export interface ModelParam extends Field {
  /** The Go handler sees the value in place. */
  readonly borrow: boolean;
}

/** A parameter in `AsyncIterable<T>`. */
export interface ModelItems {
  readonly name: string;
  /** Its place among the parameters. */
  readonly at: number;
  /** A batch of its items: a list. */
  readonly type: ListType;
}

export type ListType = Extract<Type, { kind: "list" }>;

export interface ModelMethod {
  readonly name: string;
  readonly doc?: Doc;
  /** The number in an entry, counted over all services of the file. */
  readonly index: number;
  readonly oneway: boolean;
  /** In order, without the stream among them. */
  readonly params: readonly ModelParam[];
  /** The parameter that is a stream. */
  readonly items?: ModelItems;
  /** The result is a stream; `result` is a list then, a batch of its items. */
  readonly streams: boolean;
  /** Absent where nothing comes back. */
  readonly result?: Type;
}

export interface ModelService {
  readonly name: string;
  readonly doc?: Doc;
  readonly origin: Origin;
  readonly methods: readonly ModelMethod[];
}

/** One interface file, read. */
export interface Model {
  /** The file's base name without extension. */
  readonly name: string;
  /** Absolute path of the interface file. */
  readonly file: string;
  /** Every named type that a method can reach, in the order in which they are met. */
  readonly types: readonly ModelType[];
  readonly services: readonly ModelService[];
  /** The interfaces that TypeScript implements: their methods have a numbering of their own. */
  readonly nodeServices: readonly ModelService[];
}
