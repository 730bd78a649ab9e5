import { TYPED_ARRAYS, type Writer } from "../image/writer.js";
import type { Field, Type } from "../schema/index.js";
import { refuseUnknown, stepped } from "./unknown-field.js";
import type { Struct, Versions } from "./versions.js";

/** Writes a value at a position. */
// biome-ignore lint/suspicious/noExplicitAny: the writer's methods check what they get.
export type Write = (w: Writer, p: number, v: any) => void;

type Kind<K extends Type["kind"]> = Extract<Type, { readonly kind: K }>;

/** Puts together what generated encoders say in code: the same calls of the writer, in the same order. */
export class Encoders {
  private readonly named = new Map<string, Write>();

  constructor(private readonly versions: Versions) {}

  of(type: Type): Write {
    switch (type.kind) {
      case "list":
        return this.list(type);
      case "optional":
        return this.optional(type);
      case "map":
        return type.record ? this.record(type) : this.map(type);
      case "set":
        return this.set(type);
      case "named":
        return this.byName(type.name);
      case "constant":
        return (w, _, v) => w.constant(v, type.value);
      case "typedArray": {
        if (type.element === "u8") return (w, p, v) => w.bytes(p, v);
        const array = TYPED_ARRAYS[type.element];
        return (w, p, v) => w.typedArray(p, v, array);
      }
      default: {
        const { kind } = type;
        return (w, p, v) => w[kind](p, v as never);
      }
    }
  }

  /** A type may hold itself: its encoder is looked up again when it is used. */
  private byName(name: string): Write {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    this.named.set(name, (w, p, v) => (this.named.get(name) as Write)(w, p, v));
    const write = this.make(name);
    this.named.set(name, write);
    return write;
  }

  private make(name: string): Write {
    const type = this.versions.type(name);
    switch (type.kind) {
      case "literals": {
        const values = new Map(type.values.map((value) => [value, value]));
        return (w, p, v) => w.literal(p, v, values);
      }
      case "numbers": {
        const values = new Map(type.values.map((value) => [value, value]));
        return (w, p, v) => w.numeral(p, v, values);
      }
      case "union": {
        const { tag } = type;
        const members = type.members.map(({ value, type }, i) => {
          const { size, align } = this.versions.layouts.struct(type);
          const write = this.byName(type);
          const member: Write = (w, p, v) => write(w, w.variant(p, i + 1, size, align), v);
          return [value, member] as const;
        });
        const byTag = new Map<unknown, Write>(members);
        return (w, p, v) => (byTag.get(v[tag]) ?? refuse)(w, p, v);
      }
      default:
        return this.struct(type);
    }
  }

  private struct(type: Struct): Write {
    const { shared, onlyHere, onlyThere, recursive } = this.versions.struct(type);
    const tuple = type.kind === "tuple";
    const allOptional = type.fields.every((field) => field.type.kind === "optional");
    const fields = shared.map((field, i) => {
      const key = tuple ? i : field.name;
      const step = tuple ? indexStep(i) : propertyStep(field.name);
      return { key, hidden: !tuple && isHidden(field), offset: field.offset, write: this.of(field.type), step };
    });
    const unknown = onlyHere.map((field) => ({ field, hidden: isHidden(field) }));
    const absent = onlyThere.map(({ type, offset }) => {
      return { offset, union: type.kind === "optional" && this.versions.layouts.isUnion(type.element) };
    });
    return (w, p, v) => {
      if (tuple) w.tuple(v, fields.length);
      else if (allOptional) w.object(v);
      if (recursive) w.enter();
      for (const { key, hidden, offset, write, step } of fields) {
        try {
          write(w, p + offset, hidden && !Object.hasOwn(v, key) ? undefined : v[key]);
        } catch (thrown) {
          throw stepped(thrown, step);
        }
      }
      for (const { field, hidden } of unknown) {
        const { name } = field;
        const value = hidden && !Object.hasOwn(v, name) ? undefined : v[name];
        if (value !== undefined && value !== null) refuseUnknown(type.name, field, value);
      }
      for (const { offset, union } of absent) {
        if (union) w.noVariant(p + offset);
        else w.nil(p + offset);
      }
      if (recursive) w.leave();
    };
  }

  private list({ element }: Kind<"list">): Write {
    const { size, align } = this.versions.layouts.of(element);
    const write = this.of(element);
    return (w, p, v) => {
      const q = w.list(p, v, size, align);
      const n: number = v.length;
      let i = 0;
      try {
        for (; i < n; i++) write(w, q + i * size, v[i]);
      } catch (thrown) {
        throw stepped(thrown, indexStep(i));
      }
    };
  }

  private optional({ element }: Kind<"optional">): Write {
    const { size, align } = this.versions.layouts.of(element);
    const write = this.of(element);
    if (this.versions.layouts.isUnion(element)) {
      return (w, p, v) => (v === undefined || v === null ? w.noVariant(p) : write(w, p, v));
    }
    return (w, p, v) => (v === undefined || v === null ? w.nil(p) : write(w, w.pointer(p, size, align), v));
  }

  private map({ key, value }: Kind<"map">): Write {
    const { size, align, offsets } = this.versions.layouts.pair(key, value);
    const at = offsets[1] as number;
    const writeKey = this.of(key);
    const writeValue = this.of(value);
    return (w, p, v: ReadonlyMap<unknown, unknown>) => {
      let q = w.map(p, v, size, align);
      const end = w.limit;
      for (const [k, x] of v) {
        if (q === end) w.refuse();
        writeKey(w, q, k);
        try {
          writeValue(w, q + at, x);
        } catch (thrown) {
          throw stepped(thrown, (path) => path.get(k));
        }
        q += size;
      }
      if (q !== end) w.refuse();
    };
  }

  private record({ key, value }: Kind<"map">): Write {
    const { size, align, offsets } = this.versions.layouts.pair(key, value);
    const at = offsets[1] as number;
    const writeKey = this.of(key);
    const writeValue = this.of(value);
    return (w, p, v: Readonly<Record<string, unknown>>) => {
      const keys = w.record(p, v, size, align);
      let q = w.first;
      for (const k of keys) {
        writeKey(w, q, k);
        try {
          writeValue(w, q + at, v[k]);
        } catch (thrown) {
          throw stepped(thrown, propertyStep(k));
        }
        q += size;
      }
    };
  }

  private set({ element }: Kind<"set">): Write {
    const { size, align } = this.versions.layouts.of(element);
    const write = this.of(element);
    return (w, p, v: ReadonlySet<unknown>) => {
      let q = w.set(p, v, size, align);
      const end = w.limit;
      for (const x of v) {
        if (q === end) w.refuse();
        write(w, q, x);
        q += size;
      }
      if (q !== end) w.refuse();
    };
  }
}

const refuse: Write = (w) => w.refuse();

/** Every object inherits something of that name: an optional field counts only if the object has it itself. */
const isHidden = (field: Field): boolean => field.type.kind === "optional" && field.name in Object.prototype;

type Step = Parameters<typeof stepped>[1];
const indexStep =
  (i: number): Step =>
  (path) =>
    path.index(i);
const propertyStep =
  (name: string): Step =>
  (path) =>
    path.property(name);
