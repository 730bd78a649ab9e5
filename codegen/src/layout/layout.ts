import {
  type Field,
  hasFields,
  holdsLease,
  type Model,
  type ModelType,
  type NumberKind,
  partsOf,
  type Type,
} from "../schema/index.js";
import { TypeGraph } from "./graph.js";

/**
 * Where a value of a type lies in an image: where Go itself puts it on a 64-bit machine, except for the few types whose
 * form in Go's memory is no business of anybody else's (maps, times, interfaces).
 */
export interface Layout {
  /** In bytes; a multiple of `align`. */
  readonly size: number;
  readonly align: number;
  /** Whether there is a pointer in it: strings, slices and optional values have one. */
  readonly refs: boolean;
}

/** A struct's layout with the offset of each field, in declaration order. */
export interface StructLayout extends Layout {
  readonly offsets: readonly number[];
}

/** A string is {pointer, length}. */
export const STRING: Layout = { size: 16, align: 8, refs: true };
/** A slice is {pointer, length, capacity}. */
export const SLICE: Layout = { size: 24, align: 8, refs: true };
/** An optional value is a pointer. */
export const POINTER: Layout = { size: 8, align: 8, refs: true };

/** A time is its milliseconds since 1970. */
export const DATE: Layout = { size: 8, align: 8, refs: false };
/** A member of a union is {its number as a u32, pointer}; the number 0 stands for none. */
export const UNION: Layout = { size: 16, align: 8, refs: true };
/** What has only one value is not there. */
const CONSTANT: Layout = { size: 0, align: 1, refs: false };

/**
 * What an interface without fields takes. Go's own empty struct takes nothing, and then values have no address of
 * their own and a list of a million is a few words that claim a million elements: one byte each keeps every ref
 * honest. The Go type gets a blank byte to match.
 */
export const EMPTY_STRUCT: StructLayout = { size: 1, align: 1, refs: false, offsets: [] };

const NUMBER_SIZES: Readonly<Record<NumberKind, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  f64: 8,
  u64: 8,
  i64: 8,
  int: 8,
};

/** Computes layouts of one model's types, each once. */
export class Layouts {
  private readonly structs = new Map<string, StructLayout>();
  private readonly types: ReadonlyMap<string, ModelType>;
  private readonly graph: TypeGraph;

  constructor(model: Model) {
    this.types = new Map(model.types.map((type) => [type.name, type]));
    this.graph = new TypeGraph(model);
  }

  of(type: Type): Layout {
    switch (type.kind) {
      case "bool":
        return { size: 1, align: 1, refs: false };
      case "string":
        return STRING;
      case "list":
      case "typedArray":
      case "lease":
        return SLICE;
      // The entries of a map and the elements of a set, one after the other.
      case "map":
      case "set":
        return SLICE;
      case "optional":
        return this.isUnion(type.element) ? UNION : POINTER;
      case "date":
        return DATE;
      case "duration":
        return this.of({ kind: "i64" });
      case "constant":
        return CONSTANT;
      case "named":
        return this.ofNamed(type.name);
      default: {
        const size = NUMBER_SIZES[type.kind];
        return { size, align: size, refs: false };
      }
    }
  }

  /** The layout of a struct by name. */
  struct(name: string): StructLayout {
    const known = this.structs.get(name);
    if (known !== undefined) return known;
    const type = this.types.get(name);
    if (type === undefined || !hasFields(type))
      throw new Error(`ts2go: ${name} is no struct (a fault in ts2go itself)`);
    const sequence = this.sequence(type.fields);
    // Without fields, or with constants alone.
    const layout = sequence.size === 0 ? { ...EMPTY_STRUCT, offsets: sequence.offsets } : sequence;
    this.structs.set(name, layout);
    return layout;
  }

  /**
   * The layout of values one after the other, as Go lays out a struct with these fields: what a method's parameters
   * are. No values at all take no room.
   */
  sequence(fields: readonly Pick<Field, "type">[]): StructLayout {
    let end = 0;
    let align = 1;
    let refs = false;
    const offsets = fields.map((field) => {
      const layout = this.of(field.type);
      const offset = alignUp(end, layout.align);
      end = offset + layout.size;
      align = Math.max(align, layout.align);
      refs ||= layout.refs;
      return offset;
    });
    return { size: alignUp(end, align), align, refs, offsets };
  }

  /** The layout of an entry of a map: its key and its value. */
  pair(key: Type, value: Type): StructLayout {
    return this.sequence([{ type: key }, { type: value }]);
  }

  isUnion(type: Type): boolean {
    return type.kind === "named" && this.types.get(type.name)?.kind === "union";
  }

  /** Whether a value in an image is a Go value as it stands, all that it refers to included: then it can be borrowed. */
  inPlace(type: Type): boolean {
    const named = [...this.graph.reachable([type])].map((name) => this.types.get(name) as ModelType);
    const all = named.flatMap((one) => (hasFields(one) ? one.fields.map((field) => field.type) : []));
    return named.every((one) => one.kind !== "union") && [type, ...all].every(isGoValue);
  }

  /** Whether there is a lease in a value of this type. */
  leases(type: Type): boolean {
    const named = [...this.graph.reachable([type])].map((name) => this.types.get(name) as ModelType);
    const fields = named.flatMap((one) => (hasFields(one) ? one.fields.map((field) => field.type) : []));
    return [type, ...fields].some(holdsLease);
  }

  private ofNamed(name: string): Layout {
    switch (this.types.get(name)?.kind) {
      case "literals":
        return STRING;
      case "numbers":
        return this.of({ kind: "int" });
      case "union":
        return UNION;
      default:
        return this.struct(name);
    }
  }
}

function isGoValue(type: Type): boolean {
  return type.kind !== "date" && type.kind !== "map" && type.kind !== "set" && partsOf(type).every(isGoValue);
}

function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}
