import type {
  FieldsType,
  ModelField,
  ModelMethod,
  ModelService,
  StructType,
  TupleType,
  Type,
  UnionType,
} from "../../schema/index.js";
import { Code } from "../code.js";
import { printData, propertyKey, propertyOf, quote } from "./data.js";
import { Locals, plus } from "./locals.js";
import type { Module } from "./module.js";

/** Decoders: object literals with their properties in the interface's order, and arrays of a tuple's places. */
export function emitReadFields(module: Module, type: FieldsType): Code {
  const { names } = module;
  const out = new Code("  ");
  const empty = type.fields.every((field) => field.type.kind === "constant");
  const params = empty ? `_r: ${names.runtime("Reader")}, _p: number` : `r: ${names.runtime("Reader")}, p: number`;
  return out.block(`function ${names.read(type.name)}(${params}): ${type.name} {`, "}", () => {
    const recursive = module.isRecursive(type.name);
    if (recursive) out.line("r.enter();");
    const reader = new ValueReader(module, out);
    const before = recursive ? `const v: ${type.name} = ` : "return ";
    if (type.kind === "tuple") out.line(`${before}[${readPlaces(module, type, reader).join(", ")}];`);
    const items = type.kind === "tuple" ? [] : readFields(module, type, reader, out);
    if (items !== undefined && type.kind !== "tuple") literal(out, before, items);
    if (recursive) out.line("r.leave();");
    if (recursive || items === undefined) out.line("return v;");
  });
}

/** Each member's decoder by its number. */
export function emitReadUnion(module: Module, type: UnionType): Code {
  const { names, layouts } = module;
  const out = new Code("  ");
  const open = `function ${names.read(type.name)}(r: ${names.runtime("Reader")}, p: number): ${type.name} {`;
  return out.block(open, "}", () => {
    out.line("const t = r.tag(p);");
    out.block("switch (t) {", "}", () => {
      type.members.forEach((member, index) => {
        const { size, align } = layouts.struct(member.type);
        out.line(`case ${index + 1}: return ${names.read(member.type)}(r, r.variant(p, ${size}, ${align}));`);
      });
      out.line(`default: return r.noVariant(t, ${quote(type.name)}, ${type.members.length});`);
    });
  });
}

const WIDTH = 120;

/** An object literal, on one line where it fits. */
function literal(out: Code, before: string, items: readonly string[], after = ""): void {
  const flat = `${before}${items.length === 0 ? "{}" : `{ ${items.join(", ")} }`}${after};`;
  if (flat.length + 2 <= WIDTH) out.line(flat);
  else {
    out.block(`${before}{`, `}${after};`, () => {
      for (const item of items) out.line(`${item},`);
    });
  }
}

/** The decoder of a result that is no struct. */
export function emitReadResult(module: Module, service: ModelService, method: ModelMethod, type: Type): Code {
  const { names } = module;
  const out = new Code("  ");
  const open = `function ${names.readResult(service, method)}(r: ${names.runtime("Reader")}, p: number): ${module.text(type)} {`;
  return out.block(open, "}", () => {
    out.line(`return ${new ValueReader(module, out).read(type, "p")};`);
  });
}

function readPlaces(module: Module, type: TupleType, reader: ValueReader): string[] {
  const { offsets } = module.layouts.struct(type.name);
  return type.fields.map((field, index) => {
    return field.type.kind === "constant"
      ? constant(type, field)
      : reader.read(field.type, plus("p", offsets[index] as number));
  });
}

/** What is not sent because it is always the same. */
function constant(owner: FieldsType, field: ModelField): string {
  if (field.type.kind !== "constant") return "";
  const value = printData(field.type.value, 0, 0);
  return field.ofEnum ? `${value} as unknown as ${owner.name}[${quote(field.name)}]` : value;
}

/**
 * Reads all fields. Gives the properties of the literal; or, from the first field on that may be left out, assigns
 * field by field to `v` and gives nothing.
 */
function readFields(module: Module, type: StructType, reader: ValueReader, out: Code): string[] | undefined {
  const { offsets } = module.layouts.struct(type.name);
  const position = (field: ModelField): string => plus("p", offsets[type.fields.indexOf(field)] as number);
  const split = type.fields.findIndex((field) => field.mayBeLeftOut);
  const first = split === -1 ? type.fields : type.fields.slice(0, split);
  const items = first.map((field) => {
    const key = propertyKey(field.name);
    const value = field.type.kind === "constant" ? constant(type, field) : reader.read(field.type, position(field));
    return key === value ? key : `${key}: ${value}`;
  });
  if (split === -1) return items;
  const cast = first.some((field) => field.hasReadonly) ? "as unknown as" : "as";
  literal(out, "const v = ", items, ` ${cast} { -readonly [K in keyof ${type.name}]: ${type.name}[K] }`);
  for (const field of type.fields.slice(split)) {
    const target = propertyOf("v", field.name);
    if (field.mayBeLeftOut && field.type.kind === "optional") {
      reader.ifThere(field.type.element, position(field), target);
    } else if (field.type.kind === "constant") {
      out.line(`${target} = ${constant(type, field)};`);
    } else {
      out.line(`${target} = ${reader.read(field.type, position(field))};`);
    }
  }
  return undefined;
}

/** Writes the TypeScript that reads one value. */
export class ValueReader {
  private readonly locals = new Locals();

  constructor(
    private readonly module: Module,
    private readonly out: Code,
  ) {}

  /** Gives an expression for the value at `position`, writing lines for what takes more than one. */
  read(type: Type, position: string, depth = 0): string {
    if (type.kind === "list") return this.list(type.element, position, depth);
    if (type.kind === "optional") return this.optional(type.element, type.absent, position, depth);
    if (type.kind === "map") return this.map(type.key, type.value, type.record === true, position, depth);
    if (type.kind === "set") return this.set(type.element, position, depth);
    const { names } = this.module;
    if (type.kind === "typedArray") return `r.typedArray(${position}, ${names.typedArray(type.element)})`;
    if (type.kind !== "named") return `r.${type.kind}(${position})`;
    const { kind } = this.module.type(type.name);
    if (kind === "literals") return `r.literal(${position}, ${names.values(type.name)})`;
    if (kind === "numbers") return `r.numeral(${position}, ${names.values(type.name)})`;
    return `${names.read(type.name)}(r, ${position})`;
  }

  /** Reads an optional value into `target` if it is there. */
  ifThere(type: Type, position: string, target: string, depth = 0): void {
    if (this.module.layouts.isUnion(type)) {
      this.out.line(`if (r.tag(${position}) !== 0) ${target} = ${this.read(type, position, depth)};`);
      return;
    }
    const q = this.pointer(type, position);
    if (isSimple(type)) this.out.line(`if (${q} !== 0) ${target} = ${this.read(type, q, depth)};`);
    else {
      this.out.block(`if (${q} !== 0) {`, "}", () => {
        this.out.line(`${target} = ${this.read(type, q, depth)};`);
      });
    }
  }

  private list(type: Type, position: string, depth: number): string {
    const { size, align } = this.module.layouts.of(type);
    const n = this.locals.name("n");
    const a = this.locals.name("a");
    const q = this.locals.name("q");
    const i = depth === 0 ? "i" : `i${depth}`;
    this.out.line(`const ${n} = r.list(${position}, ${size}, ${align});`);
    this.out.line(`const ${a}: ${this.module.text({ kind: "list", element: type })} = [];`);
    const step = size === 1 ? `${q}++` : `${q} += ${size}`;
    const loop = `for (let ${i} = 0, ${q} = r.first; ${i} < ${n}; ${i}++, ${step})`;
    if (isSimple(type) && type.kind !== "optional") {
      this.out.line(`${loop} ${a}.push(${this.read(type, q)});`);
    } else {
      this.out.block(`${loop} {`, "}", () => this.out.line(`${a}.push(${this.read(type, q, depth + 1)});`));
    }
    return a;
  }

  private map(key: Type, value: Type, record: boolean, position: string, depth: number): string {
    const { size, align, offsets } = this.module.layouts.pair(key, value);
    const m = this.locals.name(record ? "o" : "m");
    const text = this.module.text({ kind: "map", key, value, ...(record ? { record: true as const } : {}) });
    const empty = record ? "{}" : `new ${this.module.names.global("Map")}()`;
    const n = this.entries(m, `${text} = ${empty}`, position, { size, align }, depth, (q) => {
      const k = this.read(key, q, depth + 1);
      const x = this.read(value, plus(q, offsets[1] as number), depth + 1);
      this.out.line(record ? `r.put(${m}, ${k}, ${x});` : `${m}.set(${k}, ${x});`);
    });
    if (!record) this.out.line(`r.distinct(${m}.size, ${n});`);
    return m;
  }

  private set(type: Type, position: string, depth: number): string {
    const { size, align } = this.module.layouts.of(type);
    const s = this.locals.name("s");
    const text = `${this.module.text({ kind: "set", element: type })} = new ${this.module.names.global("Set")}()`;
    const n = this.entries(s, text, position, { size, align }, depth, (q) => {
      this.out.line(`${s}.add(${this.read(type, q, depth + 1)});`);
    });
    this.out.line(`r.distinct(${s}.size, ${n});`);
    return s;
  }

  /** A loop over the entries of a map or a set; gives the name that holds how many there are. */
  private entries(
    name: string,
    declaration: string,
    position: string,
    { size, align }: { size: number; align: number },
    depth: number,
    body: (position: string) => void,
  ): string {
    const n = this.locals.name("n");
    const q = this.locals.name("q");
    const i = depth === 0 ? "i" : `i${depth}`;
    this.out.line(`const ${n} = r.list(${position}, ${size}, ${align});`);
    this.out.line(`const ${name}: ${declaration};`);
    this.out.block(`for (let ${i} = 0, ${q} = r.first; ${i} < ${n}; ${i}++, ${q} += ${size}) {`, "}", () => body(q));
    return n;
  }

  private optional(type: Type, absent: string, position: string, depth: number): string {
    if (this.module.layouts.isUnion(type)) {
      return `r.tag(${position}) === 0 ? ${absent} : ${this.read(type, position, depth)}`;
    }
    if (isSimple(type)) {
      const q = this.pointer(type, position);
      return `${q} === 0 ? ${absent} : ${this.read(type, q, depth)}`;
    }
    const x = this.locals.name("x");
    this.out.line(`let ${x}: ${this.module.text(type)} | ${absent} = ${absent};`);
    this.ifThere(type, position, x, depth);
    return x;
  }

  private pointer(type: Type, position: string): string {
    const { size, align } = this.module.layouts.of(type);
    const q = this.locals.name("q");
    this.out.line(`const ${q} = r.pointer(${position}, ${size}, ${align});`);
    return q;
  }
}

/** Whether reading a value of this type takes no lines of its own before the expression, a pointer's apart. */
function isSimple({ kind }: Type): boolean {
  return kind !== "list" && kind !== "map" && kind !== "set";
}
