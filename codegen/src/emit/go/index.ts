import { basename } from "node:path";
import type { CanonicalSchema, Model } from "../../schema/index.js";
import { banner } from "../banner.js";
import { Code } from "../code.js";
import { emitCheckLiterals, emitCheckStruct, emitSizeAssertion } from "./check.js";
import { emitNodeClient } from "./node-client.js";
import { GoPackage } from "./package.js";
import { emitReadLiterals, emitReadStruct } from "./read.js";
import { emitServe } from "./serve.js";
import { emitSizeStruct } from "./size.js";
import { quote, rawQuote } from "./strings.js";
import { emitInterface, emitLiterals, emitStruct } from "./types.js";
import { emitWriteLiterals, emitWriteStruct } from "./write.js";

export { goFileBase, packageName } from "./identifiers.js";

/** Emits the Go side of an interface file as one source file, in gofmt's form. */
export function emitGo(model: Model, canonical: CanonicalSchema, options: { readonly package: string }): string {
  const go = new GoPackage(model);
  const parts = [
    ...model.types.map((type) => (type.kind === "struct" ? emitStruct(go, type) : emitLiterals(go, type))),
    ...model.services.flatMap((service) => [emitInterface(go, service), emitServe(go, service)]),
    ...model.nodeServices.flatMap((service) => [emitInterface(go, service), ...emitNodeClient(go, service)]),
    ...emitFunctions(go),
    emitSchema(go, canonical),
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

/** Readers for what requests hold, sizers and writers for what results hold, checks for what is borrowed. */
function emitFunctions(go: GoPackage): Code[] {
  const parts: Code[] = [];
  const assertions = new Code("\t");
  for (const type of go.model.types) {
    const { name } = type;
    const literals = type.kind === "literals";
    if (go.read.has(name)) parts.push(literals ? emitReadLiterals(go, type) : emitReadStruct(go, type));
    if (go.checked.has(name)) parts.push(literals ? emitCheckLiterals(go, type) : emitCheckStruct(go, type));
    if (go.written.has(name)) {
      if (!literals && go.layouts.struct(name).refs) parts.push(emitSizeStruct(go, type));
      parts.push(literals ? emitWriteLiterals(go, type) : emitWriteStruct(go, type));
    }
    if (go.borrowed.has(name) && !literals) assertions.line(emitSizeAssertion(go, type));
  }
  if (assertions.empty) return parts;
  const note = new Code("\t");
  note.line("// Borrowed values are used in place: where Go lays them out otherwise, this does not compile.");
  return [...parts, note.nested(assertions)];
}

function emitSchema(go: GoPackage, canonical: CanonicalSchema): Code {
  const callbacks = canonical.schema.callbacks?.length ?? 0;
  const out = new Code("\t");
  return out.block(`var schema = ${go.use("ts2go")}.Schema{`, "}", () => {
    out.line(`Name: ${quote(canonical.schema.name)},`);
    out.line(`Hash: ${quote(canonical.hash)},`);
    out.line(`JSON: ${rawQuote(canonical.json)},`);
    // A column wider, and gofmt would move the others.
    if (callbacks > 0) out.line().line("// Methods that TypeScript implements.").line(`Callbacks: ${callbacks},`);
  });
}
