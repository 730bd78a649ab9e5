import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import { readIndex } from "./collections.js";
import type { Context } from "./context.js";
import { literalsOf } from "./literals.js";
import type { Type } from "./model.js";
import { readIndexedAccess, readReference } from "./references.js";
import { indexOf, isDictionary } from "./shapes.js";
import { readShape } from "./structs.js";
import { type Place, step } from "./table.js";
import { readTuple } from "./tuples.js";
import { readLiterals, readUnion } from "./unions.js";
import { refuseIntersection, refuseNode } from "./unsupported.js";

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
  if (Node.isTupleTypeNode(node)) return readTuple(context, node, place);
  if (Node.isTypeOperatorTypeNode(node) && node.getOperator() === SyntaxKind.ReadonlyKeyword) {
    return readType(context, node.getTypeNode(), place);
  }
  if (Node.isTypeLiteral(node)) {
    return isDictionary(node) ? readIndex(context, indexOf(node), place) : readShape(context, node, place);
  }
  if (Node.isIntersectionTypeNode(node)) {
    return readShape(context, node, place) ?? refuseIntersection(context, node);
  }
  if (Node.isUnionTypeNode(node)) return readUnion(context, node, place);
  if (Node.isTypeReference(node)) return readReference(context, node, place);
  if (Node.isIndexedAccessTypeNode(node)) return readIndexedAccess(context, node, place);
  const literals = literalsOf(context, node);
  if (literals !== undefined && literals.values.length > 0) return readLiterals(context, node, literals, place);
  refuseNode(context, node);
  return undefined;
}

export function readList(context: Context, element: TypeNode, place: Place): Type | undefined {
  const type = readType(context, element, step(place, "element"));
  return type === undefined ? undefined : { kind: "list", element: type };
}
