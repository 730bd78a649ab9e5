import { MAX_DEPTH } from "../image/views.js";
import { TYPED_ARRAYS } from "../image/writer.js";
import type { Method, NamedType, NumberKind, Schema, Type } from "./index.js";
import { Path } from "./path.js";
import { describeType, describeValue, loneSurrogate } from "./words.js";

/** Where a value does not fit its type. */
export interface Fault {
  /** The way to it from the parameter's name: `req.users[3].age`. */
  readonly path: string;
  /** `u8 (0 to 255)` */
  readonly expected: string;
  /** `300`, `a string`, `missing`, ... */
  readonly received: string;
}

/**
 * Says which argument does not fit: the first one in the order of encoding. Gives undefined where all fit.
 *
 * Encoders are fast and only say that a value was refused; this goes over the arguments again, slowly, with the schema
 * in hand. It has to agree with the encoders on every value, so it reads what they read, in their order. A getter that
 * throws, throws here as it did there.
 */
export function explain(schema: Schema, method: Method, args: readonly unknown[]): Fault | undefined {
  const walk = new Walk(schema);
  // A stream's items come later, each batch on its own.
  const params = method.params.filter((param) => param.stream !== true);
  for (let i = 0; i < params.length; i++) {
    const param = params[i] as Method["params"][number];
    const fault = walk.value(param.type, args[i], Path.root(param.name));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The same of what a callback has returned; the path begins with `result`. */
export function explainResult(schema: Schema, method: Method, result: unknown): Fault | undefined {
  return method.result === undefined ? undefined : new Walk(schema).value(method.result, result, Path.root("result"));
}

/** What every object inherits: an optional field of such a name counts only if the object has it itself. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

type Struct = Extract<NamedType, { kind: "struct" }>;
/** A struct of a recursive type that is being walked. */
type Step = { readonly type: Struct; readonly value: unknown; readonly path: Path };

class Walk {
  private readonly types: ReadonlyMap<string, NamedType>;
  /** The structs of recursive types around the present one: the encoder counts them and stops at a limit. */
  private readonly around: Step[] = [];

  constructor(schema: Schema) {
    this.types = new Map(schema.types.map((type) => [type.name, type]));
  }

  value(type: Type, value: unknown, path: Path): Fault | undefined {
    switch (type.kind) {
      case "optional":
        return value === undefined || value === null ? undefined : this.value(type.element, value, path);
      case "list":
        return Array.isArray(value) ? this.elements(type.element, value, path) : misfit(path, type, value);
      case "named":
        return this.named(type, value, path);
      case "typedArray":
        return value instanceof TYPED_ARRAYS[type.element] && ArrayBuffer.isView(value)
          ? undefined
          : misfit(path, type, value);
      case "string":
        return typeof value === "string" ? this.text(path, type, value) : misfit(path, type, value);
      case "bool":
        return typeof value === "boolean" ? undefined : misfit(path, type, value);
      default:
        return fits(type.kind, value) ? undefined : misfit(path, type, value);
    }
  }

  private elements(type: Type, list: readonly unknown[], path: Path): Fault | undefined {
    for (let i = 0, n = list.length; i < n; i++) {
      const fault = this.value(type, list[i], path.index(i));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private text(path: Path, type: Type, value: string): Fault | undefined {
    const at = loneSurrogate(value);
    if (at === -1) return undefined;
    return { path: path.text, expected: describeType(type), received: `a lone surrogate at index ${at}` };
  }

  private named(type: Extract<Type, { kind: "named" }>, value: unknown, path: Path): Fault | undefined {
    const named = this.types.get(type.name);
    // The generator names no type that it does not describe.
    if (named === undefined) return undefined;
    if (named.kind === "struct") return this.struct(named, type, value, path);
    return typeof value === "string" && named.values.includes(value) ? undefined : misfit(path, named, value);
  }

  private struct(struct: Struct, type: Type, value: unknown, path: Path): Fault | undefined {
    const isObject = typeof value === "object" && value !== null;
    // Where no field has to be there, none would notice that the value is no object, and the encoder looks itself.
    const noticed = struct.fields.some((field) => field.type.kind !== "optional");
    if (value === undefined || value === null || (!noticed && !isObject)) return misfit(path, type, value);
    const recursive = this.isRecursive(struct);
    if (recursive) {
      this.around.push({ type: struct, value, path });
      if (this.around.length > MAX_DEPTH) return this.tooDeep(path, type);
    }
    for (const field of struct.fields) {
      const hidden = field.type.kind === "optional" && INHERITED.has(field.name) && !Object.hasOwn(value, field.name);
      const inner = hidden ? undefined : (value as Record<string, unknown>)[field.name];
      const fault = this.value(field.type, inner, path.property(field.name));
      if (fault === undefined) continue;
      // That the whole is a number, or a promise, says more than which of its fields is missing.
      const odd = !isObject || (inner === undefined && describeValue(type, value) !== "an object");
      return odd ? misfit(path, type, value) : fault;
    }
    if (recursive) this.around.pop();
    return undefined;
  }

  /** Nesting beyond the limit is a cycle, if one object stands inside itself; otherwise it is just too deep. */
  private tooDeep(path: Path, type: Type): Fault {
    const seen = new Map<unknown, Step[]>();
    for (const step of this.around) {
      const before = seen.get(step.value) ?? [];
      const same = before.find((one) => one.type === step.type);
      if (same !== undefined) {
        const received = `a cycle (the same object as ${same.path.text})`;
        return { path: step.path.text, expected: describeType(type), received };
      }
      seen.set(step.value, [...before, step]);
    }
    return { path: path.text, expected: describeType(type), received: `nested deeper than ${MAX_DEPTH}` };
  }

  private readonly recursive = new Map<string, boolean>();

  /** Whether a value of this type can hold another of the same type: those are the ones that the encoder counts. */
  private isRecursive(struct: Struct): boolean {
    let known = this.recursive.get(struct.name);
    if (known === undefined) {
      const found = new Set<string>();
      const open: NamedType[] = [struct];
      for (let type = open.pop(); type !== undefined; type = open.pop()) {
        if (type.kind !== "struct") continue;
        for (const field of type.fields) {
          const name = namedIn(field.type);
          if (name === undefined || found.has(name)) continue;
          found.add(name);
          const inner = this.types.get(name);
          if (inner !== undefined) open.push(inner);
        }
      }
      known = found.has(struct.name);
      this.recursive.set(struct.name, known);
    }
    return known;
  }
}

function namedIn(type: Type): string | undefined {
  if (type.kind === "named") return type.name;
  return type.kind === "list" || type.kind === "optional" ? namedIn(type.element) : undefined;
}

function misfit(path: Path, type: Type | NamedType, value: unknown): Fault {
  return { path: path.text, expected: describeType(type), received: describeValue(type, value) };
}

/** Whether a value fits a number type; the same rules as in `Writer`, said another way. */
function fits(kind: NumberKind, value: unknown): boolean {
  switch (kind) {
    case "f64":
      return typeof value === "number";
    case "f32":
      return typeof value === "number" && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value));
    case "int":
      return Number.isSafeInteger(value);
    case "u64":
      return typeof value === "bigint" && BigInt.asUintN(64, value) === value;
    case "i64":
      return typeof value === "bigint" && BigInt.asIntN(64, value) === value;
    default: {
      const bits = Number(kind.slice(1));
      const [low, high] = kind.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
      return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
    }
  }
}
