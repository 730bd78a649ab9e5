import type { ListType, LiteralsType, ModelMethod, ModelService, StructType } from "../../schema/index.js";
import { Code } from "../code.js";
import { commented, goDoc } from "./docs.js";
import type { GoPackage } from "./package.js";
import { quote } from "./strings.js";

/** The Go struct of an interface, its fields in the interface's order. */
export function emitStruct(go: GoPackage, type: StructType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  doc(out, goDoc(type.doc, name, type.name));
  if (type.fields.length === 0) {
    return out.block(`type ${name} struct {`, "}", () => {
      out.line("// One byte, so that every value has an address of its own.").line("_ byte");
    });
  }
  const names = go.names.fields(type);
  const widths = columnWidths(type, names);
  return out.block(`type ${name} struct {`, "}", () => {
    type.fields.forEach((field, index) => {
      doc(out, goDoc(field.doc));
      out.line(`${pad(names[index] as string, widths[index] as number)} ${go.text(field.type)}`);
    });
  });
}

/** gofmt aligns the types of fields that stand together; a comment begins a new group. */
function columnWidths(type: StructType, names: readonly string[]): number[] {
  const widths: number[] = [];
  let start = 0;
  type.fields.forEach((field, index) => {
    if (goDoc(field.doc).length > 0) start = index;
    const width = Math.max(...names.slice(start, index + 1).map(length));
    for (let i = start; i <= index; i++) widths[i] = width;
  });
  return widths;
}

/** The named string type of a union of literals, with a constant for each. */
export function emitLiterals(go: GoPackage, type: LiteralsType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const constants = go.names.literals(type.name);
  const width = Math.max(...constants.map(length));
  doc(out, goDoc(type.doc, name, type.name));
  out.line(`type ${name} string`).line();
  out.line(`// The values of ${name}.`);
  return out.block("const (", ")", () => {
    type.values.forEach((value, index) => {
      out.line(`${pad(constants[index] as string, width)} ${name} = ${quote(value)}`);
    });
  });
}

/** The interface that the user implements. */
export function emitInterface(go: GoPackage, service: ModelService): Code {
  const out = new Code("\t");
  const name = go.names.type(service.name);
  const methods = go.names.methods(service);
  doc(out, goDoc(service.doc, name, service.name));
  return out.block(`type ${name} interface {`, "}", () => {
    service.methods.forEach((method, index) => {
      doc(out, goDoc(method.doc));
      const names = go.names.params(method);
      const types = method.params.map(({ type }) => `${go.isStruct(type) ? "*" : ""}${go.text(type)}`);
      if (method.items !== undefined) types.splice(method.items.at, 0, go.stream(method.items.type));
      const params = types.map((type, at) => `${names[at]} ${type}`);
      const all = [`ctx ${go.use("context")}.Context`, ...params].join(", ");
      out.line(`${methods[index]}(${all})${resultText(go, method)}`);
    });
  });
}

function resultText(go: GoPackage, { oneway, streams, result }: ModelMethod): string {
  if (oneway) return "";
  if (result === undefined) return " error";
  return streams ? ` ${go.stream(result as ListType)}` : ` (${go.text(result)}, error)`;
}

function doc(out: Code, lines: readonly string[]): void {
  for (const line of commented(lines)) out.line(line);
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - length(text));
}

/** In characters, as gofmt counts. */
function length(text: string): number {
  return [...text].length;
}
