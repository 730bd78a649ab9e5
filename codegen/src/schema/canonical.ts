import { createHash } from "node:crypto";
import type {
  ListType,
  Method,
  Model,
  ModelMethod,
  ModelService,
  ModelType,
  NamedType,
  Schema,
  Type,
} from "./model.js";
import { mapParts } from "./parts.js";

/** A schema with the JSON that both ends carry and the hash that the handshake compares. */
export interface CanonicalSchema {
  readonly schema: Schema;
  /** The schema as JSON without white space, keys in a fixed order. */
  readonly json: string;
  /** SHA-256 of `json` in UTF-8, as 64 hex digits. */
  readonly hash: string;
}

/** Takes the wire schema out of a model. Docs, files and everything else that both ends need not agree on stay out. */
export function canonicalSchema(model: Model): CanonicalSchema {
  const methodsOf = (services: readonly ModelService[]) =>
    services.flatMap((service) => service.methods.map((method) => wireMethod(service, method)));
  const callbacks = methodsOf(model.nodeServices);
  const schema: Schema = {
    name: model.name,
    types: model.types.map(namedType),
    methods: methodsOf(model.services),
    ...(callbacks.length === 0 ? {} : { callbacks }),
  };
  const json = JSON.stringify(schema);
  return { schema, json, hash: createHash("sha256").update(json, "utf8").digest("hex") };
}

function namedType(type: ModelType): NamedType {
  switch (type.kind) {
    case "literals":
      return { kind: "literals", name: type.name, values: [...type.values] };
    case "numbers":
      return { kind: "numbers", name: type.name, values: [...type.values] };
    case "union": {
      const members = type.members.map(({ value, type }) => ({ value, type }));
      return { kind: "union", name: type.name, tag: type.tag, members };
    }
    default: {
      const fields = type.fields.map((field) => ({ name: field.name, type: wireType(field.type) }));
      return { kind: type.kind, name: type.name, fields };
    }
  }
}

function wireMethod(service: ModelService, method: ModelMethod): Method {
  const params: Method["params"][number][] = method.params.map((param) => ({
    name: param.name,
    type: wireType(param.type),
    ...(param.borrow ? { borrow: true as const } : {}),
  }));
  const { items, result } = method;
  if (items !== undefined) {
    params.splice(items.at, 0, { name: items.name, type: wireType(items.type.element), stream: true });
  }
  return {
    name: `${service.name}.${method.name}`,
    kind: method.streams ? "stream" : method.oneway ? "oneway" : "unary",
    params,
    ...(result === undefined ? {} : { result: wireType(method.streams ? (result as ListType).element : result) }),
  };
}

/** The same type with its keys in one order, whoever built it. */
function wireType(type: Type): Type {
  switch (type.kind) {
    case "typedArray":
      return { kind: "typedArray", element: type.element };
    case "constant":
      return { kind: "constant", value: type.value };
    case "named":
      return { kind: "named", name: type.name };
    case "list":
    case "optional":
    case "set":
    case "map":
      return mapParts(type, wireType);
    default:
      return { kind: type.kind };
  }
}
