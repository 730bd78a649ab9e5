import { layout } from "@x/mem-ring/channel";
import type { Field, NamedType, NumberKind, Schema, Type } from "../schema/index.js";

/** Where a value of a type lies in an image. */
export interface Layout {
  /** In bytes; a multiple of `align`. */
  readonly size: number;
  readonly align: number;
  /** Whether there is a pointer in it. */
  readonly refs: boolean;
}

/** The layout of values one after the other, with the offset of each. */
export interface SequenceLayout extends Layout {
  readonly offsets: readonly number[];
}

const STRING: Layout = { size: 16, align: 8, refs: true };
const SLICE: Layout = { size: 24, align: 8, refs: true };
const POINTER: Layout = { size: 8, align: 8, refs: true };
const UNION: Layout = { size: 16, align: 8, refs: true };
const CONSTANT: Layout = { size: 0, align: 1, refs: false };

const SIZES: Readonly<Record<NumberKind | "bool" | "date" | "duration", number>> = {
  bool: 1,
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
  date: 8,
  duration: 8,
};

/**
 * How Go lays out the types of its schema. The mirror is codegen/src/layout, which has the reasons; it is another
 * package's, and a test holds the two against each other.
 */
export class Layouts {
  private readonly types: ReadonlyMap<string, NamedType>;
  private readonly structs = new Map<string, SequenceLayout>();

  constructor(schema: Schema) {
    this.types = new Map(schema.types.map((type) => [type.name, type]));
  }

  of(type: Type): Layout {
    switch (type.kind) {
      case "string":
        return STRING;
      case "list":
      case "typedArray":
      case "lease":
      case "map":
      case "set":
        return SLICE;
      case "optional":
        return this.isUnion(type.element) ? UNION : POINTER;
      case "constant":
        return CONSTANT;
      case "named":
        return this.named(type.name);
      default: {
        const size = SIZES[type.kind];
        return { size, align: size, refs: false };
      }
    }
  }

  /** The layout of a struct or a tuple. */
  struct(name: string): SequenceLayout {
    const known = this.structs.get(name);
    if (known !== undefined) return known;
    const type = this.types.get(name);
    const sequence = this.sequence(type !== undefined && "fields" in type ? type.fields : []);
    // One without fields, or with constants alone, takes a byte.
    const layout = sequence.size === 0 ? { ...sequence, size: 1 } : sequence;
    this.structs.set(name, layout);
    return layout;
  }

  sequence(fields: readonly Pick<Field, "type">[]): SequenceLayout {
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

  /** The layout of a map's entry. */
  pair(key: Type, value: Type): SequenceLayout {
    return this.sequence([{ type: key }, { type: value }]);
  }

  isUnion(type: Type): boolean {
    return type.kind === "named" && this.types.get(type.name)?.kind === "union";
  }

  private named(name: string): Layout {
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

/** Whether a root of this layout travels in its entry. */
export function isInline(root: Layout): boolean {
  return !root.refs && root.size <= layout.INLINE_SIZE;
}

function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}
