import type { ModelField, ModelMethod, ModelService, StructType, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { propertyKey, propertyOf } from "./data.js";
import { Locals, plus } from "./locals.js";
import type { Module } from "./module.js";

/** Decoders: object literals with their properties in the interface's order. */
export function emitReadStruct(module: Module, type: StructType): Code {
  const { names } = module;
  const out = new Code("  ");
  const empty = type.fields.length === 0;
  const params = empty ? `_r: ${names.runtime("Reader")}, _p: number` : `r: ${names.runtime("Reader")}, p: number`;
  return out.block(`function ${names.read(type.name)}(${params}): ${type.name} {`, "}", () => {
    const recursive = module.isRecursive(type.name);
    if (recursive) out.line("r.enter();");
    const reader = new ValueReader(module, out);
    const items = readFields(module, type, reader, out);
    if (items !== undefined) literal(out, recursive ? `const v: ${type.name} = ` : "return ", items);
    if (recursive) out.line("r.leave();");
    if (recursive || items === undefined) out.line("return v;");
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
    const value = reader.read(field.type, position(field));
    return key === value ? key : `${key}: ${value}`;
  });
  if (split === -1) return items;
  literal(out, "const v = ", items, ` as { -readonly [K in keyof ${type.name}]: ${type.name}[K] }`);
  for (const field of type.fields.slice(split)) {
    const target = propertyOf("v", field.name);
    if (field.mayBeLeftOut && field.type.kind === "optional") {
      reader.ifThere(field.type.element, position(field), target);
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
    const { names } = this.module;
    if (type.kind === "typedArray") return `r.typedArray(${position}, ${names.typedArray(type.element)})`;
    if (type.kind !== "named") return `r.${type.kind}(${position})`;
    return this.module.type(type.name).kind === "literals"
      ? `r.literal(${position}, ${names.values(type.name)})`
      : `${names.read(type.name)}(r, ${position})`;
  }

  /** Reads an optional value into `target` if it is there. */
  ifThere(type: Type, position: string, target: string, depth = 0): void {
    const q = this.pointer(type, position);
    if (type.kind !== "list") this.out.line(`if (${q} !== 0) ${target} = ${this.read(type, q, depth)};`);
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
    if (type.kind !== "list" && type.kind !== "optional") {
      this.out.line(`${loop} ${a}.push(${this.read(type, q)});`);
    } else {
      this.out.block(`${loop} {`, "}", () => this.out.line(`${a}.push(${this.read(type, q, depth + 1)});`));
    }
    return a;
  }

  private optional(type: Type, absent: string, position: string, depth: number): string {
    if (type.kind !== "list") {
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
