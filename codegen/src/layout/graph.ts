import type { Model, Type } from "../schema/index.js";

/** How the named types of a model refer to each other. */
export class TypeGraph {
  private readonly inside = new Map<string, ReadonlySet<string>>();

  constructor(model: Model) {
    for (const type of model.types) {
      this.inside.set(
        type.name,
        new Set(type.kind === "struct" ? type.fields.flatMap((field) => namedIn(field.type)) : []),
      );
    }
  }

  /** Every named type that values of these types can hold, at any depth, the types themselves included. */
  reachable(types: readonly Type[]): ReadonlySet<string> {
    const found = new Set<string>();
    const open = types.flatMap(namedIn);
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

function namedIn(type: Type): string[] {
  if (type.kind === "named") return [type.name];
  return type.kind === "list" || type.kind === "optional" ? namedIn(type.element) : [];
}
