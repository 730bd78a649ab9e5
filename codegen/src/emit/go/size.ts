import type { StructType, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, numbersOf } from "./package.js";
import { Locals, loopName, Target } from "./target.js";

/** Adds up the bytes behind a struct's root, in the order in which they are written. Only structs with refs have one. */
export function emitSizeStruct(go: GoPackage, type: StructType): Code {
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
    if (!go.layout(type).refs) return;
    if (numbersOf(type) !== undefined) out.line(`${go.use("image")}.SizeNumbers(${this.z}, ${from.text})`);
    else if (type.kind === "string") out.line(`${this.method("String")}(${from.text})`);
    else if (type.kind === "list") this.list(type.element, from, depth);
    else if (type.kind === "optional") this.optional(type.element, from, depth);
    else if (type.kind === "named") {
      if (go.isStruct(type)) out.line(`${go.names.function("size", type.name)}(${this.z}, ${from.address})`);
      else out.line(`${this.method("String")}(string(${from.text}))`);
    }
  }

  private list(type: Type, from: Target, depth: number): void {
    const { size, align, refs } = this.go.layout(type);
    this.out.line(`${this.method("List")}(len(${from.text}), ${size}, ${align})`);
    if (!refs) return;
    const i = loopName(depth);
    this.out.block(`for ${i} := range ${from.text} {`, "}", () => this.size(type, from.at(i), depth + 1));
  }

  private optional(type: Type, from: Target, depth: number): void {
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
