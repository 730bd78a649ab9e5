import type { LiteralsType, StructType, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, isNumber, numberMethod, numbersOf } from "./package.js";
import { quote } from "./strings.js";
import { alone, element, Locals, loopName, plus, Target } from "./target.js";

/**
 * Encoding of results. Slices and pointers are taken into locals first: a handler that goes on changing its result can
 * spoil the values, but never make the code write outside the body.
 */
export function emitWriteStruct(go: GoPackage, type: StructType): Code {
  const out = new Code("\t");
  const { offsets } = go.layouts.struct(type.name);
  const fields = go.names.fields(type);
  const open = `func ${go.names.function("write", type.name)}(w *${go.use("image")}.Writer, at uint32, v *${go.names.type(type.name)}) {`;
  return out.block(open, "}", () => {
    const writer = new ValueWriter(go, out);
    type.fields.forEach((field, index) => {
      writer.write(field.type, plus("at", offsets[index] as number), new Target(`v.${fields[index]}`));
    });
  });
}

/** Only the constants are sent: TypeScript knows no others. */
export function emitWriteLiterals(go: GoPackage, type: LiteralsType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const open = `func ${go.names.function("write", type.name)}(w *${go.use("image")}.Writer, at uint32, v ${name}) {`;
  return out.block(open, "}", () => {
    out.line("switch v {");
    out.line(`case ${go.names.literals(type.name).join(", ")}:`).line("\tw.String(at, string(v))");
    out.line("default:").line(`\tw.FailLiteral(${quote(name)}, string(v))`);
    out.line("}");
  });
}

/** Writes the Go that writes one value; used for fields and for results. */
export class ValueWriter {
  private readonly locals = new Locals();

  constructor(
    private readonly go: GoPackage,
    private readonly out: Code,
  ) {}

  write(type: Type, at: string, from: Target, depth = 0): void {
    const { go, out } = this;
    if (numbersOf(type) !== undefined) out.line(`${go.use("image")}.WriteNumbers(w, ${at}, ${from.text})`);
    else if (type.kind === "string") out.line(`w.String(${at}, ${from.text})`);
    else if (type.kind === "bool") out.line(`w.Bool(${at}, ${from.text})`);
    else if (isNumber(type)) out.line(`w.${numberMethod(type.kind)}(${at}, ${from.text})`);
    else if (type.kind === "list") this.list(type.element, at, from, depth);
    else if (type.kind === "optional") this.optional(type.element, at, from, depth);
    else if (type.kind === "named") {
      const value = go.isStruct(type) ? from.address : from.text;
      out.line(`${go.names.function("write", type.name)}(w, ${at}, ${value})`);
    }
  }

  private list(type: Type, at: string, from: Target, depth: number): void {
    const { size, align } = this.go.layout(type);
    const first = this.locals.name("at");
    const s = this.locals.name("s");
    const i = loopName(depth);
    this.out.line(`${s} := ${from.text}`);
    this.out.block(`if ${first}, ok := w.List(${at}, len(${s}), ${size}, ${align}); ok {`, "}", () => {
      this.out.block(`for ${i} := range ${s} {`, "}", () => {
        this.write(type, element(first, i, size), new Target(`${s}[${i}]`), depth + 1);
      });
    });
  }

  private optional(type: Type, at: string, from: Target, depth: number): void {
    const { size, align } = this.go.layout(type);
    const p = this.locals.name("p");
    const target = this.locals.name("at");
    this.out.line(`if ${p} := ${from.text}; ${p} == nil {`);
    this.out.line(`\tw.Nil(${alone(at)})`);
    this.out.block(`} else if ${target}, ok := w.Pointer(${at}, ${size}, ${align}); ok {`, "}", () => {
      this.write(type, target, new Target(`*${p}`), depth);
    });
  }
}
