import { methodLayout } from "../../layout/index.js";
import type { ModelMethod, ModelService, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { type Data, Raw } from "./data.js";
import { plus } from "./locals.js";
import type { Module } from "./module.js";
import { ValueReader } from "./read.js";
import { type Descriptors, emitDescriptor } from "./service.js";
import { ValueWriter } from "./write.js";

/** The descriptor of an interface that TypeScript implements and Go calls. */
export function emitNodeService(module: Module, service: ModelService, about: Descriptors, schema: Data): Code {
  const out = new Code("  ");
  if (service.doc !== undefined) out.text(service.doc.source);
  const define = `${module.names.runtime("defineNodeService")}<${about.sources.name(service.origin)}>`;
  const methods = service.methods.map((method) => describe(module, service, method));
  return emitDescriptor(out, service, define, about, schema, methods);
}

function describe(module: Module, service: ModelService, method: ModelMethod): Data {
  const layout = methodLayout(module.layouts, method);
  const write = writeFunction(module, service, method);
  return {
    index: method.index,
    name: method.name,
    oneway: method.oneway ? true : undefined,
    requestSize: layout.size,
    read: method.params.length === 0 ? undefined : new Raw(module.names.readArgs(service, method)),
    size: layout.result?.size ?? 0,
    inline: layout.result?.inline ?? true,
    write: write === undefined ? undefined : new Raw(write),
  };
}

/** The encoder of a callback's result: a struct's own, or one for it. */
function writeFunction(module: Module, service: ModelService, method: ModelMethod): string | undefined {
  if (method.result === undefined) return undefined;
  const struct = module.codecOf(method.result);
  return struct === undefined ? module.names.writeResult(service, method) : module.names.write(struct);
}

/** The decoder of a callback's arguments: all of them, as an array. */
export function emitReadArgs(module: Module, service: ModelService, method: ModelMethod): Code {
  const out = new Code("  ");
  const open = `function ${module.names.readArgs(service, method)}(r: ${module.names.runtime("Reader")}, p: number): unknown[] {`;
  return out.block(open, "}", () => {
    const reader = new ValueReader(module, out);
    const values = methodLayout(module.layouts, method).params.map(({ param, offset }) =>
      reader.read(param.type, plus("p", offset)),
    );
    out.line(`return [${values.join(", ")}];`);
  });
}

/** The encoder of a callback's result that is no struct. */
export function emitWriteResult(module: Module, service: ModelService, method: ModelMethod, type: Type): Code {
  const out = new Code("  ");
  const open = `function ${module.names.writeResult(service, method)}(w: ${module.names.runtime("Writer")}, p: number, v: ${module.text(type)}): void {`;
  return out.block(open, "}", () => new ValueWriter(module, out).write(type, "p", "v"));
}
