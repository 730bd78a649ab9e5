import type { Field, Model, NumberKind, Type } from "../schema/index.js";

/** Where Go puts a value of a type on a 64-bit machine. */
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

  constructor(private readonly model: Model) {}

  of(type: Type): Layout {
    switch (type.kind) {
      case "bool":
        return { size: 1, align: 1, refs: false };
      case "string":
        return STRING;
      case "list":
      case "typedArray":
        return SLICE;
      case "optional":
        return POINTER;
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
    const type = this.model.types.find((candidate) => candidate.name === name);
    if (type?.kind !== "struct") throw new Error(`ts2go: ${name} is no struct (a fault in ts2go itself)`);
    const layout = type.fields.length === 0 ? EMPTY_STRUCT : this.sequence(type.fields);
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

  private ofNamed(name: string): Layout {
    const type = this.model.types.find((candidate) => candidate.name === name);
    return type?.kind === "literals" ? STRING : this.struct(name);
  }
}

function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}
