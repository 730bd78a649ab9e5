import {
  type ExpressionWithTypeArguments,
  type Symbol as NameSymbol,
  Node,
  SyntaxKind,
  type TypeAliasDeclaration,
  type TypeNode,
  type TypeReferenceNode,
} from "ts-morph";
import { isLibrary, isMarker, isNode } from "./origin.js";

/** A type that is written as a name, perhaps with arguments. */
export type NamedNode = TypeReferenceNode | ExpressionWithTypeArguments;

export function isNamedNode(node: Node): node is NamedNode {
  return Node.isTypeReference(node) || Node.isExpressionWithTypeArguments(node);
}

/** What a name stands for, looked up through imports: what it was imported as makes no difference. */
export function symbolOf(node: NamedNode): NameSymbol | undefined {
  const name = Node.isTypeReference(node) ? node.getTypeName() : node.getExpression();
  const symbol = name.getSymbol();
  return symbol?.getAliasedSymbol() ?? symbol;
}

export function declarationsOf(node: NamedNode): Node[] {
  return symbolOf(node)?.getDeclarations() ?? [];
}

/** The alias that a type node names; undefined for all else, and for ts2go's and TypeScript's own. */
export function aliasOf(node: TypeNode): TypeAliasDeclaration | undefined {
  if (!isNamedNode(node)) return undefined;
  const alias = declarationsOf(node).find(Node.isTypeAliasDeclaration);
  return alias === undefined || isMarker(alias) || isLibrary(alias) ? undefined : alias;
}

/** The name of ts2go's own that a type node stands for, such as `Borrow`. */
export function markerOf(node: TypeNode): string | undefined {
  if (!isNamedNode(node)) return undefined;
  const symbol = symbolOf(node);
  const declaration = symbol?.getDeclarations()[0];
  return declaration !== undefined && isMarker(declaration) ? symbol?.getName() : undefined;
}

/** The name of TypeScript's or Node's own that a type node stands for, such as `Promise`. */
export function libraryNameOf(node: TypeNode): string | undefined {
  if (!isNamedNode(node)) return undefined;
  const symbol = symbolOf(node);
  return symbol?.getDeclarations().some((one) => isLibrary(one) || isNode(one)) ? symbol.getName() : undefined;
}

/** The alias whose whole type a node is, `readonly` or not: what has no name of its own is called after it. */
export function aliasAround(node: Node): TypeAliasDeclaration | undefined {
  let parent = node.getParent();
  while (Node.isTypeNode(parent) && isSame(parent)) parent = parent.getParent();
  return Node.isTypeAliasDeclaration(parent) ? parent : undefined;
}

/** Whether what is inside is the same type to Go. */
function isSame(around: TypeNode): boolean {
  if (Node.isTypeOperatorTypeNode(around)) return around.getOperator() === SyntaxKind.ReadonlyKeyword;
  return Node.isParenthesizedTypeNode(around) || libraryNameOf(around) === "Readonly";
}
