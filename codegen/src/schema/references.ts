import {
  type Symbol as NameSymbol,
  Node,
  type TypeAliasDeclaration,
  type TypeNode,
  type TypeReferenceNode,
} from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { ElementKind, NumberKind, Type } from "./model.js";
import { isLibrary, isMarker, isNode } from "./origin.js";
import { readAliasedStruct, readInterface } from "./structs.js";
import type { Place } from "./table.js";
import { readList, readType } from "./types.js";
import { refuseLibrary, refuseMarker, refuseNodeType } from "./unsupported.js";

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
  if (declarations.some(Node.isTypeParameterDeclaration)) {
    context.faults.at(
      node,
      CODES.TYPE_GENERIC,
      `\`${name}\` is a type parameter, and generics have no Go type yet`,
      "write the interface out for the type you need",
    );
    return undefined;
  }
  if (declarations.some(isGeneric)) {
    context.faults.at(
      node,
      CODES.TYPE_GENERIC,
      `\`${name}\` is generic, and generics have no Go type yet`,
      `write out what \`${node.getText()}\` stands for, as an interface of its own`,
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
  if (declarations.some((one) => Node.isEnumDeclaration(one) || Node.isEnumMember(one))) {
    context.faults.at(
      node,
      CODES.TYPE_ENUM,
      `\`${node.getText()}\` is an enum, which ts2go cannot send yet`,
      'write a union of string literals instead, such as `type Color = "red" | "green"`',
    );
    return undefined;
  }
  const interfaces = declarations.filter(Node.isInterfaceDeclaration);
  if (interfaces.length > 0) return readInterface(context, interfaces, node, place);
  context.faults.at(
    node,
    CODES.TYPE_UNSUPPORTED,
    `\`${node.getText()}\` is no type that can be sent`,
    "write an interface with the fields that Go needs",
  );
  return undefined;
}

/** The alias that a type node names, looked up through imports; undefined for all else, and for generic ones. */
export function aliasOf(node: TypeNode): TypeAliasDeclaration | undefined {
  if (!Node.isTypeReference(node)) return undefined;
  const alias = symbolOf(node)?.getDeclarations().find(Node.isTypeAliasDeclaration);
  return alias === undefined || isGeneric(alias) || isMarker(alias) || isLibrary(alias) ? undefined : alias;
}

/** The name of ts2go's own that a type node stands for, such as `Borrow`. */
export function markerOf(node: TypeNode): string | undefined {
  if (!Node.isTypeReference(node)) return undefined;
  const symbol = symbolOf(node);
  const declaration = symbol?.getDeclarations()[0];
  return declaration !== undefined && isMarker(declaration) ? symbol?.getName() : undefined;
}

/** The name of TypeScript's or Node's own that a type node stands for, such as `Promise`. */
export function libraryNameOf(node: TypeNode): string | undefined {
  if (!Node.isTypeReference(node)) return undefined;
  const symbol = symbolOf(node);
  return symbol?.getDeclarations().some((one) => isLibrary(one) || isNode(one)) ? symbol.getName() : undefined;
}

function symbolOf(node: TypeReferenceNode): NameSymbol | undefined {
  const symbol = node.getTypeName().getSymbol();
  return symbol?.getAliasedSymbol() ?? symbol;
}

function isGeneric(declaration: Node): boolean {
  return Node.isTypeParametered(declaration) && declaration.getTypeParameters().length > 0;
}

function readMarker(context: Context, node: TypeReferenceNode, name: string): Type | undefined {
  if (NUMBERS.has(name)) return { kind: name as NumberKind };
  refuseMarker(context, node, name);
  return undefined;
}

function readLibrary(context: Context, node: TypeReferenceNode, name: string, place: Place): Type | undefined {
  const [element] = node.getTypeArguments();
  if ((name === "Array" || name === "ReadonlyArray") && element !== undefined) return readList(context, element, place);
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

function readAlias(context: Context, alias: TypeAliasDeclaration, at: TypeNode, place: Place): Type | undefined {
  const node = alias.getTypeNode();
  if (node === undefined) return undefined;
  const plain = unwrap(node);
  if (Node.isTypeLiteral(plain)) return readAliasedStruct(context, alias, plain, place);
  if (context.open.has(alias)) {
    context.faults.at(
      at,
      CODES.TYPE_ENDLESS,
      `\`${alias.getName()}\` is made of itself alone`,
      `let it pass through an interface: \`interface ${alias.getName()} { items: ${alias.getName()}[] }\``,
    );
    return undefined;
  }
  context.open.add(alias);
  // An object without a name inside an alias is called after the alias, not after whoever meets it first.
  const type = readType(context, node, { inside: alias.getName(), as: "Item", via: place.via });
  context.open.delete(alias);
  return type;
}

function unwrap(node: TypeNode): TypeNode {
  return Node.isParenthesizedTypeNode(node) ? unwrap(node.getTypeNode()) : node;
}
