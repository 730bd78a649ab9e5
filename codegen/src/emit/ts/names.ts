import type { ElementKind, Model, ModelMethod, ModelService } from "../../schema/index.js";
import { capital, pascal, small, words } from "../../schema/index.js";
import { Scope } from "../scope.js";

/** Words that cannot name a constant in a module, and globals that generated code must not shadow. */
const RESERVED =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield globalThis".split(
    " ",
  );

const TYPED_ARRAYS: Readonly<Record<ElementKind, string>> = {
  u8: "Uint8Array",
  i8: "Int8Array",
  u16: "Uint16Array",
  i16: "Int16Array",
  u32: "Uint32Array",
  i32: "Int32Array",
  f32: "Float32Array",
  f64: "Float64Array",
  u64: "BigUint64Array",
  i64: "BigInt64Array",
};

/**
 * Every name at the top of a generated module. What the user sees gets its name first: types and services keep theirs,
 * clients follow, and what is private to the module takes what is left.
 */
export class ModuleNames {
  private readonly scope = new Scope(RESERVED);
  private readonly users: ReadonlySet<string>;
  private readonly clients = new Map<string, string>();
  private readonly privates = new Map<string, string>();

  constructor(model: Model) {
    const own = [...model.types, ...model.services, ...model.nodeServices].map(({ name }) => name);
    this.users = new Set(own);
    for (const name of own) this.scope.claim(name);
    for (const { name } of model.services) {
      const client = lowerCamel(name);
      this.clients.set(name, this.scope.claim(client, `${client}Client`));
    }
  }

  /** The constant that holds a service's client. */
  client(service: string): string {
    return this.clients.get(service) as string;
  }

  /** A name that only this module uses; `key` says what for, and the same key has the same name. */
  private own(key: string, wish: string): string {
    const known = this.privates.get(key);
    if (known !== undefined) return known;
    const name = this.scope.claim(wish, `${wish}_`);
    this.privates.set(key, name);
    return name;
  }

  /** What a name of the runtime is called here. */
  runtime(name: string): string {
    return this.own(`runtime ${name}`, name);
  }

  /** The namespace that a file of the user's is imported as. */
  source(index: number): string {
    return this.own(`source ${index}`, index === 0 ? "source" : `source${index + 1}`);
  }

  schema(): string {
    return this.own("schema", "schema");
  }

  write(type: string): string {
    return this.own(`write ${type}`, `write${type}`);
  }

  read(type: string): string {
    return this.own(`read ${type}`, `read${type}`);
  }

  /** The set of a union's literals. */
  values(type: string): string {
    return this.own(`values ${type}`, `valuesOf${type}`);
  }

  writeArgs(service: ModelService, method: ModelMethod): string {
    return this.own(`args ${service.name} ${method.index}`, `write${service.name}${pascal(method.name)}Args`);
  }

  writeItems(service: ModelService, method: ModelMethod): string {
    return this.own(`items ${service.name} ${method.index}`, `write${service.name}${pascal(method.name)}Items`);
  }

  readResult(service: ModelService, method: ModelMethod): string {
    return this.own(`result ${service.name} ${method.index}`, `read${service.name}${pascal(method.name)}Result`);
  }

  /** The other way round, for a callback. */
  readArgs(service: ModelService, method: ModelMethod): string {
    return this.own(`callback args ${service.name} ${method.index}`, `read${service.name}${pascal(method.name)}Args`);
  }

  writeResult(service: ModelService, method: ModelMethod): string {
    return this.own(
      `callback result ${service.name} ${method.index}`,
      `write${service.name}${pascal(method.name)}Result`,
    );
  }

  /** One of JavaScript's own names, even if the user has a type or a service of that name. */
  global(name: string): string {
    return this.users.has(name) || [...this.clients.values()].includes(name) ? `globalThis.${name}` : name;
  }

  typedArray(element: ElementKind): string {
    return this.global(TYPED_ARRAYS[element]);
  }
}

/** `HTTPServer` -> `httpServer`, `Demo` -> `demo`. */
function lowerCamel(name: string): string {
  const [first = "client", ...rest] = words(name);
  const text = small(first) + rest.map(capital).join("");
  return /^\p{ID_Start}/u.test(text) ? text : `_${text}`;
}
