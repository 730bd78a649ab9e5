import type { Reader } from "../image/reader.js";
import { TYPED_ARRAYS } from "../image/writer.js";
import type { Type } from "../schema/index.js";
import type { Struct, Versions } from "./versions.js";

/** Reads the value at a position. */
export type Read = (r: Reader, p: number) => unknown;

type Kind<K extends Type["kind"]> = Extract<Type, { readonly kind: K }>;

/** Puts together what generated decoders say in code. */
export class Decoders {
  private readonly named = new Map<string, Read>();

  constructor(private readonly versions: Versions) {}

  of(type: Type): Read {
    switch (type.kind) {
      case "list":
        return this.list(type);
      case "optional":
        return this.optional(type);
      case "map":
        return this.map(type);
      case "set":
        return this.set(type);
      case "named":
        return this.byName(type.name);
      case "constant":
        return () => type.value;
      case "typedArray": {
        const array = TYPED_ARRAYS[type.element];
        return (r, p) => r.typedArray(p, array);
      }
      default: {
        const { kind } = type;
        return (r, p) => r[kind](p);
      }
    }
  }

  /** A type may hold itself: its decoder is looked up again when it is used. */
  private byName(name: string): Read {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    this.named.set(name, (r, p) => (this.named.get(name) as Read)(r, p));
    const read = this.make(name);
    this.named.set(name, read);
    return read;
  }

  private make(name: string): Read {
    const type = this.versions.type(name);
    switch (type.kind) {
      case "literals": {
        const values = new Map(type.values.map((value) => [value, value]));
        return (r, p) => r.literal(p, values);
      }
      case "numbers": {
        const values = new Map(type.values.map((value) => [value, value]));
        return (r, p) => r.numeral(p, values);
      }
      case "union": {
        const members = type.members.map(({ type }): Read => {
          const { size, align } = this.versions.layouts.struct(type);
          const read = this.byName(type);
          return (r, p) => read(r, r.variant(p, size, align));
        });
        return (r, p) => {
          const tag = r.tag(p);
          const read = members[tag - 1];
          return read === undefined ? r.noVariant(tag, name, members.length) : read(r, p);
        };
      }
      case "tuple":
        return this.tuple(type);
      default:
        return this.struct(type);
    }
  }

  private tuple(type: Struct): Read {
    const { shared, recursive } = this.versions.struct(type);
    const places = shared.map(({ type, offset }) => ({ offset, read: this.of(type) }));
    return (r, p) => {
      if (recursive) r.enter();
      const values = places.map(({ offset, read }) => read(r, p + offset));
      if (recursive) r.leave();
      return values;
    };
  }

  /** What only Go has is left where it is. What only this side has is absent, as if Go had sent nothing for it. */
  private struct(type: Struct): Read {
    const { shared, onlyHere, recursive } = this.versions.struct(type);
    const fields = shared.map(({ name, type, offset }) => ({ name, offset, read: this.of(type) }));
    const nulls = onlyHere.filter(({ type }) => type.kind === "optional" && type.absent === "null");
    return (r, p) => {
      if (recursive) r.enter();
      const v: Record<string, unknown> = {};
      for (const { name, offset, read } of fields) {
        const value = read(r, p + offset);
        // The schema does not say whether the property is there when its value is not: `a?: T` asks that it is left out.
        if (value !== undefined) v[name] = value;
      }
      for (const { name } of nulls) v[name] = null;
      if (recursive) r.leave();
      return v;
    };
  }

  private list({ element }: Kind<"list">): Read {
    const { size, align } = this.versions.layouts.of(element);
    const read = this.of(element);
    return (r, p) => {
      const n = r.list(p, size, align);
      const list: unknown[] = [];
      for (let i = 0, q = r.first; i < n; i++, q += size) list.push(read(r, q));
      return list;
    };
  }

  private optional({ element, absent }: Kind<"optional">): Read {
    const { size, align } = this.versions.layouts.of(element);
    const read = this.of(element);
    const none = absent === "null" ? null : undefined;
    if (this.versions.layouts.isUnion(element)) return (r, p) => (r.tag(p) === 0 ? none : read(r, p));
    return (r, p) => {
      const q = r.pointer(p, size, align);
      return q === 0 ? none : read(r, q);
    };
  }

  private map({ key, value, record }: Kind<"map">): Read {
    const { size, align, offsets } = this.versions.layouts.pair(key, value);
    const at = offsets[1] as number;
    const readKey = this.of(key);
    const readValue = this.of(value);
    if (record) {
      return (r, p) => {
        const n = r.list(p, size, align);
        const object: Record<string, unknown> = {};
        for (let i = 0, q = r.first; i < n; i++, q += size) {
          r.put(object, readKey(r, q) as string, readValue(r, q + at));
        }
        return object;
      };
    }
    return (r, p) => {
      const n = r.list(p, size, align);
      const map = new Map<unknown, unknown>();
      for (let i = 0, q = r.first; i < n; i++, q += size) map.set(readKey(r, q), readValue(r, q + at));
      r.distinct(map.size, n);
      return map;
    };
  }

  private set({ element }: Kind<"set">): Read {
    const { size, align } = this.versions.layouts.of(element);
    const read = this.of(element);
    return (r, p) => {
      const n = r.list(p, size, align);
      const set = new Set<unknown>();
      for (let i = 0, q = r.first; i < n; i++, q += size) set.add(read(r, q));
      r.distinct(set.size, n);
      return set;
    };
  }
}
