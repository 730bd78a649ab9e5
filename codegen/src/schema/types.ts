import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Type } from "./model.js";
import { readReference } from "./references.js";
import { readInlineStruct } from "./structs.js";
import { type Place, step } from "./table.js";
import { readUnion } from "./unions.js";
import { refuseNode } from "./unsupported.js";

/**
 * Reads a type as it is written. Gives undefined where it had to refuse: the fault is in `context.faults` then, and
 * reading goes on elsewhere.
 */
export function readType(context: Context, node: TypeNode, place: Place): Type | undefined {
  context.files.add(node.getSourceFile());
  switch (node.getKind()) {
    case SyntaxKind.StringKeyword:
      return { kind: "string" };
    case SyntaxKind.NumberKeyword:
      return { kind: "f64" };
    case SyntaxKind.BooleanKeyword:
      return { kind: "bool" };
  }
  if (Node.isParenthesizedTypeNode(node)) return readType(context, node.getTypeNode(), place);
  if (Node.isArrayTypeNode(node)) return readList(context, node.getElementTypeNode(), place);
  if (Node.isTypeOperatorTypeNode(node) && node.getOperator() === SyntaxKind.ReadonlyKeyword) {
    return readType(context, node.getTypeNode(), place);
  }
  if (Node.isTypeLiteral(node)) return readInlineStruct(context, node, place);
  if (Node.isUnionTypeNode(node) || isStringLiteral(node)) return readUnion(context, node, place);
  if (Node.isTypeReference(node)) return readReference(context, node, place);
  refuseNode(context, node);
  return undefined;
}

export function readList(context: Context, element: TypeNode, place: Place): Type | undefined {
  const type = readType(context, element, step(place, "element"));
  return type === undefined ? undefined : { kind: "list", element: type };
}

/** A type node that is one string literal: a union of one. */
export function isStringLiteral(node: TypeNode): boolean {
  return Node.isLiteralTypeNode(node) && Node.isStringLiteral(node.getLiteral());
}

/** Reports a place where a type should stand and none does. */
export function refuseMissing(context: Context, at: Node, what: string): void {
  context.faults.at(at, CODES.TYPE_MISSING, `${what} has no type`, "write one behind a colon, such as `: string`");
}
