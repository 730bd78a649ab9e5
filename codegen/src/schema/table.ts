import { basename } from "node:path";
import type { Node } from "ts-morph";
import type { Doc, Literal, ModelField, ModelType, Origin, Type, ValueAbout } from "./model.js";
import { mapParts, namesIn } from "./parts.js";
import { pascal, stem } from "./words.js";

/** Where a type stands: it names a type that has no name of its own, and reaches one that can't be imported. */
export interface Place {
  /** A type of the table, or a name that is settled already (a service's). */
  readonly inside: Entry | string;
  /** The field, or the method and parameter. */
  readonly as: string;
  readonly via: Via;
}

/** The way to a type from one that generated TypeScript can name. */
export interface Via {
  /** A type of the table, or TypeScript for a type. */
  readonly from: Entry | string;
  readonly steps: readonly Step[];
}

/**
 * To the type of a field, to the element of a list, to what an optional value is when it is there, to a place of a
 * tuple, to the member of a union with this tag, to the values of an object with any keys, to a map's keys or values,
 * or to the elements of a set.
 */
export type Step =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly tag: string; readonly value: Literal; readonly ofEnum: boolean }
  | "element"
  | "present"
  | "values"
  | "map key"
  | "map value"
  | "set element";

/** The same place, one step further in. */
export function step(place: Place, ...steps: Step[]): Place {
  return { ...place, via: { from: place.via.from, steps: [...place.via.steps, ...steps] } };
}

/** A named type while it is read. Its name is settled when all types are known. */
export interface Entry {
  /** The stand-in for the name in `Type`s. */
  readonly id: string;
  readonly declaration: Node;
  /** Its own name, if it has one. */
  readonly wanted: string | undefined;
  /** The name of the generic type that it is an instance of. */
  readonly generic?: string;
  /** Where it was met first. What a union's member without a name is called is known when the union's tag is. */
  place: Place;
  readonly doc?: Doc;
  readonly origin?: Origin;
  /** What it is, once it is read. */
  content: Content;
}

export type Content =
  | { readonly kind: "struct" | "tuple"; readonly fields: readonly ReadField[] }
  | { readonly kind: "literals"; readonly values: readonly string[]; readonly about: readonly ValueAbout[] }
  | { readonly kind: "numbers"; readonly values: readonly number[]; readonly about: readonly ValueAbout[] }
  | { readonly kind: "union"; readonly tag: string; readonly members: readonly ReadMember[]; readonly node: Node };

/** A member of a union: its tag, once that is known, the entry that it is, and where it stands. */
export interface ReadMember {
  readonly value: Literal;
  readonly id: string;
  readonly node: Node;
}

/** A field with the place that a fault of it is reported at. */
export interface ReadField extends ModelField {
  readonly node: Node;
}

/** So many instances of one generic type are taken for a family without end. */
const INSTANCES_MAX = 128;

/** Every named type that reading has met, each once, in the order of meeting. */
export class TypeTable {
  private readonly entries: Entry[] = [];
  private readonly keys = new Map<Node, Map<string, Entry>>();

  /** Looks a type up by where it is declared and, for one that has type parameters, by what they stand for. */
  find(declaration: Node, instance = ""): Entry | undefined {
    return this.keys.get(declaration)?.get(instance);
  }

  add(
    declaration: Node,
    place: Place,
    wanted?: string,
    about: {
      doc?: Doc | undefined;
      origin?: Origin | undefined;
      instance?: string;
      generic?: string | undefined;
    } = {},
  ): Entry {
    const entry: Entry = {
      id: `#${this.entries.length}`,
      declaration,
      wanted,
      place,
      ...(about.doc === undefined ? {} : { doc: about.doc }),
      ...(about.origin === undefined ? {} : { origin: about.origin }),
      ...(about.generic === undefined ? {} : { generic: about.generic }),
      content: { kind: "struct", fields: [] },
    };
    this.entries.push(entry);
    const instances = this.keys.get(declaration) ?? new Map<string, Entry>();
    this.keys.set(declaration, instances.set(about.instance ?? "", entry));
    return entry;
  }

  /** An instance of a generic type that has so many already that it must be one without end. */
  runaway(declaration: Node): Entry | undefined {
    const instances = this.keys.get(declaration);
    return instances === undefined || instances.size < INSTANCES_MAX ? undefined : [...instances.values()][0];
  }

  get all(): readonly Entry[] {
    return this.entries;
  }

  /** The entry that a type names before the names are settled. */
  entry(id: string): Entry {
    return this.entries[Number(id.slice(1))] as Entry;
  }

  /** All entries that values of these types can hold, in the order of meeting. */
  reachable(types: readonly Type[]): readonly Entry[] {
    const found = new Set<Entry>();
    const open = types.flatMap(namesIn);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const entry = this.entry(id);
      if (found.has(entry)) continue;
      found.add(entry);
      const { content } = entry;
      if ("fields" in content) open.push(...content.fields.flatMap((field) => namesIn(field.type)));
      else if ("members" in content) open.push(...content.members.map((member) => member.id));
    }
    return this.entries.filter((entry) => found.has(entry));
  }

  /**
   * Settles the names of what these types, those of the methods, reach: a type that was only looked at, such as the
   * whole of which a part is picked, is not sent. The interface file's own types keep theirs; of two types with one name in two files the second
   * is called after its file; a type without a name after what it stands in.
   */
  settle(file: string, services: readonly string[], types: readonly Type[]): Settled {
    const taken = new Set(services);
    const names = new Map<string, string>();
    const all = this.reachable(types);
    const declared = all.filter((entry) => entry.wanted !== undefined);
    const fileOf = (entry: Entry) => entry.declaration.getSourceFile().getFilePath() as string;
    const claim = (entry: Entry, ...candidates: string[]) => {
      const last = candidates.at(-1) as string;
      let name = candidates.find((candidate) => !taken.has(candidate)) ?? `${last}2`;
      for (let i = 3; taken.has(name); i++) name = `${last}${i}`;
      taken.add(name);
      names.set(entry.id, name);
    };
    for (const own of [true, false]) {
      for (const entry of declared.filter((entry) => (fileOf(entry) === file) === own)) {
        const wanted = entry.wanted as string;
        claim(entry, wanted, pascal(stem(basename(fileOf(entry)))) + wanted);
      }
    }
    for (const entry of all) {
      if (entry.wanted !== undefined) continue;
      const { inside, as } = entry.place;
      claim(entry, (typeof inside === "string" ? inside : (names.get(inside.id) as string)) + pascal(as));
    }
    const rename = (type: Type): Type => {
      return type.kind === "named" ? { kind: "named", name: names.get(type.name) as string } : mapParts(type, rename);
    };
    return { types: all.map((entry) => settleEntry(entry, (one) => names.get(one.id), rename)), rename };
  }
}

/** The table with its names settled. */
export interface Settled {
  readonly types: readonly ModelType[];
  /** Puts the settled names into a type that was read before. */
  readonly rename: (type: Type) => Type;
}

/** The settled name of an entry; undefined for one that is not sent. */
type NameOf = (entry: Entry) => string | undefined;

function settleEntry(entry: Entry, nameOf: NameOf, rename: (type: Type) => Type): ModelType {
  const { content } = entry;
  const about = {
    name: nameOf(entry) as string,
    ...(entry.doc === undefined ? {} : { doc: entry.doc }),
    from: entry.origin ?? { access: access(entry.place.via, nameOf) },
  };
  if ("values" in content) return { ...content, ...about };
  if ("members" in content) {
    const members = content.members.map(({ value, id }) => {
      return { value, type: (rename({ kind: "named", name: id }) as { name: string }).name };
    });
    return { kind: "union", ...about, tag: content.tag, members };
  }
  const fields = content.fields.map(({ node: _, ...field }) => ({ ...field, type: rename(field.type) }));
  return { kind: content.kind, ...about, fields };
}

/** The way to a type as TypeScript: `NonNullable<Order["lines"]>[number]`. */
function access({ from, steps }: Via, nameOf: NameOf): string {
  // From a type that is not sent itself, the way goes through how that one is reached.
  let text = typeof from === "string" ? from : (nameOf(from) ?? access(from.place.via, nameOf));
  for (const [index, one] of steps.entries()) {
    if (one === "present" && steps[index - 1] === "present") continue;
    text = accessStep(text, one);
  }
  return text;
}

function accessStep(text: string, one: Step): string {
  switch (one) {
    case "element":
      return `${text}[number]`;
    case "present":
      return `NonNullable<${text}>`;
    case "values":
      return `${text}[string]`;
    case "map key":
      return `(${text} extends ReadonlyMap<infer K, any> ? K : never)`;
    case "map value":
      return `(${text} extends ReadonlyMap<any, infer V> ? V : never)`;
    case "set element":
      return `(${text} extends ReadonlySet<infer T> ? T : never)`;
  }
  if ("field" in one) return `${text}[${JSON.stringify(one.field)}]`;
  if ("index" in one) return `${text}[${one.index}]`;
  const tag = JSON.stringify(one.tag);
  if (!one.ofEnum) return `Extract<${text}, { readonly ${tag}: ${JSON.stringify(one.value)} }>`;
  // An enum's member is no literal to TypeScript, but the text of it is.
  const value = `{ readonly ${tag}: infer V extends string | number }`;
  return `(${text} extends infer M ? M extends ${value} ? \`\${V}\` extends "${one.value}" ? M : never : never : never)`;
}
