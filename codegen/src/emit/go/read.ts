import type { LiteralsType, StructType, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { type GoPackage, goNumber, isNumber, numberMethod, numbersOf } from "./package.js";
import { quote } from "./strings.js";
import { alone, element, Locals, loopName, plus, Target } from "./target.js";

/** Owned decoding: check and copy in one pass, into memory that is the handler's own. */
export function emitReadStruct(go: GoPackage, type: StructType): Code {
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

/** A string of a set becomes the constant: nothing is copied, and nothing else gets in. */
export function emitReadLiterals(go: GoPackage, type: LiteralsType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const open = `func ${go.names.function("read", type.name)}(r *${go.use("image")}.Reader, at uint32) ${name} {`;
  return out.block(open, "}", () => {
    out.line("switch r.Peek(at) {");
    type.values.forEach((value, index) => {
      out.line(`case ${quote(value)}:`).line(`\treturn ${go.names.literals(type.name)[index]}`);
    });
    out.line("}");
    out.line(`r.Fail(${quote(`a string that is no ${name}`)})`);
    out.line('return ""');
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
    if (simple !== undefined) out.line(`${into.text} = ${simple}`);
    else if (type.kind === "list") this.list(type.element, at, into, depth);
    else if (type.kind === "optional") this.optional(type.element, at, into, depth);
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
    if (type.kind === "bool") return `r.Bool(${alone(at)})`;
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

  private optional(type: Type, at: string, into: Target, depth: number): void {
    const { size, align } = this.go.layout(type);
    const target = this.locals.name("at");
    this.out.block(`if ${target}, ok := r.Pointer(${at}, ${size}, ${align}); ok {`, "}", () => {
      this.out.line(`${into.text} = new(${this.go.text(type)})`);
      this.read(type, target, into.pointee, depth);
    });
  }
}
