import type { NamedType, Type } from "./index.js";

/** Knows of each type of a schema whether its values can hold another of the same type: those levels are counted. */
export class Recursion {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly types: ReadonlyMap<string, NamedType>) {}

  has(type: NamedType): boolean {
    let known = this.known.get(type.name);
    if (known === undefined) {
      known = this.find(type);
      this.known.set(type.name, known);
    }
    return known;
  }

  private find(type: NamedType): boolean {
    const found = new Set<string>();
    const open: NamedType[] = [type];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const name of namesOf(next)) {
        if (found.has(name)) continue;
        found.add(name);
        const inner = this.types.get(name);
        if (inner !== undefined) open.push(inner);
      }
    }
    return found.has(type.name);
  }
}

/** The named types that values of a named type hold directly. */
export function namesOf(type: NamedType): readonly string[] {
  if (type.kind === "union") return type.members.map((member) => member.type);
  return "fields" in type ? type.fields.flatMap((field) => namesIn(field.type)) : [];
}

/** The named types that a type is made of, at any depth of lists, maps and the like. */
export function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "named":
      return [type.name];
    case "list":
    case "optional":
    case "set":
      return namesIn(type.element);
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
    default:
      return [];
  }
}
