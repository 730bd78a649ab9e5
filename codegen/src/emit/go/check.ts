import type { FieldsType, Type, ValuesType } from "../../schema/index.js";
import { Code } from "../code.js";
import type { GoPackage } from "./package.js";
import { quote } from "./strings.js";
import { alone, element, Locals, loopName, plus } from "./target.js";

/** Checks of what is borrowed: they walk the image as reading does, and copy nothing. */
export function emitCheckFields(go: GoPackage, type: FieldsType): Code {
  const out = new Code("\t");
  const { offsets } = go.layouts.struct(type.name);
  const open = `func ${go.names.function("check", type.name)}(r *${go.use("image")}.Reader, at uint32) {`;
  return out.block(open, "}", () => {
    const recursive = go.isRecursive(type.name);
    if (recursive) out.block("if !r.Enter() {", "}", () => out.line("return"));
    const checker = new ValueChecker(go, out);
    type.fields.forEach((field, index) => {
      checker.check(field.type, plus("at", offsets[index] as number));
    });
    if (recursive) out.line("r.Leave()");
  });
}

export function emitCheckValues(go: GoPackage, type: ValuesType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const strings = type.kind === "literals";
  const values = strings ? type.values.map(quote) : type.values.map(String);
  const open = `func ${go.names.function("check", type.name)}(r *${go.use("image")}.Reader, at uint32) {`;
  return out.block(open, "}", () => {
    out.line(`switch r.${strings ? "CheckPeek" : "Int"}(at) {`);
    out.line(`case ${values.join(", ")}:`);
    out.line("default:").line(`\tr.Fail(${quote(`a ${strings ? "string" : "number"} that is no ${name}`)})`);
    out.line("}");
  });
}

/** The size that the TypeScript half believes in, for a struct that is used in place. */
export function emitSizeAssertion(go: GoPackage, type: FieldsType): string {
  const { size } = go.layouts.struct(type.name);
  return `var _ = [1]struct{}{}[${go.use("unsafe")}.Sizeof(${go.names.type(type.name)}{})-${size}]`;
}

/** Writes the Go that checks one value, and that takes a parameter in place. */
export class ValueChecker {
  private readonly locals = new Locals();

  constructor(
    private readonly go: GoPackage,
    private readonly out: Code,
  ) {}

  check(type: Type, at: string, depth = 0): void {
    const { go, out } = this;
    if (!go.needsCheck(type)) return;
    if (type.kind === "bool") out.line(`r.CheckBool(${alone(at)})`);
    else if (type.kind === "string") out.line(`r.CheckString(${alone(at)})`);
    else if (type.kind === "named") out.line(`${go.names.function("check", type.name)}(r, ${at})`);
    else if (type.kind === "list") this.list(type.element, at, depth);
    else if (type.kind === "optional") this.optional(type.element, at, depth);
    else if (type.kind === "typedArray") {
      const { size, align } = go.layout({ kind: type.element });
      out.line(`r.CheckList(${at}, ${size}, ${align})`);
    }
  }

  /** Assigns a parameter in place. What refers to the image is built from the refs that were checked, never read again. */
  borrow(name: string, type: Type, at: string): void {
    const { go, out } = this;
    if (type.kind === "string") out.line(`${name} = r.CheckPeek(${at})`);
    else if (type.kind === "named") {
      this.check(type, at);
      out.line(`${name} = (*${go.text(type)})(r.Root(${at}))`);
    } else if (type.kind === "optional") {
      const { size, align } = go.layout(type.element);
      out.block(`if at, ok := r.CheckPointer(${at}, ${size}, ${align}); ok {`, "}", () => {
        this.check(type.element, "at");
        out.line(`${name} = (${go.text(type)})(r.Root(at))`);
      });
    } else if (type.kind === "list" || type.kind === "typedArray") {
      const inner: Type = type.kind === "list" ? type.element : { kind: type.element };
      const { size, align } = go.layout(inner);
      out.block(`if at, n := r.CheckList(${at}, ${size}, ${align}); n > 0 {`, "}", () => {
        this.elements(inner, "at", size, 0);
        out.line(`${name} = ${go.use("unsafe")}.Slice((*${go.text(inner)})(r.Root(at)), n)`);
      });
    }
  }

  private list(type: Type, at: string, depth: number): void {
    const { size, align } = this.go.layout(type);
    if (!this.go.needsCheck(type)) {
      this.out.line(`r.CheckList(${at}, ${size}, ${align})`);
      return;
    }
    const first = this.locals.name("at");
    this.out.block(`if ${first}, n := r.CheckList(${at}, ${size}, ${align}); n > 0 {`, "}", () => {
      this.elements(type, first, size, depth);
    });
  }

  private elements(type: Type, first: string, size: number, depth: number): void {
    if (!this.go.needsCheck(type)) return;
    const i = loopName(depth);
    this.out.block(`for ${i} := range n {`, "}", () => this.check(type, element(first, i, size), depth + 1));
  }

  private optional(type: Type, at: string, depth: number): void {
    const { size, align } = this.go.layout(type);
    if (!this.go.needsCheck(type)) {
      this.out.line(`r.CheckPointer(${at}, ${size}, ${align})`);
      return;
    }
    const target = this.locals.name("at");
    this.out.block(`if ${target}, ok := r.CheckPointer(${at}, ${size}, ${align}); ok {`, "}", () => {
      this.check(type, target, depth);
    });
  }
}
