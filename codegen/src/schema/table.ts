import { basename } from "node:path";
import type { Node } from "ts-morph";
import type { Doc, LiteralsType, ModelField, ModelType, Origin, StructType, Type } from "./model.js";
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

/** To the type of a field, to the element of a list, or to what an optional value is when it is there. */
export type Step = { readonly field: string } | "element" | "present";

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
  /** Where it was met first. */
  readonly place: Place;
  readonly doc?: Doc;
  readonly origin?: Origin;
  /** Literal values, or fields once they are read. */
  content: { values: readonly string[] } | { fields: readonly ReadField[] };
}

/** A field with the place that a fault of it is reported at. */
export interface ReadField extends ModelField {
  readonly node: Node;
}

/** Every named type that reading has met, each once, in the order of meeting. */
export class TypeTable {
  private readonly entries = new Map<Node, Entry>();

  find(declaration: Node): Entry | undefined {
    return this.entries.get(declaration);
  }

  add(
    declaration: Node,
    place: Place,
    wanted?: string,
    about: { doc?: Doc | undefined; origin?: Origin | undefined } = {},
  ): Entry {
    const entry: Entry = {
      id: `#${this.entries.size}`,
      declaration,
      wanted,
      place,
      ...(about.doc === undefined ? {} : { doc: about.doc }),
      ...(about.origin === undefined ? {} : { origin: about.origin }),
      content: { fields: [] },
    };
    this.entries.set(declaration, entry);
    return entry;
  }

  get all(): readonly Entry[] {
    return [...this.entries.values()];
  }

  /**
   * Settles the names. The interface file's own types keep theirs; of two types with one name in two files the second
   * is called after its file; a type without a name after what it stands in.
   */
  settle(file: string, services: readonly string[]): Settled {
    const taken = new Set(services);
    const names = new Map<string, string>();
    const declared = this.all.filter((entry) => entry.wanted !== undefined);
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
    for (const entry of this.all) {
      if (entry.wanted !== undefined) continue;
      const { inside, as } = entry.place;
      claim(entry, (typeof inside === "string" ? inside : (names.get(inside.id) as string)) + pascal(as));
    }
    const rename = (type: Type): Type => {
      if (type.kind === "named") return { kind: "named", name: names.get(type.name) as string };
      return type.kind === "list" || type.kind === "optional" ? { ...type, element: rename(type.element) } : type;
    };
    const nameOf = (entry: Entry): string => names.get(entry.id) as string;
    return { types: this.all.map((entry) => settleEntry(entry, nameOf, rename)), rename };
  }
}

/** The table with its names settled. */
export interface Settled {
  readonly types: readonly ModelType[];
  /** Puts the settled names into a type that was read before. */
  readonly rename: (type: Type) => Type;
}

function settleEntry(entry: Entry, nameOf: (entry: Entry) => string, rename: (type: Type) => Type): ModelType {
  const about = {
    name: nameOf(entry),
    ...(entry.doc === undefined ? {} : { doc: entry.doc }),
    from: entry.origin ?? { access: access(entry.place.via, nameOf) },
  };
  if ("values" in entry.content) {
    return { kind: "literals", ...about, values: entry.content.values } satisfies LiteralsType;
  }
  const fields = entry.content.fields.map(({ node: _, ...field }) => ({ ...field, type: rename(field.type) }));
  return { kind: "struct", ...about, fields } satisfies StructType;
}

/** The way to a type as TypeScript: `NonNullable<Order["lines"]>[number]`. */
function access({ from, steps }: Via, nameOf: (entry: Entry) => string): string {
  let text = typeof from === "string" ? from : nameOf(from);
  for (const [index, one] of steps.entries()) {
    if (one === "present" && steps[index - 1] === "present") continue;
    if (one === "element") text = `${text}[number]`;
    else if (one === "present") text = `NonNullable<${text}>`;
    else text = `${text}[${JSON.stringify(one.field)}]`;
  }
  return text;
}
