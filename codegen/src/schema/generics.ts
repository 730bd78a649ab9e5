import { Node, SyntaxKind, type TypeNode, type TypeParameterDeclaration } from "ts-morph";
import type { Context } from "./context.js";
import { aliasOf, declarationsOf, isNamedNode, libraryNameOf, markerOf, type NamedNode, symbolOf } from "./symbols.js";
import { pascal } from "./words.js";

/*
 * Generics are read instance by instance: `Page<User>` and `Page<string>` are two named types, `PageOfUser` and
 * `PageOfString`, each a plain Go struct. Go's own generics would fit the simplest of them only: they have no
 * `Pick<T, K>`, no `T | null` that stays one pointer where T is one already, no map of T without a constraint, and
 * borrowing needs a layout that is known. Who wants to write one function for all pages has an interface for it.
 */

/** What a type parameter stands for: a type, and what the parameters in that stand for. */
export interface Bound {
  readonly node: TypeNode;
  readonly env: Env;
}

/** What the type parameters in sight stand for. */
export type Env = ReadonlyMap<Node, Bound>;

export const NO_ENV: Env = new Map();

/** The type that a name stands for, if it is a type parameter in sight. */
export function boundTo(env: Env, node: Node): Bound | undefined {
  if (!isNamedNode(node) || env.size === 0) return undefined;
  return declarationsOf(node)
    .map((one) => env.get(one))
    .find((one) => one !== undefined);
}

/** Binds the type parameters of what a name stands for to the arguments, or to their defaults. */
export function bind(env: Env, declarations: readonly Node[], node: NamedNode): Env {
  const bindings = new Map<Node, Bound>();
  const args = node.getTypeArguments();
  for (const declaration of declarations) {
    if (!Node.isTypeParametered(declaration)) continue;
    declaration.getTypeParameters().forEach((parameter, index) => {
      const argument = args[index];
      const fallback = parameter.getDefault();
      if (argument !== undefined) bindings.set(parameter, boundTo(env, argument) ?? { node: argument, env });
      // A default may speak of the parameters before it.
      else if (fallback !== undefined) bindings.set(parameter, { node: fallback, env: bindings });
    });
  }
  return bindings.size === 0 ? NO_ENV : bindings;
}

/** Tells instances of one generic type apart: the same for two that are made of the same types. */
export function instanceKey(env: Env, parameters: readonly TypeParameterDeclaration[]): string {
  return parameters
    .map((parameter) => {
      const bound = env.get(parameter);
      return bound === undefined ? "" : keyOf(bound.env, bound.node);
    })
    .join();
}

/** Tells apart the instances of a type that stands inside a generic one: the same if no parameter occurs in it. */
export function innerKey(env: Env, node: Node): string {
  if (env.size === 0) return "";
  const found = new Set<string>();
  for (const name of [node, ...node.getDescendants()]) {
    const bound = boundTo(env, name);
    if (bound !== undefined) found.add(`${name.getText()}=${keyOf(bound.env, bound.node)}`);
  }
  return [...found].join();
}

/**
 * The same for two types that are made of the same ones. `open` are the aliases that are being looked into: one that
 * comes back to itself (`type T = Readonly<{ next: T | null }>`) is known by its place.
 */
export function keyOf(env: Env, node: Node, open: readonly Node[] = []): string {
  if (Node.isParenthesizedTypeNode(node)) return keyOf(env, node.getTypeNode(), open);
  if (isNamedNode(node)) {
    const bound = boundTo(env, node);
    if (bound !== undefined) return keyOf(bound.env, bound.node, open);
    const target = aliasOf(node)?.getTypeNode();
    const plain = node.getTypeArguments().length === 0;
    // What has no name of its own is the same under every alias.
    if (plain && target !== undefined && !hasName(target) && !open.includes(target)) {
      return keyOf(NO_ENV, target, [...open, target]);
    }
    const [declaration] = declarationsOf(node);
    const at =
      declaration === undefined ? "" : `${declaration.getSourceFile().getFilePath()}:${declaration.getStart()}`;
    return `${at}<${node.getTypeArguments().map((argument) => keyOf(env, argument, open))}>`;
  }
  const children = node.forEachChildAsArray();
  if (children.length === 0) return node.getText();
  return `${node.getKindName()}(${children.map((child) => keyOf(env, child, open))})`;
}

/** Whether an alias of this type gives it its name. */
function hasName(node: TypeNode): boolean {
  return Node.isTypeLiteral(node) || Node.isUnionTypeNode(node) || Node.isIntersectionTypeNode(node);
}

/** What an instance is called: `PageOfUser`. Arguments that are the defaults are not mentioned. */
export function instanceName(name: string, parameters: readonly TypeParameterDeclaration[], env: Env): string {
  const parts = parameters.map((parameter) => {
    const bound = env.get(parameter);
    const fallback = parameter.getDefault();
    const usual =
      bound !== undefined && fallback !== undefined && keyOf(bound.env, bound.node) === keyOf(env, fallback);
    return { usual, text: bound === undefined ? "" : nameOf(bound.env, bound.node) };
  });
  while (parts.at(-1)?.usual) parts.pop();
  return parts.length === 0 ? name : `${name}Of${parts.map((part) => part.text).join("And")}`;
}

const KEYWORDS: ReadonlyMap<SyntaxKind, string> = new Map([
  [SyntaxKind.NullKeyword, ""],
  [SyntaxKind.UndefinedKeyword, ""],
]);

/** A type as part of a name. */
export function nameOf(env: Env, node: TypeNode): string {
  if (Node.isParenthesizedTypeNode(node)) return nameOf(env, node.getTypeNode());
  if (Node.isArrayTypeNode(node)) return `${nameOf(env, node.getElementTypeNode())}List`;
  if (Node.isTypeOperatorTypeNode(node)) return nameOf(env, node.getTypeNode());
  if (Node.isUnionTypeNode(node)) return unionName(env, node.getTypeNodes());
  if (Node.isTupleTypeNode(node))
    return node
      .getElements()
      .map((one) => nameOf(env, one))
      .join("And");
  if (Node.isLiteralTypeNode(node)) return KEYWORDS.get(node.getLiteral().getKind()) ?? pascal(node.getText());
  if (isNamedNode(node)) {
    const bound = boundTo(env, node);
    if (bound !== undefined) return nameOf(bound.env, bound.node);
    const [first, ...rest] = node.getTypeArguments();
    const name = pascal(symbolOf(node)?.getName() ?? node.getText());
    if (first === undefined) return name;
    if (libraryNameOf(node)?.endsWith("Array")) return `${nameOf(env, first)}List`;
    if (libraryNameOf(node) !== undefined || markerOf(node) !== undefined) {
      return [name + nameOf(env, first), ...rest.map((one) => nameOf(env, one))].join("And");
    }
    return `${name}Of${[first, ...rest].map((one) => nameOf(env, one)).join("And")}`;
  }
  return Node.isTypeLiteral(node) ? "Object" : pascal(node.getText());
}

function unionName(env: Env, members: readonly TypeNode[]): string {
  const parts = members.filter((one) => KEYWORDS.get(one.getKind()) === undefined).map((one) => nameOf(env, one));
  const there = parts.filter((part) => part !== "");
  return (there.length < members.length ? "Optional" : "") + there.join("Or");
}

/** The same context with other type parameters in sight. */
export function withEnv(context: Context, env: Env): Context {
  return { ...context, env };
}

/** So many aliases one in the other are taken for one without end. */
const OPEN_MAX = 64;

/**
 * Looks through an alias: `read` gets a context with its parameters bound. Gives undefined, without reading, where the
 * same is being looked through already.
 */
export function lookThrough<T>(
  context: Context,
  declaration: Node,
  node: NamedNode,
  read: (inside: Context) => T,
): T | undefined {
  const env = bind(context.env, [declaration], node);
  const parameters = Node.isTypeParametered(declaration) ? declaration.getTypeParameters() : [];
  const file = declaration.getSourceFile().getFilePath();
  const key = `${file}:${declaration.getStart()}<${instanceKey(env, parameters)}>`;
  if (context.open.has(key) || context.open.size >= OPEN_MAX) return undefined;
  context.open.add(key);
  const found = read(withEnv(context, env));
  context.open.delete(key);
  return found;
}
