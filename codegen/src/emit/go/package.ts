import { type Layout, Layouts, TypeGraph } from "../../layout/index.js";
import {
  hasFields,
  hasValues,
  type ListType,
  type Model,
  type ModelMethod,
  type ModelType,
  type NumberKind,
  type Type,
} from "../../schema/index.js";
import { GoNames } from "./names.js";

/** The module that generated Go imports, and the packages of it. */
const RUNTIME = "x.example/go";

const IMPORTS = {
  context: "context",
  iter: "iter",
  time: "time",
  unsafe: "unsafe",
  image: `${RUNTIME}/image`,
  ts2go: `${RUNTIME}/ts2go`,
} as const;

const NUMBERS: Readonly<Record<NumberKind, string>> = {
  u8: "uint8",
  i8: "int8",
  u16: "uint16",
  i16: "int16",
  u32: "uint32",
  i32: "int32",
  u64: "uint64",
  i64: "int64",
  f32: "float32",
  f64: "float64",
  int: "int",
};

/** What the emitters of one Go package share. */
export class GoPackage {
  readonly names: GoNames;
  readonly layouts: Layouts;
  private readonly graph: TypeGraph;
  private readonly types: ReadonlyMap<string, ModelType>;
  private readonly imported = new Set<keyof typeof IMPORTS>();
  /** Types whose owned reading, writing or checking in place some method needs. */
  readonly read: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
  readonly borrowed: ReadonlySet<string>;
  /** Borrowed types that have anything to check. */
  readonly checked: ReadonlySet<string>;

  constructor(readonly model: Model) {
    this.names = new GoNames(model);
    this.layouts = new Layouts(model);
    this.graph = new TypeGraph(model);
    this.types = new Map(model.types.map((type) => [type.name, type]));
    const methods = model.services.flatMap((service) => service.methods);
    const params = methods.flatMap((method) => method.params);
    const streamed = methods.flatMap(({ items }) => (items === undefined ? [] : [items.type]));
    // What Go calls goes the other way.
    const callbacks = model.nodeServices.flatMap((service) => service.methods);
    const results = (all: readonly ModelMethod[]) =>
      all.flatMap(({ result }) => (result === undefined ? [] : [result]));
    this.read = this.graph.reachable([...params.map((param) => param.type), ...streamed, ...results(callbacks)]);
    // A literal is read as its constant, borrowed or not.
    const inPlace = params.filter(({ borrow, type }) => borrow && !this.isConstant(type));
    this.borrowed = this.graph.reachable(inPlace.map((param) => param.type));
    this.checked = new Set([...this.borrowed].filter((name) => this.needsCheck({ kind: "named", name })));
    const sent = callbacks.flatMap((method) => method.params.map((param) => param.type));
    this.written = this.graph.reachable([...results(methods), ...sent]);
  }

  /** The name of a package that the code uses from here on. */
  use(name: keyof typeof IMPORTS): string {
    this.imported.add(name);
    return name;
  }

  /** The paths to import, Go's own first, as two sorted groups. */
  imports(): readonly (readonly string[])[] {
    const paths = [...this.imported].map((name) => IMPORTS[name]).sort();
    const own = (path: string): boolean => path.startsWith(RUNTIME);
    return [paths.filter((path) => !own(path)), paths.filter(own)].filter((group) => group.length > 0);
  }

  type(name: string): ModelType {
    return this.types.get(name) as ModelType;
  }

  /** What Go has a struct for: handlers get a pointer to it. */
  isStruct(type: Type): boolean {
    return type.kind === "named" && hasFields(this.type(type.name));
  }

  /** Whether a value is one of a type's constants. */
  isConstant(type: Type): boolean {
    return type.kind === "named" && hasValues(this.type(type.name));
  }

  isUnion(type: Type): boolean {
    return this.layouts.isUnion(type);
  }

  isRecursive(name: string): boolean {
    return this.graph.isRecursive(name);
  }

  layout(type: Type): Layout {
    return this.layouts.of(type);
  }

  /** A type as Go writes it. */
  text(type: Type): string {
    switch (type.kind) {
      case "bool":
      case "string":
        return type.kind;
      case "lease":
        return "[]byte";
      case "typedArray":
        return type.element === "u8" ? "[]byte" : `[]${NUMBERS[type.element]}`;
      case "list":
        return `[]${this.text(type.element)}`;
      case "optional":
        // An interface can be nil as it is.
        return this.isUnion(type.element) ? this.text(type.element) : `*${this.text(type.element)}`;
      case "date":
        return `${this.use("time")}.Time`;
      case "duration":
        return `${this.use("time")}.Duration`;
      case "map":
        return `map[${this.text(type.key)}]${this.text(type.value)}`;
      case "set":
        return `map[${this.text(type.element)}]struct{}`;
      case "constant":
        return "struct{}";
      case "named":
        return this.names.type(type.name);
      default:
        return NUMBERS[type.kind];
    }
  }

  /** A stream of what the list holds, as Go writes it: what a Go programmer ranges over since 1.23. */
  stream(list: ListType): string {
    return `${this.use("iter")}.Seq2[${this.text(list.element)}, error]`;
  }

  /** Whether a value that is used in place has anything in it that could be wrong. Any bits are a number. */
  needsCheck(type: Type): boolean {
    if (type.kind === "named") {
      const reached = [...this.graph.reachable([type])].map((name) => this.type(name));
      return reached.some(
        (one) => !hasFields(one) || one.fields.some(({ type }) => type.kind !== "named" && this.needsCheck(type)),
      );
    }
    return !isNumber(type) && type.kind !== "duration" && type.kind !== "constant";
  }

  /** Whether a value without refs can be one that TypeScript has no value for: a time, a number of a set. */
  canFail(type: Type): boolean {
    const named = [...this.graph.reachable([type])].map((name) => this.type(name));
    const fields = named.flatMap((one) => (hasFields(one) ? one.fields.map((field) => field.type) : []));
    return named.some(hasValues) || [type, ...fields].some(({ kind }) => kind === "date");
  }

  /** Go that lists the keys of a map of these in order. */
  keysOf(key: Type, map: string): string {
    return `${this.use("image")}.${key.kind === "bool" ? "BoolKeys" : "Keys"}(${map})`;
  }
}

/** A list of these is one block of numbers, which is copied as a whole. */
export function isNumber(type: Type): type is { kind: NumberKind } {
  return type.kind in NUMBERS;
}

/** The Go name of a number, and of the method that reads or writes one: `Uint8`. */
export function numberMethod(kind: NumberKind | "bool"): string {
  const name = kind === "bool" ? kind : NUMBERS[kind];
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The element of a list of numbers, if the type is one. */
export function numbersOf(type: Type): NumberKind | undefined {
  if (type.kind === "typedArray") return type.element;
  return type.kind === "list" && isNumber(type.element) ? type.element.kind : undefined;
}

export function goNumber(kind: NumberKind): string {
  return NUMBERS[kind];
}
