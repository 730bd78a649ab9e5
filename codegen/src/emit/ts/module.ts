import { type Layouts, TypeGraph } from "../../layout/index.js";
import { hasFields, type Model, type ModelMethod, type ModelType, type Type } from "../../schema/index.js";
import { ModuleNames } from "./names.js";

/** What the emitters of one module share. */
export class Module {
  readonly names: ModuleNames;
  private readonly graph: TypeGraph;
  private readonly types: ReadonlyMap<string, ModelType>;
  /** Types that some request, or some result, can hold. */
  readonly written: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;

  constructor(
    readonly model: Model,
    readonly layouts: Layouts,
  ) {
    this.names = new ModuleNames(model);
    this.graph = new TypeGraph(model);
    this.types = new Map(model.types.map((type) => [type.name, type]));
    const methods = model.services.flatMap((service) => service.methods);
    const streamed = methods.flatMap(({ items }) => (items === undefined ? [] : [items.type]));
    const params = methods.flatMap((method) => method.params.map((param) => param.type));
    // What Go calls goes the other way.
    const callbacks = model.nodeServices.flatMap((service) => service.methods);
    const received = callbacks.flatMap((method) => method.params.map((param) => param.type));
    const results = (all: readonly ModelMethod[]) =>
      all.flatMap(({ result }) => (result === undefined ? [] : [result]));
    this.written = this.graph.reachable([...params, ...streamed, ...results(callbacks)]);
    this.read = this.graph.reachable([...results(methods), ...received]);
  }

  type(name: string): ModelType {
    return this.types.get(name) as ModelType;
  }

  /** The name of a type that has an encoder and a decoder of its own. */
  codecOf(type: Type): string | undefined {
    if (type.kind !== "named") return undefined;
    const named = this.type(type.name);
    return hasFields(named) || named.kind === "union" ? type.name : undefined;
  }

  isRecursive(name: string): boolean {
    return this.graph.isRecursive(name);
  }

  /** A type as TypeScript writes it. Lists are mutable here: what the reader makes fits a readonly one too. */
  text(type: Type): string {
    switch (type.kind) {
      case "bool":
        return "boolean";
      case "string":
        return "string";
      case "u64":
      case "i64":
        return "bigint";
      case "date":
        return this.names.global("Date");
      case "map": {
        const value = this.text(type.value);
        if (type.record) return `{ [key: string]: ${value} }`;
        return `${this.names.global("Map")}<${this.text(type.key)}, ${value}>`;
      }
      case "set":
        return `${this.names.global("Set")}<${this.text(type.element)}>`;
      case "lease":
        return `${this.names.global("ReturnType")}<${this.names.runtime("Reader")}["lease"]>`;
      case "typedArray":
        return this.names.typedArray(type.element);
      case "list": {
        const element = this.text(type.element);
        return type.element.kind === "optional" ? `(${element})[]` : `${element}[]`;
      }
      case "optional":
        return `${this.text(type.element)} | ${type.absent}`;
      case "named":
        return type.name;
      default:
        return "number";
    }
  }
}
