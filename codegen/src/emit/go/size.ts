import type { FieldsType, Type, UnionType } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, numbersOf } from "./package.js";
import { Locals, loopName, Target } from "./target.js";

/** Adds up the bytes behind a struct's root, in the order in which they are written. Only structs with refs have one. */
export function emitSizeFields(go: GoPackage, type: FieldsType): Code {
  const out = new Code("\t");
  const fields = go.names.fields(type);
  const open = `func ${go.names.function("size", type.name)}(z *${go.use("image")}.Sizer, v *${go.names.type(type.name)}) {`;
  return out.block(open, "}", () => {
    const recursive = go.isRecursive(type.name);
    if (recursive) out.block("if !z.Enter() {", "}", () => out.line("return"));
    const sizer = new ValueSizer(go, out);
    type.fields.forEach((field, index) => {
      sizer.size(field.type, new Target(`v.${fields[index]}`));
    });
    if (recursive) out.line("z.Leave()");
  });
}

/** The member that there is, and nothing where there is none: the writer says whether that is a fault. */
export function emitSizeUnion(go: GoPackage, type: UnionType): Code {
  const out = new Code("\t");
  const open = `func ${go.names.function("size", type.name)}(z *${go.use("image")}.Sizer, v ${go.names.type(type.name)}) {`;
  return out.block(open, "}", () => {
    const refs = type.members.map((member) => go.layouts.struct(member.type).refs);
    out.line("switch v := v.(type) {");
    type.members.forEach((member, index) => {
      const { size, align } = go.layouts.struct(member.type);
      out.line(`case *${go.names.type(member.type)}:`);
      out.line("\tif v != nil {");
      out.line(`\t\tz.Pointer(${size}, ${align})`);
      if (refs[index]) out.line(`\t\t${go.names.function("size", member.type)}(z, v)`);
      out.line("\t}");
    });
    out.line("}");
  });
}

/** Writes the Go that sizes one value; `z` is what it calls the Sizer's pointer. */
export class ValueSizer {
  private readonly locals = new Locals();

  constructor(
    private readonly go: GoPackage,
    private readonly out: Code,
    private readonly z = "z",
  ) {}

  size(type: Type, from: Target, depth = 0): void {
    const { go, out } = this;
    if (!this.counts(type)) return;
    if (numbersOf(type) !== undefined) out.line(`${go.use("image")}.SizeNumbers(${this.z}, ${from.text})`);
    else if (type.kind === "string") out.line(`${this.method("String")}(${from.text})`);
    else if (type.kind === "list") this.list(type.element, from, depth);
    else if (type.kind === "optional") this.optional(type.element, from, depth);
    else if (type.kind === "map") this.map(type, from, depth);
    else if (type.kind === "set") this.set(type.element, from, depth);
    else if (type.kind === "named") {
      const union = go.isUnion(type);
      if (union) out.line(`${go.names.function("size", type.name)}(${this.z}, ${from.text})`);
      else if (go.isStruct(type)) out.line(`${go.names.function("size", type.name)}(${this.z}, ${from.address})`);
      else out.line(`${this.method("String")}(string(${from.text}))`);
    }
  }

  /** Whether a value takes room beside its own place. What a lease refers to lies elsewhere. */
  private counts(type: Type): boolean {
    return type.kind !== "lease" && this.go.layout(type).refs;
  }

  private list(type: Type, from: Target, depth: number): void {
    const { size, align } = this.go.layout(type);
    this.out.line(`${this.method("List")}(len(${from.text}), ${size}, ${align})`);
    if (!this.counts(type)) return;
    const i = loopName(depth);
    this.out.block(`for ${i} := range ${from.text} {`, "}", () => this.size(type, from.at(i), depth + 1));
  }

  private map({ key, value }: Extract<Type, { kind: "map" }>, from: Target, depth: number): void {
    const { size, align, refs } = this.go.layouts.pair(key, value);
    const x = this.go.layout(key).refs ? this.locals.name("x") : "_";
    const y = this.counts(value) ? this.locals.name("y") : "_";
    this.entries(from, { size, align, refs }, y === "_" ? x : `${x}, ${y}`, () => {
      this.size(key, new Target(x), depth + 1);
      this.size(value, new Target(y), depth + 1);
    });
  }

  private set(type: Type, from: Target, depth: number): void {
    const x = this.locals.name("x");
    this.entries(from, this.go.layout(type), x, () => this.size(type, new Target(x), depth + 1));
  }

  private entries(
    from: Target,
    { size, align, refs }: { size: number; align: number; refs: boolean },
    each: string,
    body: () => void,
  ): void {
    this.out.line(`${this.method("List")}(len(${from.text}), ${size}, ${align})`);
    if (!refs) return;
    this.out.block(`for ${each} := range ${from.text} {`, "}", () => {
      body();
      this.out.line(`${this.method("Align")}()`);
    });
  }

  private optional(type: Type, from: Target, depth: number): void {
    if (this.go.isUnion(type)) return this.size(type, from, depth);
    const { size, align } = this.go.layout(type);
    const p = this.locals.name("p");
    this.out.block(`if ${p} := ${from.text}; ${p} != nil {`, "}", () => {
      this.out.line(`${this.method("Pointer")}(${size}, ${align})`);
      this.size(type, new Target(`*${p}`), depth);
    });
  }

  private method(name: string): string {
    return `${this.z.replace(/^&/, "")}.${name}`;
  }
}
