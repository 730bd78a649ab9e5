import { LeasedBytes } from "../image/leased-bytes.js";
import { isDate, isDuration, isMap, isRecord, isSet } from "../image/objects.js";
import { MAX_DEPTH } from "../image/views.js";
import { TYPED_ARRAYS } from "../image/writer.js";
import type { Method, NamedType, NumberKind, Schema, Type } from "./index.js";
import { Path } from "./path.js";
import { Recursion } from "./recursion.js";
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

type Struct = Extract<NamedType, { kind: "struct" | "tuple" }>;
type Union = Extract<NamedType, { kind: "union" }>;
/** A struct of a recursive type that is being walked. */
type Step = { readonly type: Struct; readonly value: unknown; readonly path: Path };

class Walk {
  private readonly types: ReadonlyMap<string, NamedType>;
  private readonly recursion: Recursion;
  /** The structs of recursive types around the present one: the encoder counts them and stops at a limit. */
  private readonly around: Step[] = [];

  constructor(schema: Schema) {
    this.types = new Map(schema.types.map((type) => [type.name, type]));
    this.recursion = new Recursion(this.types);
  }

  value(type: Type, value: unknown, path: Path): Fault | undefined {
    switch (type.kind) {
      case "optional":
        return value === undefined || value === null ? undefined : this.value(type.element, value, path);
      case "list":
        return Array.isArray(value) ? this.elements(type.element, value, path) : misfit(path, type, value);
      case "named":
        return this.named(type, value, path);
      case "lease":
        return value instanceof Uint8Array && bytesFit(value) ? undefined : misfit(path, type, value);
      case "typedArray":
        return value instanceof TYPED_ARRAYS[type.element] && bytesFit(value) ? undefined : misfit(path, type, value);
      case "string":
        return typeof value === "string" ? this.text(path, type, value) : misfit(path, type, value);
      case "bool":
        return typeof value === "boolean" ? undefined : misfit(path, type, value);
      case "map":
        return type.record ? this.record(type, value, path) : this.map(type, value, path);
      case "set":
        return this.set(type, value, path);
      case "date":
        return isDate(value) ? undefined : misfit(path, type, value);
      case "duration":
        return isDuration(value) ? undefined : misfit(path, type, value);
      case "constant":
        return value === type.value ? undefined : misfit(path, type, value);
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

  private map(type: Extract<Type, { kind: "map" }>, value: unknown, path: Path): Fault | undefined {
    if (!isMap(value)) return misfit(path, type, value);
    let i = 0;
    for (const [key, inner] of value) {
      const fault = this.value(type.key, key, path.key(i)) ?? this.value(type.value, inner, path.get(key));
      if (fault !== undefined) return fault;
      i++;
    }
    return undefined;
  }

  private record(type: Extract<Type, { kind: "map" }>, value: unknown, path: Path): Fault | undefined {
    if (!isRecord(value)) return misfit(path, type, value);
    for (const key of Object.keys(value)) {
      const at = path.property(key);
      const fault = this.value(type.key, key, at) ?? this.value(type.value, value[key], at);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private set(type: Extract<Type, { kind: "set" }>, value: unknown, path: Path): Fault | undefined {
    if (!isSet(value)) return misfit(path, type, value);
    let i = 0;
    for (const element of value) {
      const fault = this.value(type.element, element, path.element(i++));
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
    switch (named.kind) {
      case "struct":
        return this.struct(named, type, value, path);
      case "tuple":
        return this.tuple(named, type, value, path);
      case "union":
        return this.union(named, type, value, path);
      default:
        return (named.values as readonly unknown[]).includes(value) ? undefined : misfit(path, named, value);
    }
  }

  private union(union: Union, type: Type, value: unknown, path: Path): Fault | undefined {
    if (value === undefined || value === null) return misfit(path, type, value);
    const tag = (value as Record<string, unknown>)[union.tag];
    const member = union.members.find((one) => one.value === tag);
    if (member !== undefined) return this.named({ kind: "named", name: member.type }, value, path);
    if (typeof value !== "object" || (tag === undefined && describeValue(type, value) !== "an object")) {
      return misfit(path, type, value);
    }
    const tags = union.members.map((one) => ({ kind: "constant", value: one.value }) as const);
    const expected = tags.map(describeType).join(" | ");
    const first = tags[0] as (typeof tags)[number];
    return { path: path.property(union.tag).text, expected, received: describeValue(first, tag) };
  }

  private tuple(tuple: Struct, type: Type, value: unknown, path: Path): Fault | undefined {
    if (!Array.isArray(value)) return misfit(path, type, value);
    const n = tuple.fields.length;
    if (value.length !== n) {
      return { path: path.text, expected: `${describeType(type)} of ${n}`, received: `an array of ${value.length}` };
    }
    const recursive = this.enter(tuple, type, value, path);
    if (typeof recursive === "object") return recursive;
    for (let i = 0; i < n; i++) {
      const fault = this.value((tuple.fields[i] as Struct["fields"][number]).type, value[i], path.index(i));
      if (fault !== undefined) return fault;
    }
    if (recursive) this.around.pop();
    return undefined;
  }

  /** Counts a level of a recursive type: says whether it was one, or what is wrong with its depth. */
  private enter(struct: Struct, type: Type, value: unknown, path: Path): boolean | Fault {
    if (!this.recursion.has(struct)) return false;
    this.around.push({ type: struct, value, path });
    return this.around.length > MAX_DEPTH ? this.tooDeep(path, type) : true;
  }

  private struct(struct: Struct, type: Type, value: unknown, path: Path): Fault | undefined {
    const isObject = typeof value === "object" && value !== null;
    // Where no field has to be there, none would notice that the value is no object, and the encoder looks itself.
    const noticed = struct.fields.some((field) => field.type.kind !== "optional");
    if (value === undefined || value === null || (!noticed && !isObject)) return misfit(path, type, value);
    const recursive = this.enter(struct, type, value, path);
    if (typeof recursive === "object") return recursive;
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
        return { path: step.path.text, expected: describeType(step.type), received };
      }
      seen.set(step.value, [...before, step]);
    }
    return { path: path.text, expected: describeType(type), received: `nested deeper than ${MAX_DEPTH}` };
  }
}

/** Bytes that were released are gone: no array of nothing was meant. */
function bytesFit(value: unknown): boolean {
  return ArrayBuffer.isView(value) && !(value instanceof LeasedBytes && value.released);
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
