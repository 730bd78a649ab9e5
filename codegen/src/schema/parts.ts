import type { Type } from "./model.js";

/** The types that a type is made of, one level down. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "list":
    case "optional":
    case "set":
      return [type.element];
    case "map":
      return [type.key, type.value];
    default:
      return [];
  }
}

/** The same type with each of its parts replaced, its keys in the canonical order. */
export function mapParts(type: Type, change: (part: Type) => Type): Type {
  switch (type.kind) {
    case "list":
    case "set":
      return { kind: type.kind, element: change(type.element) };
    case "optional":
      return { kind: "optional", absent: type.absent, element: change(type.element) };
    case "map":
      return {
        kind: "map",
        key: change(type.key),
        value: change(type.value),
        ...(type.record ? { record: true as const } : {}),
      };
    default:
      return type;
  }
}

/** The names of the named types that a type is made of, at any depth of lists, maps and the like. */
export function namesIn(type: Type): readonly string[] {
  return type.kind === "named" ? [type.name] : partsOf(type).flatMap(namesIn);
}
