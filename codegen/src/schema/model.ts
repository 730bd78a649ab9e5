/**
 * What the generator knows of one interface file: the wire schema, and beside it what only the emitters need (docs,
 * where a type can be imported from, which properties may be left out).
 */
import type { Absent, ElementKind, Field, Method, NamedType, NumberKind, Schema, Type } from "@x/ts2go/schema";

export type { Absent, ElementKind, Field, Method, NamedType, NumberKind, Schema, Type };

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
}

export interface StructType {
  readonly kind: "struct";
  /** Unique in the schema, and a TypeScript identifier. */
  readonly name: string;
  readonly doc?: Doc;
  readonly from: From;
  readonly fields: readonly ModelField[];
}

export interface LiteralsType {
  readonly kind: "literals";
  readonly name: string;
  readonly doc?: Doc;
  readonly from: From;
  readonly values: readonly string[];
}

export type ModelType = StructType | LiteralsType;

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
