import type {
  Doc,
  FieldsType,
  ListType,
  ModelMethod,
  ModelService,
  UnionType,
  ValuesType,
} from "../../schema/index.js";
import { Code } from "../code.js";
import { commented, goDoc } from "./docs.js";
import type { GoPackage } from "./package.js";
import { quote } from "./strings.js";

/** The Go struct of an interface or a tuple, its fields in the same order. */
export function emitStruct(go: GoPackage, type: FieldsType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  doc(out, goDoc(type.doc, name, type.name));
  const names = go.names.fields(type);
  const fields = type.fields.flatMap((field, index) => {
    return field.type.kind === "constant" ? [] : [{ name: names[index] as string, doc: field.doc, type: field.type }];
  });
  if (fields.length === 0) {
    return out.block(`type ${name} struct {`, "}", () => {
      out.line("// One byte, so that every value has an address of its own.").line("_ byte");
    });
  }
  const widths = columnWidths(fields);
  return out.block(`type ${name} struct {`, "}", () => {
    fields.forEach((field, index) => {
      doc(out, goDoc(field.doc));
      out.line(`${pad(field.name, widths[index] as number)} ${go.text(field.type)}`);
    });
  });
}

/** gofmt aligns what stands in columns; a comment begins a new group. */
function columnWidths(rows: readonly { readonly name: string; readonly doc: Doc | undefined }[]): number[] {
  const widths: number[] = [];
  let start = 0;
  rows.forEach((row, index) => {
    if (goDoc(row.doc).length > 0) start = index;
    const width = Math.max(...rows.slice(start, index + 1).map(({ name }) => length(name)));
    for (let i = start; i <= index; i++) widths[i] = width;
  });
  return widths;
}

/** The named type of a union of literals or of an enum, with a constant for each value. */
export function emitValues(go: GoPackage, type: ValuesType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const rows = go.names.constantsOf(type.name).map((constant, index) => {
    return { name: constant, doc: type.about[index]?.doc };
  });
  const widths = columnWidths(rows);
  const strings = type.kind === "literals";
  doc(out, goDoc(type.doc, name, type.name));
  out.line(`type ${name} ${strings ? "string" : "int"}`).line();
  out.line(`// The values of ${name}.`);
  return out.block("const (", ")", () => {
    rows.forEach((row, index) => {
      const value = strings ? quote(type.values[index] as string) : String(type.values[index]);
      doc(out, goDoc(row.doc, row.name, type.about[index]?.label));
      out.line(`${pad(row.name, widths[index] as number)} ${name} = ${value}`);
    });
  });
}

/** A sealed interface: its members are the types that have its private method. */
export function emitUnion(go: GoPackage, type: UnionType): Code {
  const out = new Code("\t");
  const name = go.names.type(type.name);
  const members = type.members.map((member) => go.names.type(member.type));
  const own = goDoc(type.doc, name, type.name);
  const list = `${own.length === 0 ? name : "It"} is one of ${members.map((member) => `*${member}`).join(", ")}.`;
  doc(out, own.length === 0 ? [list] : [...own, "", list]);
  out.block(`type ${name} interface {`, "}", () => out.line(`${go.names.marker(type.name)}()`));
  out.line();
  const width = Math.max(...members.map(length));
  for (const member of members) {
    // gofmt puts the bodies in a column.
    out.line(`func (*${member}) ${go.names.marker(type.name)}()${" ".repeat(width - length(member))} {}`);
  }
  return out;
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
