import { type EnumDeclaration, type EnumMember, Node, SyntaxKind, type TypeNode } from "ts-morph";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import { boundTo, lookThrough, withEnv } from "./generics.js";
import type { Absent, Literal, ValueAbout } from "./model.js";
import { propertiesOf } from "./shapes.js";
import { aliasOf, declarationsOf, isNamedNode, libraryNameOf } from "./symbols.js";

/** One value that a type can have. */
export interface LiteralValue extends ValueAbout {
  readonly value: Literal;
}

/** A type whose values can be counted. */
export interface Literals {
  readonly values: readonly LiteralValue[];
  readonly absent: ReadonlySet<Absent>;
}

const NONE: ReadonlySet<Absent> = new Set();

/**
 * The values of a type that is made of literals and enums alone, looking through aliases, type parameters, `keyof`,
 * `Exclude` and `Extract`; undefined for every other type.
 */
export function literalsOf(context: Context, node: TypeNode): Literals | undefined {
  if (Node.isParenthesizedTypeNode(node)) return literalsOf(context, node.getTypeNode());
  if (Node.isUnionTypeNode(node)) return join(node.getTypeNodes().map((member) => literalsOf(context, member)));
  if (Node.isLiteralTypeNode(node)) return literal(node.getLiteral());
  if (node.getKind() === SyntaxKind.UndefinedKeyword) return { values: [], absent: new Set(["undefined"]) };
  if (node.getKind() === SyntaxKind.BooleanKeyword)
    return { values: [{ value: true }, { value: false }], absent: NONE };
  if (Node.isTypeOperatorTypeNode(node) && node.getOperator() === SyntaxKind.KeyOfKeyword) {
    const properties = propertiesOf(context, node.getTypeNode());
    return properties && { values: [...properties.keys()].map((value) => ({ value })), absent: NONE };
  }
  return isNamedNode(node) ? named(context, node) : undefined;
}

function literal(node: Node): Literals | undefined {
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) return one(node.getLiteralText());
  if (Node.isNumericLiteral(node)) return one(node.getLiteralValue());
  if (Node.isTrueLiteral(node) || Node.isFalseLiteral(node)) return one(node.getLiteralValue());
  if (node.getKind() === SyntaxKind.NullKeyword) return { values: [], absent: new Set(["null"]) };
  if (!Node.isPrefixUnaryExpression(node) || node.getOperatorToken() !== SyntaxKind.MinusToken) return undefined;
  const operand = node.getOperand();
  // -0 is 0 to Go.
  return Node.isNumericLiteral(operand) ? one(0 - operand.getLiteralValue()) : undefined;
}

function one(value: Literal): Literals {
  return { values: [{ value }], absent: NONE };
}

/** The values of all, each once. */
function join(all: readonly (Literals | undefined)[]): Literals | undefined {
  const values = new Map<Literal, LiteralValue>();
  const absent = new Set<Absent>();
  for (const part of all) {
    if (part === undefined) return undefined;
    for (const value of part.values) if (!values.has(value.value)) values.set(value.value, value);
    for (const kind of part.absent) absent.add(kind);
  }
  return { values: [...values.values()], absent };
}

function named(context: Context, node: Parameters<typeof declarationsOf>[0]): Literals | undefined {
  const bound = boundTo(context.env, node);
  if (bound !== undefined) return literalsOf(withEnv(context, bound.env), bound.node);
  const library = libraryNameOf(node);
  if (library === "Exclude" || library === "Extract") {
    const [from, what] = node.getTypeArguments().map((argument) => literalsOf(context, argument));
    if (from === undefined || what === undefined) return undefined;
    const listed = new Set(what.values.map((value) => value.value));
    const keep = library === "Extract";
    return {
      values: from.values.filter((value) => listed.has(value.value) === keep),
      absent: new Set([...from.absent].filter((kind) => what.absent.has(kind) === keep)),
    };
  }
  if (library === "NonNullable") {
    const [inner] = node.getTypeArguments();
    const literals = inner === undefined ? undefined : literalsOf(context, inner);
    return literals && { values: literals.values, absent: NONE };
  }
  const declarations = declarationsOf(node);
  const member = declarations.find(Node.isEnumMember);
  if (member !== undefined) return enumValues([member]);
  const enums = declarations.filter(Node.isEnumDeclaration);
  if (enums.length > 0) return enumValues(enums.flatMap((declaration: EnumDeclaration) => declaration.getMembers()));
  const alias = aliasOf(node);
  const target = alias?.getTypeNode();
  if (alias === undefined || target === undefined) return undefined;
  return lookThrough(context, alias, node, (inside) => literalsOf(inside, target));
}

/** The values of members of an enum; undefined if TypeScript does not know one of them before the program runs. */
function enumValues(members: readonly EnumMember[]): Literals | undefined {
  return join(
    members.map((member) => {
      const value = member.getValue();
      if (value === undefined) return undefined;
      const doc = docOf(member);
      return { values: [{ value, label: member.getName(), ...(doc === undefined ? {} : { doc }) }], absent: NONE };
    }),
  );
}
