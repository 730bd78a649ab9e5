import { methodLayout } from "../../layout/index.js";
import type {
  FieldsType,
  ListType,
  ModelField,
  ModelMethod,
  ModelService,
  Type,
  UnionType,
} from "../../schema/index.js";
import { Code } from "../code.js";
import { printData, propertyOf, quote } from "./data.js";
import { element, Locals, plus } from "./locals.js";
import type { Module } from "./module.js";

/**
 * Encoders: straight-line code, monomorphic, without closures or temporary objects. Each property is read once, so
 * that what was checked is what is written.
 */
export function emitWriteFields(module: Module, type: FieldsType): Code {
  const { names, layouts } = module;
  const out = new Code("  ");
  const { offsets } = layouts.struct(type.name);
  const p = type.fields.every((field) => field.type.kind === "constant") ? "_p" : "p";
  // A tuple that is readonly fits one that is not only so.
  const of = type.kind === "tuple" ? `${names.global("Readonly")}<${type.name}>` : type.name;
  const open = `function ${names.write(type.name)}(w: ${names.runtime("Writer")}, ${p}: number, v: ${of}): void {`;
  return out.block(open, "}", () => {
    // A field that must be there notices when `v` is no object; where there is none, somebody else has to.
    if (type.kind === "tuple") out.line(`w.tuple(v, ${type.fields.length});`);
    else if (type.fields.every((field) => field.type.kind === "optional")) out.line("w.object(v);");
    const recursive = module.isRecursive(type.name);
    if (recursive) out.line("w.enter();");
    const writer = new ValueWriter(module, out);
    type.fields.forEach((field, index) => {
      const value = type.kind === "tuple" ? `v[${index}]` : fieldOf(module, field);
      writer.write(field.type, plus("p", offsets[index] as number), value);
    });
    if (recursive) out.line("w.leave();");
  });
}

/** Which member it is says the tag; the member's own encoder checks the rest. */
export function emitWriteUnion(module: Module, type: UnionType): Code {
  const { names, layouts } = module;
  const out = new Code("  ");
  const open = `function ${names.write(type.name)}(w: ${names.runtime("Writer")}, p: number, v: ${type.name}): void {`;
  return out.block(open, "}", () => {
    out.block(`switch (${propertyOf("v", type.tag)} as unknown) {`, "}", () => {
      type.members.forEach((member, index) => {
        const { size, align } = layouts.struct(member.type);
        const at = `w.variant(p, ${index + 1}, ${size}, ${align})`;
        const call = `${names.write(member.type)}(w, ${at}, v as ${member.type});`;
        out.line(`case ${printData(member.value, 0, 0)}: return ${call}`);
      });
      out.line("default: w.refuse();");
    });
  });
}

/** A field's value. Where every object inherits something of that name, an optional one counts only if it is there. */
function fieldOf(module: Module, field: ModelField): string {
  const value = propertyOf("v", field.name);
  if (field.type.kind !== "optional" || !(field.name in Object.prototype)) return value;
  return `${module.names.global("Object")}.hasOwn(v, ${quote(field.name)}) ? ${value} : undefined`;
}

/** The encoder of a request whose root is no single struct. */
export function emitWriteArgs(module: Module, service: ModelService, method: ModelMethod): Code {
  const { names } = module;
  const out = new Code("  ");
  const parameters = `Parameters<${service.name}[${quote(method.name)}]>`;
  const single = method.params.length === 1;
  // The stream among them goes another way.
  const at = method.items?.at ?? Number.POSITIVE_INFINITY;
  const each = method.params.map((_, index) => `${parameters}[${index < at ? index : index + 1}]`);
  const type = single ? (each[0] as string) : method.items === undefined ? parameters : `[${each.join(", ")}]`;
  const open = `function ${names.writeArgs(service, method)}(w: ${names.runtime("Writer")}, p: number, v: ${type}): void {`;
  return out.block(open, "}", () => {
    const writer = new ValueWriter(module, out);
    methodLayout(module.layouts, method).params.forEach(({ param, offset }, index) => {
      writer.write(param.type, plus("p", offset), single ? "v" : `v[${index}]`);
    });
  });
}

/** The encoder of a batch of an argument stream. */
export function emitWriteItems(module: Module, service: ModelService, method: ModelMethod, type: ListType): Code {
  const { names } = module;
  const out = new Code("  ");
  const open = `function ${names.writeItems(service, method)}(w: ${names.runtime("Writer")}, p: number, v: ${module.text(type)}): void {`;
  return out.block(open, "}", () => new ValueWriter(module, out).write(type, "p", "v"));
}

/** Writes the TypeScript that writes one value. */
export class ValueWriter {
  private readonly locals = new Locals();

  constructor(
    private readonly module: Module,
    private readonly out: Code,
  ) {}

  /** Writes `value` at `position`; both are expressions that are evaluated once. */
  write(type: Type, position: string, value: string, depth = 0): void {
    if (type.kind === "list") this.list(type.element, position, value, depth);
    else if (type.kind === "optional") this.optional(type.element, position, value, depth);
    else if (type.kind === "set") this.set(type.element, position, value, depth);
    else if (type.kind === "map" && type.record) this.record(type.key, type.value, position, value, depth);
    else if (type.kind === "map") this.map(type.key, type.value, position, value, depth);
    else this.out.line(this.simple(type, position, value));
  }

  private simple(type: Type, position: string, value: string): string {
    const { names } = this.module;
    if (type.kind === "typedArray" && type.element === "u8") return `w.bytes(${position}, ${value});`;
    if (type.kind === "typedArray") return `w.typedArray(${position}, ${value}, ${names.typedArray(type.element)});`;
    if (type.kind === "constant") return `w.constant(${value}, ${printData(type.value, 0, 0)});`;
    if (type.kind !== "named") return `w.${type.kind}(${position}, ${value});`;
    const { kind } = this.module.type(type.name);
    if (kind === "literals") return `w.literal(${position}, ${value}, ${names.values(type.name)});`;
    if (kind === "numbers") return `w.numeral(${position}, ${value}, ${names.values(type.name)});`;
    return `${names.write(type.name)}(w, ${position}, ${value});`;
  }

  private list(type: Type, position: string, value: string, depth: number): void {
    const { size, align } = this.module.layouts.of(type);
    const a = this.local("a", value);
    const q = this.locals.name("q");
    const i = depth === 0 ? "i" : `i${depth}`;
    const n = depth === 0 ? "n" : `n${depth}`;
    this.out.line(`const ${q} = w.list(${position}, ${a}, ${size}, ${align});`);
    const loop = `for (let ${i} = 0, ${n} = ${a}.length; ${i} < ${n}; ${i}++)`;
    const at = element(q, i, size);
    if (isSimple(type)) {
      this.out.line(`${loop} ${this.simple(type, at, `${a}[${i}]!`)}`);
    } else {
      this.out.block(`${loop} {`, "}", () => this.write(type, at, `${a}[${i}]!`, depth + 1));
    }
  }

  private optional(type: Type, position: string, value: string, depth: number): void {
    const { size, align } = this.module.layouts.of(type);
    const x = this.local("x", value);
    if (this.module.layouts.isUnion(type)) {
      this.out.line(`if (${x} === undefined || ${x} === null) w.noVariant(${position});`);
      this.out.line(`else ${this.simple(type, position, x)}`);
      return;
    }
    const at = `w.pointer(${position}, ${size}, ${align})`;
    this.out.line(`if (${x} === undefined || ${x} === null) w.nil(${position});`);
    if (isSimple(type)) this.out.line(`else ${this.simple(type, at, x)}`);
    else this.out.block("else {", "}", () => this.write(type, at, x, depth));
  }

  private map(key: Type, value: Type, position: string, from: string, depth: number): void {
    const { size, align, offsets } = this.module.layouts.pair(key, value);
    const m = this.local("m", from);
    const k = this.locals.name("k");
    const x = this.locals.name("x");
    this.entries(`w.map(${position}, ${m}, ${size}, ${align})`, `[${k}, ${x}] of ${m}`, size, (q) => {
      this.write(key, q, k, depth + 1);
      this.write(value, plus(q, offsets[1] as number), x, depth + 1);
    });
  }

  private set(type: Type, position: string, from: string, depth: number): void {
    const { size, align } = this.module.layouts.of(type);
    const m = this.local("m", from);
    const x = this.locals.name("x");
    this.entries(`w.set(${position}, ${m}, ${size}, ${align})`, `${x} of ${m}`, size, (q) => {
      this.write(type, q, x, depth + 1);
    });
  }

  /** A loop over what may have changed since its size was taken: it ends where the room for it does. */
  private entries(open: string, each: string, size: number, body: (position: string) => void): void {
    const q = this.locals.name("q");
    const e = this.locals.name("e");
    this.out.line(`let ${q} = ${open};`).line(`const ${e} = w.limit;`);
    this.out.block(`for (const ${each}) {`, "}", () => {
      this.out.line(`if (${q} === ${e}) w.refuse();`);
      body(q);
      this.out.line(`${q} += ${size};`);
    });
    this.out.line(`if (${q} !== ${e}) w.refuse();`);
  }

  private record(key: Type, value: Type, position: string, from: string, depth: number): void {
    const { size, align, offsets } = this.module.layouts.pair(key, value);
    const o = this.local("o", from);
    const a = this.locals.name("a");
    const q = this.locals.name("q");
    const k = this.locals.name("k");
    const i = depth === 0 ? "i" : `i${depth}`;
    const n = depth === 0 ? "n" : `n${depth}`;
    this.out.line(`const ${a} = w.record(${position}, ${o}, ${size}, ${align});`);
    const loop = `for (let ${i} = 0, ${n} = ${a}.length, ${q} = w.first; ${i} < ${n}; ${i}++, ${q} += ${size}) {`;
    this.out.block(loop, "}", () => {
      this.out.line(`const ${k} = ${a}[${i}]!;`);
      this.write(key, q, k, depth + 1);
      this.write(value, plus(q, offsets[1] as number), `${o}[${k}]!`, depth + 1);
    });
  }

  /** A constant that holds the value; a plain name needs none. */
  private local(prefix: string, value: string): string {
    if (/^\w+$/.test(value)) return value;
    const name = this.locals.name(prefix);
    this.out.line(`const ${name} = ${value};`);
    return name;
  }
}

/** Whether a value of this type is written by one call. */
function isSimple({ kind }: Type): boolean {
  return kind !== "list" && kind !== "optional" && kind !== "map" && kind !== "set";
}
