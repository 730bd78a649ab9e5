import {
  type FieldsType,
  hasValues,
  type Model,
  type ModelMethod,
  type ModelService,
  type ValuesType,
} from "../../schema/index.js";
import { Scope } from "../scope.js";
import { exported, literalPart, local } from "./identifiers.js";
import { KEYWORDS, PREDECLARED } from "./initialisms.js";

/** Packages that generated code may import, by the names it uses for them. */
const PACKAGES = ["context", "fmt", "iter", "time", "unsafe", "image", "ts2go"];

/** What the body of a `Serve` function uses beside numbered locals; its variables must not hide it. */
const BODY = ["ctx", "c", "at", "r", "w", "z", "i", "n", "err", "result", "impl", "ok", "batch", "size", "write"];

/**
 * Every name of the generated Go package. Services come first, then types, constants and functions: a later one that
 * clashes gets another name, the same one in every run.
 */
export class GoNames {
  private readonly top = new Scope([...KEYWORDS, ...PREDECLARED, ...PACKAGES, "schema", "init", "main"]);
  private readonly types = new Map<string, string>();
  private readonly constants = new Map<string, readonly string[]>();
  private readonly serves = new Map<string, string>();
  private readonly functions = new Map<string, string>();
  private readonly clients = new Map<string, { readonly of: string; readonly type: string }>();

  constructor(model: Model) {
    for (const { name } of [...model.services, ...model.nodeServices, ...model.types])
      this.types.set(name, this.top.claim(exported(name)));
    for (const { name } of model.services) {
      const type = this.type(name);
      this.serves.set(name, this.top.claim(`Serve${type}`, `Serve${type}Service`));
    }
    for (const { name } of model.nodeServices) {
      const type = this.type(name);
      this.clients.set(name, {
        of: this.top.claim(`${type}Of`, `${type}OfNode`),
        type: this.top.claim(`node${type}`, `node${type}Service`),
      });
    }
    for (const type of model.types) if (hasValues(type)) this.claimConstants(type);
    // All at once and up front, so that what uses the names later cannot change them.
    for (const { name } of model.types) {
      for (const verb of ["read", "check", "size", "write"]) {
        this.functions.set(`${verb} ${name}`, this.top.claim(`${verb}${this.type(name)}`));
      }
    }
  }

  private claimConstants(type: ValuesType): void {
    const prefix = this.type(type.name);
    this.constants.set(
      type.name,
      type.values.map((value: string | number, index) => {
        return this.top.claim(`${prefix}${literalPart(type.about[index]?.label ?? value, index)}`);
      }),
    );
  }

  /** A named type, or a service's interface. */
  type(name: string): string {
    return this.types.get(name) as string;
  }

  /** The constants of an enum or a union of literals, in its order. */
  constantsOf(type: string): readonly string[] {
    return this.constants.get(type) as readonly string[];
  }

  /** The method that makes a struct a member of a union. No other package can have one. */
  marker(union: string): string {
    return `is${this.type(union)}`;
  }

  serve(service: string): string {
    return this.serves.get(service) as string;
  }

  /** The function that gives the client of a service of Node's, and the type behind it. */
  client(service: string): { readonly of: string; readonly type: string } {
    return this.clients.get(service) as { of: string; type: string };
  }

  function(verb: "read" | "check" | "size" | "write", type: string): string {
    return this.functions.get(`${verb} ${type}`) as string;
  }

  /** A struct's fields, in order; what has only one value is no field in Go, and gets no name. */
  fields(type: FieldsType): readonly string[] {
    const scope = new Scope([]);
    return type.fields.map((field) => {
      if (field.type.kind === "constant") return "";
      const index = type.kind === "tuple" && /^\d+$/.test(field.name);
      return scope.claim(index ? `V${field.name}` : exported(field.name));
    });
  }

  methods(service: ModelService): readonly string[] {
    const scope = new Scope([]);
    return service.methods.map((method) => scope.claim(exported(method.name)));
  }

  /** A method's parameters, the stream among them, as the interface that users implement names them. */
  params(method: ModelMethod): readonly string[] {
    return claimParams(new Scope([...KEYWORDS, ...PREDECLARED, ...PACKAGES, "ctx"]), method);
  }

  /** The same in the body of `Serve`: there they hide nothing that the code around them uses. */
  variables(method: ModelMethod): readonly string[] {
    const scope = this.top.inner();
    for (const name of BODY) scope.claim(name);
    return claimParams(scope, method);
  }
}

function claimParams(scope: Scope, method: ModelMethod): string[] {
  const names = method.params.map((param) => param.name);
  if (method.items !== undefined) names.splice(method.items.at, 0, method.items.name);
  return names.map((written) => {
    const name = local(written);
    // `s0` and its like are the numbered locals of generated code.
    return /^(at|i|k|m|n|p|s|x|y)\d+$/.test(name) ? scope.claim(`${name}Arg`) : scope.claim(name, `${name}Arg`);
  });
}
