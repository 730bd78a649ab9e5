import type { Field, NamedType, Schema } from "../schema/index.js";
import { Recursion } from "../schema/recursion.js";
import { Layouts } from "./layout.js";

/** What has fields. */
export type Struct = Extract<NamedType, { readonly fields: readonly Field[] }>;

/** A field that both versions have, and where Go has it. */
export interface SharedField extends Field {
  readonly offset: number;
}

/** The two versions of one struct: the fields of one are the first of the other's. */
export interface StructVersions {
  readonly struct: Struct;
  readonly shared: readonly SharedField[];
  /** Fields that Go does not have. */
  readonly onlyHere: readonly Field[];
  /** Optional fields that only Go has. */
  readonly onlyThere: readonly SharedField[];
  /** Values of it may hold others of it. */
  readonly recursive: boolean;
}

/** Two versions of one interface that go together: this side's, and Go's, by which bodies are laid out. */
export class Versions {
  readonly layouts: Layouts;
  private readonly types: ReadonlyMap<string, NamedType>;
  private readonly inGo: ReadonlyMap<string, NamedType>;
  private readonly recursion: Recursion;

  constructor(
    readonly here: Schema,
    readonly there: Schema,
  ) {
    this.layouts = new Layouts(there);
    this.types = new Map(here.types.map((type) => [type.name, type]));
    this.inGo = new Map(there.types.map((type) => [type.name, type]));
    this.recursion = new Recursion(this.types);
  }

  /** A type as this side has it. */
  type(name: string): NamedType {
    return this.types.get(name) as NamedType;
  }

  struct(struct: Struct): StructVersions {
    const { offsets } = this.layouts.struct(struct.name);
    const inGo = (this.inGo.get(struct.name) as Struct).fields.map((field, i) => ({
      ...field,
      offset: offsets[i] as number,
    }));
    const n = Math.min(inGo.length, struct.fields.length);
    return {
      struct,
      shared: inGo.slice(0, n),
      onlyHere: struct.fields.slice(n),
      onlyThere: inGo.slice(n),
      recursive: this.recursion.has(struct),
    };
  }
}
