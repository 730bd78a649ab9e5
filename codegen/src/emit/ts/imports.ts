import { dirname, relative, sep } from "node:path";
import type { From, Model, Origin } from "../../schema/index.js";
import { quote } from "./data.js";
import type { Module } from "./module.js";

/** The versioned path that generated code imports its runtime from. */
const RUNTIME = "@x/ts2go/v1";

/** Says what generated code takes from the user's own files. */
export class Sources {
  private readonly files: readonly string[];

  constructor(
    private readonly module: Module,
    private readonly out: string,
  ) {
    this.files = [...new Set(origins(module.model).map((origin) => origin.file))];
  }

  /** A type of the user's as this module names it. */
  name(from: From): string {
    if ("access" in from) return from.access;
    return `${this.module.names.source(this.files.indexOf(from.file))}.${from.exported}`;
  }

  /** One import for each file. */
  imports(): string[] {
    return this.files.map((file, index) => {
      const path = quote(importPath(this.out, file));
      return `import type * as ${this.module.names.source(index)} from ${path};`;
    });
  }
}

/** The import of what is used of the runtime, types marked as such, in the order that linters sort them. */
export function runtimeImport(module: Module, values: readonly string[], types: readonly string[]): string {
  const all = [...values.map((name) => ({ name, type: false })), ...types.map((name) => ({ name, type: true }))];
  all.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const items = all.map(({ name, type }) => {
    const here = module.names.runtime(name);
    return `${type ? "type " : ""}${here === name ? name : `${name} as ${here}`}`;
  });
  return `import { ${items.join(", ")} } from ${quote(RUNTIME)};`;
}

/** All files that types come from: the services' first, since that is the interface file. */
function origins(model: Model): Origin[] {
  const services = [...model.services, ...model.nodeServices];
  const from = [...services.map((service) => service.origin), ...model.types.map((type) => type.from)];
  return from.filter((one): one is Origin => "file" in one);
}

/** How a module says where another one lies: the name that it has after compilation. */
function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join("/");
  const compiled = path.replace(/(\.d)?\.(c|m)?tsx?$/, (_, __, kind = "") => `.${kind}js`);
  return compiled.startsWith(".") ? compiled : `./${compiled}`;
}
