import { type Model, type ModelType, namesIn, type Type } from "../schema/index.js";

/** How the named types of a model refer to each other. */
export class TypeGraph {
  private readonly inside = new Map<string, ReadonlySet<string>>();

  constructor(model: Model) {
    for (const type of model.types) {
      this.inside.set(type.name, new Set(insideOf(type)));
    }
  }

  /** Every named type that values of these types can hold, at any depth, the types themselves included. */
  reachable(types: readonly Type[]): ReadonlySet<string> {
    const found = new Set<string>();
    const open = types.flatMap(namesIn);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      open.push(...(this.inside.get(name) ?? []));
    }
    return found;
  }

  /** Whether a value of this type can hold another one of the same type: then its nesting has to be counted. */
  isRecursive(name: string): boolean {
    const fields = [...(this.inside.get(name) ?? [])].map((inner): Type => ({ kind: "named", name: inner }));
    return this.reachable(fields).has(name);
  }
}

function insideOf(type: ModelType): string[] {
  if ("fields" in type) return type.fields.flatMap((field) => namesIn(field.type));
  return type.kind === "union" ? type.members.map((member) => member.type) : [];
}
