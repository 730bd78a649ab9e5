import { basename } from "node:path";
import { type CanonicalSchema, hasFields, hasValues, type Model, type ModelType } from "../../schema/index.js";
import { banner } from "../banner.js";
import { Code } from "../code.js";
import { emitCheckFields, emitCheckValues, emitSizeAssertion } from "./check.js";
import { emitNodeClient } from "./node-client.js";
import { GoPackage } from "./package.js";
import { emitReadFields, emitReadUnion, emitReadValues } from "./read.js";
import { emitServe } from "./serve.js";
import { emitSizeFields, emitSizeUnion } from "./size.js";
import { quote, rawQuote } from "./strings.js";
import { emitInterface, emitStruct, emitUnion, emitValues } from "./types.js";
import { emitWriteFields, emitWriteUnion, emitWriteValues } from "./write.js";

export { goFileBase, packageName } from "./identifiers.js";

/** What generated Go is a part of. */
export interface GoOptions {
  readonly package: string;
  /** Whether it serves clients of other versions, too. */
  readonly compat?: boolean;
}

/** Emits the Go side of an interface file as one source file, in gofmt's form. */
export function emitGo(model: Model, canonical: CanonicalSchema, options: GoOptions): string {
  const go = new GoPackage(model);
  const parts = [
    ...model.types.map((type) => emitType(go, type)),
    ...model.services.flatMap((service) => [emitInterface(go, service), emitServe(go, service)]),
    ...model.nodeServices.flatMap((service) => [emitInterface(go, service), ...emitNodeClient(go, service)]),
    ...emitFunctions(go),
    emitSchema(go, canonical, options.compat === true),
  ];
  const source = basename(model.file);
  const out = new Code("\t");
  out.line(banner(source)).line();
  const subject = options.package === "main" ? "This file" : `Package ${options.package}`;
  out.line(
    `// ${subject} is the Go side of ${source}: its types, the interface to implement, and the function that serves it.`,
  );
  out.line(`package ${options.package}`).line();
  out.block("import (", ")", () => {
    go.imports().forEach((group, index) => {
      if (index > 0) out.line();
      for (const path of group) out.line(quote(path));
    });
  });
  for (const part of parts) out.line().nested(part);
  return out.toString();
}

function emitType(go: GoPackage, type: ModelType): Code {
  if (hasFields(type)) return emitStruct(go, type);
  return hasValues(type) ? emitValues(go, type) : emitUnion(go, type);
}

/** Readers for what requests hold, sizers and writers for what results hold, checks for what is borrowed. */
function emitFunctions(go: GoPackage): Code[] {
  const parts: Code[] = [];
  const assertions = new Code("\t");
  for (const type of go.model.types) {
    parts.push(...emitCodec(go, type));
    if (go.borrowed.has(type.name) && hasFields(type)) assertions.line(emitSizeAssertion(go, type));
  }
  if (assertions.empty) return parts;
  const note = new Code("\t");
  note.line("// Borrowed values are used in place: where Go lays them out otherwise, this does not compile.");
  return [...parts, note.nested(assertions)];
}

/** The functions of one type that some method needs. */
function emitCodec(go: GoPackage, type: ModelType): Code[] {
  const parts: Code[] = [];
  const read = go.read.has(type.name);
  const checked = go.checked.has(type.name);
  const written = go.written.has(type.name);
  if (hasFields(type)) {
    if (read) parts.push(emitReadFields(go, type));
    if (checked) parts.push(emitCheckFields(go, type));
    if (written && go.layouts.struct(type.name).refs) parts.push(emitSizeFields(go, type));
    if (written) parts.push(emitWriteFields(go, type));
  } else if (hasValues(type)) {
    if (read) parts.push(emitReadValues(go, type));
    if (checked) parts.push(emitCheckValues(go, type));
    if (written) parts.push(emitWriteValues(go, type));
  } else {
    if (read) parts.push(emitReadUnion(go, type));
    if (written) parts.push(emitSizeUnion(go, type), emitWriteUnion(go, type));
  }
  return parts;
}

function emitSchema(go: GoPackage, canonical: CanonicalSchema, compat: boolean): Code {
  const callbacks = canonical.schema.callbacks?.length ?? 0;
  const out = new Code("\t");
  return out.block(`var schema = ${go.use("ts2go")}.Schema{`, "}", () => {
    out.line(`Name: ${quote(canonical.schema.name)},`);
    out.line(`Hash: ${quote(canonical.hash)},`);
    out.line(`JSON: ${rawQuote(canonical.json)},`);
    // A column wider, and gofmt would move the others.
    if (callbacks > 0) out.line().line("// Methods that TypeScript implements.").line(`Callbacks: ${callbacks},`);
    if (compat) out.line().line("// Clients of other versions are served, too.").line("Compat: true,");
  });
}
