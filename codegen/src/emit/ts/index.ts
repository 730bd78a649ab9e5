import { basename } from "node:path";
import { Layouts } from "../../layout/index.js";
import { type CanonicalSchema, hasFields, hasValues, type Model, type ValuesType } from "../../schema/index.js";
import { banner } from "../banner.js";
import { Code } from "../code.js";
import { type Data, printData, Raw } from "./data.js";
import { runtimeImport, Sources } from "./imports.js";
import { Module } from "./module.js";
import { emitNodeService, emitReadArgs, emitWriteResult } from "./node-service.js";
import { emitReadFields, emitReadResult, emitReadUnion } from "./read.js";
import { type Descriptors, emitService } from "./service.js";
import { emitWriteArgs, emitWriteFields, emitWriteItems, emitWriteUnion } from "./write.js";

/** Where generated TypeScript goes, and what it says of the Go program. */
export interface TypeScriptOptions {
  /** Absolute path of the file to be. */
  readonly path: string;
  /** The Go program, relative to the package's root, with `/`. */
  readonly binary: string;
  /** Whether the client talks to Go programs of other versions, too. */
  readonly compat?: boolean;
}

/** Emits the client of an interface file as one TypeScript module. */
export function emitTypeScript(model: Model, canonical: CanonicalSchema, options: TypeScriptOptions): string {
  const module = new Module(model, new Layouts(model));
  const sources = new Sources(module, options.path);
  const functions = emitFunctions(module);
  const services = emitServices(module, { canonical, ...options, sources });

  const out = new Code("  ");
  out.line(banner(basename(model.file)));
  out.line("// biome-ignore-all lint: generated");
  out.line("// biome-ignore-all format: generated");
  out.line("/* eslint-disable */");
  const types = ["Client", ...(functions.reads ? ["Reader"] : []), ...(functions.writes ? ["Writer"] : [])];
  const defineNode = model.nodeServices.length === 0 ? [] : ["defineNodeService"];
  out.line(runtimeImport(module, [...defineNode, "defineService", "lazyClient"], types));
  for (const line of sources.imports()) out.line(line);
  out.line();
  for (const { name, doc, from } of [
    ...model.types,
    ...[...model.services, ...model.nodeServices].map((service) => ({ ...service, from: service.origin })),
  ]) {
    if (doc !== undefined) out.text(doc.source);
    out.line(`export type ${name} = ${sources.name(from)};`);
  }
  for (const part of [...functions.parts, ...services]) out.line().nested(part);
  return out.toString();
}

/** Encoders for all that requests hold, decoders for all that results hold, and nothing that is not used. */
function emitFunctions(module: Module): { parts: Code[]; writes: boolean; reads: boolean } {
  const { model } = module;
  const parts: Code[] = [];
  for (const type of model.types) {
    if (hasValues(type)) parts.push(emitValues(module, type));
  }
  const writers: Code[] = [];
  const readers: Code[] = [];
  for (const type of model.types) {
    if (hasValues(type)) continue;
    if (module.written.has(type.name)) {
      writers.push(hasFields(type) ? emitWriteFields(module, type) : emitWriteUnion(module, type));
    }
    if (module.read.has(type.name)) {
      readers.push(hasFields(type) ? emitReadFields(module, type) : emitReadUnion(module, type));
    }
  }
  for (const service of model.services) {
    for (const method of service.methods) {
      const [first, second] = method.params;
      if (first !== undefined && (second !== undefined || module.codecOf(first.type) === undefined)) {
        writers.push(emitWriteArgs(module, service, method));
      }
      if (method.items !== undefined) writers.push(emitWriteItems(module, service, method, method.items.type));
      if (method.result !== undefined && module.codecOf(method.result) === undefined) {
        readers.push(emitReadResult(module, service, method, method.result));
      }
    }
  }
  for (const service of model.nodeServices) {
    for (const method of service.methods) {
      if (method.params.length > 0) readers.push(emitReadArgs(module, service, method));
      if (method.result !== undefined && module.codecOf(method.result) === undefined) {
        writers.push(emitWriteResult(module, service, method, method.result));
      }
    }
  }
  return { parts: [...parts, ...writers, ...readers], writes: writers.length > 0, reads: readers.length > 0 };
}

function emitValues(module: Module, type: ValuesType): Code {
  const map = module.names.global("Map");
  const items = type.values.map((value) => [value, value]);
  const key = type.kind === "literals" ? "string" : "number";
  // An enum's values are literals of its own to TypeScript.
  const ofEnum = type.about.some(({ label }) => label !== undefined);
  const readonly = module.names.global("ReadonlyMap");
  const cast = ofEnum ? ` as ${readonly}<${key}, unknown> as ${readonly}<${key}, ${type.name}>` : "";
  const open = `const ${module.names.values(type.name)} = new ${map}<${key}, ${ofEnum ? key : type.name}>(`;
  return new Code("  ").text(`${open}${printData(items, 0, open.length, 2 + cast.length)})${cast};`);
}

/** One descriptor and one client for each service; several share one schema. */
function emitServices(module: Module, about: Descriptors): Code[] {
  const data = about.canonical.schema as unknown as Data;
  const { services, nodeServices } = module.model;
  if (services.length === 1 && nodeServices.length === 0)
    return services.map((service) => emitService(module, service, about, data));
  const name = module.names.schema();
  const open = `const ${name} = `;
  const shared = new Code("  ").text(`${open}${printData(data, 0, open.length, 10)} as const;`);
  return [
    shared,
    ...services.map((service) => emitService(module, service, about, new Raw(name))),
    ...nodeServices.map((service) => emitNodeService(module, service, about, new Raw(name))),
  ];
}
