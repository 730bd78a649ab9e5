import type { FieldsType, Type, UnionType, ValuesType } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, goNumber, isNumber, numberMethod, numbersOf } from "./package.js";
import { quote } from "./strings.js";
import { alone, element, Locals, loopName, plus, Target } from "./target.js";

/** Owned decoding: check and copy in one pass, into memory that is the handler's own. */
export function emitReadFields(go: GoPackage, type: FieldsType): Code {
  const out = new Code("\t");
  const { offsets } = go.layouts.struct(type.name);
  const fields = go.names.fields(type);
  const open = `func ${go.names.function("read", type.name)}(r *${go.use("image")}.Reader, at uint32, v *${go.names.type(type.name)}) {`;
  return out.block(open, "}", () => {
    const recursive = go.isRecursive(type.name);
    if (recursive) out.block("if !r.Enter() {", "}", () => out.line("return"));
    const reader = new ValueReader(go, out);
    type.fields.forEach((field, index) => {
      reader.read(field.type, plus("at", offsets[index] as number), new Target(`v.${fields[index]}`));
    });
    if (recursive) out.line("r.Leave()");
  });
}

/** A value of a set becomes the constant: no string is copied, and nothing else gets in. */
export function emitReadValues(go: GoPackage, type: ValuesType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const constants = go.names.constantsOf(type.name);
  const open = `func ${go.names.function("read", type.name)}(r *${go.use("image")}.Reader, at uint32) ${name} {`;
  return out.block(open, "}", () => {
    if (type.kind === "numbers") {
      out.line(`switch v := ${name}(r.Int(at)); v {`);
      out.line(`case ${constants.join(", ")}:`).line("\treturn v");
    } else {
      out.line("switch r.Peek(at) {");
      type.values.forEach((value, index) => {
        out.line(`case ${quote(value)}:`).line(`\treturn ${constants[index]}`);
      });
    }
    out.line("}");
    const numbers = type.kind === "numbers";
    out.line(`r.Fail(${quote(`a ${numbers ? "number" : "string"} that is no ${name}`)})`);
    out.line(numbers ? "return 0" : 'return ""');
  });
}

/** Each member by its number, from 1. */
export function emitReadUnion(go: GoPackage, type: UnionType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const open = `func ${go.names.function("read", type.name)}(r *${go.use("image")}.Reader, at uint32) ${name} {`;
  return out.block(open, "}", () => {
    out.line("switch r.Uint32(at) {");
    type.members.forEach((member, index) => {
      const { size, align } = go.layouts.struct(member.type);
      out.line(`case ${index + 1}:`);
      out.line(`\tif to, ok := r.Variant(at, ${size}, ${align}); ok {`);
      out.line(`\t\tv := new(${go.names.type(member.type)})`);
      out.line(`\t\t${go.names.function("read", member.type)}(r, to, v)`);
      out.line("\t\treturn v").line("\t}");
    });
    out.line("default:").line(`\tr.Fail(${quote(`a number that is no member of ${name}`)})`);
    out.line("}");
    out.line("return nil");
  });
}

/** Writes the Go that reads one value; used for fields and for parameters. */
export class ValueReader {
  private readonly locals = new Locals();

  constructor(
    private readonly go: GoPackage,
    private readonly out: Code,
  ) {}

  /** Reads the value at `at` into a variable that exists and is zero. */
  read(type: Type, at: string, into: Target, depth = 0): void {
    const { go, out } = this;
    const simple = this.expression(type, at);
    if (type.kind === "constant") return;
    if (simple !== undefined) out.line(`${into.text} = ${simple}`);
    else if (type.kind === "list") this.list(type.element, at, into, depth);
    else if (type.kind === "optional") this.optional(type.element, at, into, depth);
    else if (type.kind === "map") this.map(type, at, into, depth);
    else if (type.kind === "set") this.set(type, at, into, depth);
    else if (type.kind === "named") out.line(`${go.names.function("read", type.name)}(r, ${at}, ${into.address})`);
  }

  /** Declares a variable and reads the value into it; a struct becomes a pointer to one. */
  declare(name: string, type: Type, at: string): void {
    const simple = this.expression(type, at);
    if (simple !== undefined) this.out.line(`${name} := ${simple}`);
    else if (this.go.isStruct(type)) {
      this.out.line(`${name} := new(${this.go.text(type)})`);
      this.read(type, at, new Target(`*${name}`));
    } else {
      this.out.line(`var ${name} ${this.go.text(type)}`);
      this.read(type, at, new Target(name));
    }
  }

  /** The value as one expression, where it is one. */
  private expression(type: Type, at: string): string | undefined {
    const numbers = numbersOf(type);
    if (numbers !== undefined) return `${this.go.use("image")}.ReadNumbers[${goNumber(numbers)}](r, ${at})`;
    if (type.kind === "string") return `r.String(${alone(at)})`;
    if (type.kind === "lease") return `r.Lease(${alone(at)})`;
    if (type.kind === "bool") return `r.Bool(${alone(at)})`;
    if (type.kind === "date") return `r.Time(${alone(at)})`;
    if (type.kind === "duration") return `${this.go.text(type)}(r.Int64(${alone(at)}))`;
    if (isNumber(type)) return `r.${numberMethod(type.kind)}(${alone(at)})`;
    if (type.kind !== "named" || this.go.isStruct(type)) return undefined;
    return `${this.go.names.function("read", type.name)}(r, ${at})`;
  }

  private list(type: Type, at: string, into: Target, depth: number): void {
    const { size, align } = this.go.layout(type);
    const first = this.locals.name("at");
    const i = loopName(depth);
    this.out.block(`if ${first}, n := r.List(${at}, ${size}, ${align}); n > 0 {`, "}", () => {
      this.out.line(`${into.text} = make([]${this.go.text(type)}, n)`);
      this.out.block(`for ${i} := range ${into.text} {`, "}", () => {
        this.read(type, element(first, i, size), into.at(i), depth + 1);
      });
    });
  }

  private map(type: Extract<Type, { kind: "map" }>, at: string, into: Target, depth: number): void {
    const { size, align, offsets } = this.go.layouts.pair(type.key, type.value);
    this.entries(type, at, { size, align }, into, depth, (entry) => {
      const key = this.locals.name("x");
      const place = plus(entry, offsets[1] as number);
      const simple = this.expression(type.value, place);
      const value = simple === undefined ? this.locals.name("y") : simple;
      this.out.line(`${key} := ${this.expression(type.key, entry)}`);
      if (simple === undefined) {
        this.out.line(`var ${value} ${this.go.text(type.value)}`);
        this.read(type.value, place, new Target(value), depth + 1);
      }
      this.out.line(`${into.at(key).text} = ${value}`);
    });
  }

  private set(type: Extract<Type, { kind: "set" }>, at: string, into: Target, depth: number): void {
    this.entries(type, at, this.go.layout(type.element), into, depth, (entry) => {
      const key = this.locals.name("x");
      this.out.line(`${key} := ${this.expression(type.element, entry)}`);
      this.out.line(`${into.at(key).text} = struct{}{}`);
    });
  }

  /** A map is never nil: the handler may put something in. */
  private entries(
    type: Type,
    at: string,
    { size, align }: { size: number; align: number },
    into: Target,
    depth: number,
    body: (entry: string) => void,
  ): void {
    const first = this.locals.name("at");
    const n = this.locals.name("n");
    const i = loopName(depth);
    this.out.line(`${first}, ${n} := r.List(${at}, ${size}, ${align})`);
    this.out.line(`${into.text} = make(${this.go.text(type)}, ${n})`);
    this.out.block(`for ${i} := range ${n} {`, "}", () => body(element(first, i, size)));
    this.out.line(`r.Distinct(len(${into.text}), ${n})`);
  }

  private optional(type: Type, at: string, into: Target, depth: number): void {
    if (this.go.isUnion(type)) {
      this.out.block(`if r.Uint32(${at}) != 0 {`, "}", () => this.read(type, at, into, depth));
      return;
    }
    const { size, align } = this.go.layout(type);
    const target = this.locals.name("at");
    this.out.block(`if ${target}, ok := r.Pointer(${at}, ${size}, ${align}); ok {`, "}", () => {
      this.out.line(`${into.text} = new(${this.go.text(type)})`);
      this.read(type, target, into.pointee, depth);
    });
  }
}
