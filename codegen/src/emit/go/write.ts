import type { FieldsType, Type, UnionType, ValuesType } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, isNumber, numberMethod, numbersOf } from "./package.js";
import { quote } from "./strings.js";
import { alone, element, Locals, loopName, plus, Target } from "./target.js";

/**
 * Encoding of results. Slices and pointers are taken into locals first: a handler that goes on changing its result can
 * spoil the values, but never make the code write outside the body.
 */
export function emitWriteFields(go: GoPackage, type: FieldsType): Code {
  const out = new Code("\t");
  const { offsets } = go.layouts.struct(type.name);
  const fields = go.names.fields(type);
  const open = `func ${go.names.function("write", type.name)}(w *${go.use("image")}.Writer, at uint32, v *${go.names.type(type.name)}) {`;
  return out.block(open, "}", () => {
    const writer = new ValueWriter(go, out);
    type.fields.forEach((field, index) => {
      writer.about = `${go.names.type(type.name)}.${fields[index]}`;
      writer.write(field.type, plus("at", offsets[index] as number), new Target(`v.${fields[index]}`));
    });
  });
}

/** Only the constants are sent: TypeScript knows no others. */
export function emitWriteValues(go: GoPackage, type: ValuesType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const open = `func ${go.names.function("write", type.name)}(w *${go.use("image")}.Writer, at uint32, v ${name}) {`;
  const strings = type.kind === "literals";
  return out.block(open, "}", () => {
    out.line("switch v {");
    out.line(`case ${go.names.constantsOf(type.name).join(", ")}:`);
    out.line(strings ? "\tw.String(at, string(v))" : "\tw.Int(at, int(v))");
    out.line("default:");
    out.line(`\tw.Fail${strings ? "Literal" : "Number"}(${quote(name)}, ${strings ? "string" : "int"}(v))`);
    out.line("}");
  });
}

export function emitWriteUnion(go: GoPackage, type: UnionType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const open = `func ${go.names.function("write", type.name)}(w *${go.use("image")}.Writer, at uint32, v ${name}) {`;
  return out.block(open, "}", () => {
    out.line("switch v := v.(type) {");
    type.members.forEach((member, index) => {
      const { size, align } = go.layouts.struct(member.type);
      out.line(`case *${go.names.type(member.type)}:`);
      out.line("\tif v == nil {").line(`\t\tw.FailNil(${quote(name)})`);
      out.line(`\t} else if to, ok := w.Variant(at, ${index + 1}, ${size}, ${align}); ok {`);
      out.line(`\t\t${go.names.function("write", member.type)}(w, to, v)`).line("\t}");
    });
    out.line("default:").line(`\tw.FailNil(${quote(name)})`);
    out.line("}");
  });
}

/** Writes the Go that writes one value; used for fields and for results. */
export class ValueWriter {
  private readonly locals = new Locals();
  /** What is being written, for errors. */
  about = "the result";

  constructor(
    private readonly go: GoPackage,
    private readonly out: Code,
  ) {}

  write(type: Type, at: string, from: Target, depth = 0): void {
    const { go, out } = this;
    if (numbersOf(type) !== undefined) out.line(`${go.use("image")}.WriteNumbers(w, ${at}, ${from.text})`);
    else if (type.kind === "string") out.line(`w.String(${at}, ${from.text})`);
    else if (type.kind === "lease") out.line(`w.Lease(${at}, ${from.text})`);
    else if (type.kind === "bool") out.line(`w.Bool(${at}, ${from.text})`);
    else if (isNumber(type)) out.line(`w.${numberMethod(type.kind)}(${at}, ${from.text})`);
    else if (type.kind === "list") this.list(type.element, at, from, depth);
    else if (type.kind === "optional") this.optional(type.element, at, from, depth);
    else if (type.kind === "date") out.line(`w.Time(${at}, ${from.text}, ${quote(this.about)})`);
    else if (type.kind === "duration") out.line(`w.Int64(${at}, int64(${from.text}))`);
    else if (type.kind === "map") this.map(type, at, from, depth);
    else if (type.kind === "set") this.set(type, at, from, depth);
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

  private map(type: Extract<Type, { kind: "map" }>, at: string, from: Target, depth: number): void {
    const { size, align, offsets } = this.go.layouts.pair(type.key, type.value);
    this.entries(type.key, at, { size, align }, from, depth, (entry, map, key) => {
      this.write(type.key, entry, new Target(key), depth + 1);
      const value = this.locals.name("y");
      this.out.line(`${value} := ${map}[${key}]`);
      this.write(type.value, plus(entry, offsets[1] as number), new Target(value), depth + 1);
    });
  }

  private set(type: Extract<Type, { kind: "set" }>, at: string, from: Target, depth: number): void {
    this.entries(type.element, at, this.go.layout(type.element), from, depth, (entry, _, key) => {
      this.write(type.element, entry, new Target(key), depth + 1);
    });
  }

  private entries(
    key: Type,
    at: string,
    { size, align }: { size: number; align: number },
    from: Target,
    depth: number,
    body: (entry: string, map: string, key: string) => void,
  ): void {
    const map = this.locals.name("m");
    const keys = this.locals.name("k");
    const first = this.locals.name("at");
    const x = this.locals.name("x");
    const i = loopName(depth);
    this.out.line(`${map} := ${from.text}`).line(`${keys} := ${this.go.keysOf(key, map)}`);
    this.out.block(`if ${first}, ok := w.List(${at}, len(${keys}), ${size}, ${align}); ok {`, "}", () => {
      this.out.block(`for ${i}, ${x} := range ${keys} {`, "}", () => {
        body(element(first, i, size), map, x);
      });
    });
  }

  private optional(type: Type, at: string, from: Target, depth: number): void {
    if (this.go.isUnion(type)) {
      this.out.branches(
        `if ${from.text} == nil {`,
        () => this.out.line(`w.NoVariant(${alone(at)})`),
        () => this.write(type, at, from, depth),
      );
      return;
    }
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
