import { methodLayout } from "../../layout/index.js";
import type { CanonicalSchema, ModelMethod, ModelService } from "../../schema/index.js";
import { Code } from "../code.js";
import { type Data, printData, Raw } from "./data.js";
import type { Sources } from "./imports.js";
import type { Module } from "./module.js";

/** What descriptors need besides the model. */
export interface Descriptors {
  readonly canonical: CanonicalSchema;
  /** The Go program, relative to the package's root, with `/`. */
  readonly binary: string;
  /** Whether the client talks to Go programs of other versions, too. */
  readonly compat?: boolean;
  readonly sources: Sources;
}

/** The descriptor of one service and its client. */
export function emitService(module: Module, service: ModelService, about: Descriptors, schema: Data): Code {
  const { names } = module;
  const out = new Code("  ");
  const own = about.sources.name(service.origin);
  if (service.doc !== undefined) out.text(service.doc.source);
  const methods = service.methods.map((method) => describe(module, service, method));
  emitDescriptor(out, service, `${names.runtime("defineService")}<${own}>`, about, schema, methods);
  out.line();
  out.line(
    `/** The drop-in client of {@link ${service.name}}: Go starts at the first call, one worker for each JavaScript thread. */`,
  );
  const type = `${names.runtime("Client")}<${own}>`;
  return out.line(
    `export const ${names.client(service.name)}: ${type} = ${names.runtime("lazyClient")}(${service.name});`,
  );
}

/** What the runtime is told of an interface: `define` takes it. */
export function emitDescriptor(
  out: Code,
  service: ModelService,
  define: string,
  about: Descriptors,
  schema: Data,
  methods: readonly Data[],
): Code {
  return out.block(`export const ${service.name} = ${define}({`, "});", () => {
    property(out, "name", service.name);
    property(out, "binary", { from: new Raw("import.meta.url"), path: about.binary });
    property(out, "schemaHash", about.canonical.hash);
    property(out, "schema", schema);
    if (about.compat === true) property(out, "compat", true);
    property(out, "methods", methods);
  });
}

/** Prints one property of a descriptor. */
function property(out: Code, name: string, value: Data): void {
  out.text(`${name}: ${printData(value, 2, 2 + name.length + 2)},`.replaceAll("\n  ", "\n"));
}

function describe(module: Module, service: ModelService, method: ModelMethod): Data {
  const layout = methodLayout(module.layouts, method);
  const write = writeFunction(module, service, method);
  const read = readFunction(module, service, method);
  return {
    index: method.index,
    name: method.name,
    params: method.params.length,
    size: layout.size,
    inline: layout.inline,
    oneway: method.oneway ? true : undefined,
    streams: method.streams ? true : undefined,
    lends: layout.lends ? true : undefined,
    leases: layout.leases ? true : undefined,
    resultSize: layout.result?.size,
    write: write === undefined ? undefined : new Raw(write),
    read: read === undefined ? undefined : new Raw(read),
    items:
      method.items === undefined
        ? undefined
        : {
            index: method.index,
            at: method.items.at,
            name: method.items.name,
            size: module.layouts.of(method.items.type).size,
            inline: false,
            write: new Raw(module.names.writeItems(service, method)),
          },
  };
}

/** The encoder of a method's request: a single type's own, or one for its parameters. */
export function writeFunction(module: Module, service: ModelService, method: ModelMethod): string | undefined {
  const [first, second] = method.params;
  if (first === undefined) return undefined;
  const codec = second === undefined ? module.codecOf(first.type) : undefined;
  return codec === undefined ? module.names.writeArgs(service, method) : module.names.write(codec);
}

/** The decoder of a method's result. */
export function readFunction(module: Module, service: ModelService, method: ModelMethod): string | undefined {
  if (method.result === undefined) return undefined;
  const codec = module.codecOf(method.result);
  return codec === undefined ? module.names.readResult(service, method) : module.names.read(codec);
}
