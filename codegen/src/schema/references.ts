import {
  type EnumDeclaration,
  type IndexedAccessTypeNode,
  Node,
  type TypeAliasDeclaration,
  type TypeNode,
  type TypeReferenceNode,
} from "ts-morph";
import { CODES } from "./codes.js";
import { readIndex, readMap, readRecord, readSet } from "./collections.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import { boundTo, lookThrough, withEnv } from "./generics.js";
import { literalsOf } from "./literals.js";
import type { ElementKind, NumberKind, Type } from "./model.js";
import { isLibrary, isMarker, isNode, originOf } from "./origin.js";
import { indexOf, isDictionary, isUtility, propertiesOf } from "./shapes.js";
import { readInterface, readShape } from "./structs.js";
import { libraryNameOf, symbolOf } from "./symbols.js";
import { type Place, step } from "./table.js";
import { readList, readType } from "./types.js";
import { contentOf, readLiterals } from "./unions.js";
import { refuseLibrary, refuseMarker, refuseNode, refuseNodeType, refuseUtility } from "./unsupported.js";

const NUMBERS: ReadonlySet<string> = new Set<NumberKind>([
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "f64",
  "u64",
  "i64",
  "int",
]);

const TYPED_ARRAYS: ReadonlyMap<string, ElementKind> = new Map([
  ["Uint8Array", "u8"],
  ["Int8Array", "i8"],
  ["Uint16Array", "u16"],
  ["Int16Array", "i16"],
  ["Uint32Array", "u32"],
  ["Int32Array", "i32"],
  ["Float32Array", "f32"],
  ["Float64Array", "f64"],
  ["BigUint64Array", "u64"],
  ["BigInt64Array", "i64"],
]);

/** Reads a type that is written as a name. The name is resolved: what it was imported as makes no difference. */
export function readReference(context: Context, node: TypeReferenceNode, place: Place): Type | undefined {
  const symbol = symbolOf(node);
  const declarations = symbol?.getDeclarations() ?? [];
  const [first] = declarations;
  // TypeScript reports a name that it does not know.
  if (symbol === undefined || first === undefined) return undefined;
  const name = symbol.getName();
  if (isMarker(first)) return readMarker(context, node, name);
  if (declarations.some(isLibrary)) return readLibrary(context, node, name, place);
  if (isNode(first)) return refuseNodeType(context, node, name);
  const bound = boundTo(context.env, node);
  if (bound !== undefined) return readType(withEnv(context, bound.env), bound.node, place);
  if (declarations.some(Node.isTypeParameterDeclaration)) {
    context.faults.at(
      node,
      CODES.TYPE_GENERIC,
      `nothing says what \`${name}\` stands for when this is sent`,
      "write the type that is meant",
    );
    return undefined;
  }
  const alias = declarations.find(Node.isTypeAliasDeclaration);
  if (alias !== undefined) return readAlias(context, alias, node, place);
  if (declarations.some(Node.isClassDeclaration)) {
    context.faults.at(
      node,
      CODES.TYPE_CLASS,
      `\`${name}\` is a class, and Go cannot run its methods`,
      `declare its data as an interface, and make the ${name} from it on your side`,
    );
    return undefined;
  }
  const enums = declarations.filter(Node.isEnumDeclaration);
  if (enums.length > 0) return readEnum(context, enums, node, place);
  if (declarations.some(Node.isEnumMember)) {
    const literals = literalsOf(context, node);
    return literals === undefined ? refuseEnum(context, node) : readLiterals(context, node, literals, place);
  }
  const interfaces = declarations.filter(Node.isInterfaceDeclaration);
  const [dictionary] = interfaces;
  if (dictionary !== undefined && interfaces.length === 1 && isDictionary(dictionary)) {
    return once(context, dictionary, node, (one) => readIndex(one, indexOf(dictionary), place));
  }
  if (interfaces.length > 0) return readInterface(context, interfaces, node, place);
  context.faults.at(
    node,
    CODES.TYPE_UNSUPPORTED,
    `\`${node.getText()}\` is no type that can be sent`,
    "write an interface with the fields that Go needs",
  );
  return undefined;
}

/** Reads `User["name"]`: the type of a field. */
export function readIndexedAccess(context: Context, node: IndexedAccessTypeNode, place: Place): Type | undefined {
  const [only, more] = literalsOf(context, node.getIndexTypeNode())?.values ?? [];
  const property = propertiesOf(context, node.getObjectTypeNode())?.get(String(only?.value));
  if (only === undefined || more !== undefined || property === undefined) {
    refuseNode(context, node);
    return undefined;
  }
  const type = readType(property.context, property.type, place);
  if (type === undefined || !property.mayBeLeftOut || type.kind === "optional") return type;
  return { kind: "optional", absent: "undefined", element: type };
}

/** A named string or number type with a constant for each member. */
function readEnum(
  context: Context,
  declarations: readonly EnumDeclaration[],
  node: TypeReferenceNode,
  place: Place,
): Type | undefined {
  const first = declarations[0] as EnumDeclaration;
  const known = context.table.find(first);
  if (known !== undefined) return { kind: "named", name: known.id };
  const literals = literalsOf(context, node);
  const kinds = new Set(literals?.values.map(({ value }) => typeof value));
  const whole = literals?.values.every(({ value }) => typeof value === "string" || Number.isSafeInteger(value));
  if (literals === undefined || kinds.size !== 1 || !whole) return refuseEnum(context, node);
  const odd = literals.values.some(({ value }) => typeof value === "string" && !value.isWellFormed());
  if (odd) return readLiterals(context, node, literals, place);
  const entry = context.table.add(first, place, first.getName(), { doc: docOf(first), origin: originOf(first) });
  entry.content = contentOf(literals);
  return { kind: "named", name: entry.id };
}

function refuseEnum(context: Context, node: TypeReferenceNode): undefined {
  context.faults.at(
    node,
    CODES.TYPE_ENUM,
    `\`${node.getText()}\`: the values of an enum that is sent are all strings or all whole numbers, written out`,
    'write them out, such as `enum Color { Red = "red" }`',
  );
  return undefined;
}

function readMarker(context: Context, node: TypeReferenceNode, name: string): Type | undefined {
  if (NUMBERS.has(name)) return { kind: name as NumberKind };
  if (name === "Duration") return { kind: "duration" };
  if (name === "Lease") return readLease(context, node);
  refuseMarker(context, node, name);
  return undefined;
}

/** Reads `Lease<Uint8Array>`. */
function readLease(context: Context, node: TypeReferenceNode): Type | undefined {
  const [inner] = node.getTypeArguments();
  if (inner !== undefined && libraryNameOf(inner) === "Uint8Array") return { kind: "lease" };
  context.faults.at(
    node,
    CODES.LEASE_TYPE,
    `\`${node.getText()}\`: only bytes can be leased`,
    "write `Lease<Uint8Array>`; views of other types can be made of its buffer",
  );
  return undefined;
}

function readLibrary(context: Context, node: TypeReferenceNode, name: string, place: Place): Type | undefined {
  const [element, second] = node.getTypeArguments();
  if (element !== undefined) {
    if (name === "Array" || name === "ReadonlyArray") return readList(context, element, place);
    if (name === "Set" || name === "ReadonlySet") return readSet(context, element, place);
    if (name === "Readonly") return readType(context, element, place);
    if (name === "NonNullable") return readPresent(context, element, place);
    if (name === "Exclude" || name === "Extract") {
      const literals = literalsOf(context, node);
      if (literals !== undefined && literals.values.length > 0) return readLiterals(context, node, literals, place);
      return refuseUtility(context, node, name);
    }
    if (second !== undefined && (name === "Map" || name === "ReadonlyMap")) {
      return readMap(context, element, second, place);
    }
    if (second !== undefined && name === "Record" && literalsOf(context, element) === undefined) {
      return readRecord(context, element, second, place);
    }
  }
  if (name === "Date") return { kind: "date" };
  if (isUtility(node)) return readShape(context, node, place) ?? refuseUtility(context, node, name);
  const kind = TYPED_ARRAYS.get(name);
  if (kind === undefined) {
    refuseLibrary(context, node, name);
    return undefined;
  }
  if (element !== undefined) {
    context.faults.at(
      element,
      CODES.TYPE_ARGUMENTS,
      `\`${node.getText()}\` says which memory the array lies in, which is nothing that can be sent`,
      `write \`${name}\``,
    );
    return undefined;
  }
  return { kind: "typedArray", element: kind };
}

/** Reads `NonNullable<T>`. */
function readPresent(context: Context, node: TypeNode, place: Place): Type | undefined {
  const type = readType(context, node, step(place, "present"));
  return type?.kind === "optional" ? type.element : type;
}

function readAlias(
  context: Context,
  alias: TypeAliasDeclaration,
  at: TypeReferenceNode,
  place: Place,
): Type | undefined {
  const node = alias.getTypeNode();
  if (node === undefined) return undefined;
  // An object without a name inside an alias is called after the alias, not after whoever meets it first.
  return once(context, alias, at, (one) =>
    readType(one, node, { inside: alias.getName(), as: "Item", via: place.via }),
  );
}

/** Reads what a name without a Go type of its own stands for, unless that is what is being read already. */
function once(
  context: Context,
  declaration: Node,
  at: TypeReferenceNode,
  read: (context: Context) => Type | undefined,
): Type | undefined {
  const found = lookThrough(context, declaration, at, (inside) => ({ type: read(inside) }));
  if (found !== undefined) return found.type;
  const name = at.getTypeName().getText();
  context.faults.at(
    at,
    CODES.TYPE_ENDLESS,
    `\`${name}\` is made of itself alone`,
    `let it pass through an interface: \`interface ${name} { items: ${name}[] }\``,
  );
  return undefined;
}
