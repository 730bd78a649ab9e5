import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import type { Absent, Type } from "./model.js";
import { originOf } from "./origin.js";
import { aliasOf } from "./references.js";
import { type Place, step } from "./table.js";
import { isStringLiteral, readType } from "./types.js";

/** A union taken apart: what is left beside `null` and `undefined`, which only say that the value may be absent. */
interface Parts {
  absent: Set<Absent>;
  members: TypeNode[];
}

/** Reads `T | null`, `T | undefined`, and unions of string literals; every other union is refused. */
export function readUnion(context: Context, node: TypeNode, place: Place): Type | undefined {
  const { absent, members } = takeApart(node);
  const inner = readMembers(context, node, members, absent.size > 0 ? step(place, "present") : place);
  return inner === undefined ? undefined : optional(inner, absent);
}

/** Makes a type optional. One that is optional already stays so once: TypeScript's unions are flat. */
export function optional(type: Type, absent: ReadonlySet<Absent>): Type {
  if (absent.size === 0) return type;
  if (type.kind !== "optional") {
    return { kind: "optional", absent: absent.has("null") ? "null" : "undefined", element: type };
  }
  return absent.has("null") ? { ...type, absent: "null" } : type;
}

function takeApart(node: TypeNode): Parts {
  const parts: Parts = { absent: new Set(), members: [] };
  const visit = (member: TypeNode): void => {
    if (Node.isParenthesizedTypeNode(member)) return visit(member.getTypeNode());
    if (Node.isUnionTypeNode(member)) return member.getTypeNodes().forEach(visit);
    if (member.getKind() === SyntaxKind.UndefinedKeyword) parts.absent.add("undefined");
    else if (isNull(member)) parts.absent.add("null");
    else parts.members.push(member);
  };
  visit(node);
  return parts;
}

function isNull(node: TypeNode): boolean {
  return Node.isLiteralTypeNode(node) && node.getLiteral().getKind() === SyntaxKind.NullKeyword;
}

function readMembers(context: Context, node: TypeNode, members: TypeNode[], place: Place): Type | undefined {
  const [first, second] = members;
  if (first === undefined) {
    context.faults.at(
      node,
      CODES.TYPE_NOTHING,
      `\`${node.getText()}\` holds no value`,
      "write the type that the value has when it is there, such as `string | null`",
    );
    return undefined;
  }
  if (second === undefined && !isStringLiteral(first)) return readType(context, first, place);
  const literals = new Literals();
  const odd = members.filter((member) => !literals.add(member));
  if (odd.length === 0) return named(context, node, literals, place);
  refuseUnion(context, odd.length === members.length ? node : (odd[0] as TypeNode), odd);
  return undefined;
}

/** Collects string literals, looking through aliases of unions of them. */
class Literals {
  readonly values = new Set<string>();
  readonly absent = new Set<Absent>();

  /** Takes a member in; false if it is anything but string literals. */
  add(node: TypeNode): boolean {
    if (Node.isLiteralTypeNode(node)) {
      const literal = node.getLiteral();
      if (!Node.isStringLiteral(literal) && !Node.isNoSubstitutionTemplateLiteral(literal)) return false;
      this.values.add(literal.getLiteralText());
      return true;
    }
    const alias = aliasOf(node)?.getTypeNode();
    if (alias === undefined) return false;
    const { absent, members } = takeApart(alias);
    for (const one of absent) this.absent.add(one);
    return members.length > 0 && members.every((member) => this.add(member));
  }
}

function named(context: Context, node: TypeNode, literals: Literals, place: Place): Type | undefined {
  const odd = [...literals.values].find((value) => /\p{Surrogate}/u.test(value));
  if (odd !== undefined) {
    context.faults.at(
      node,
      CODES.TYPE_LITERAL,
      `the literal ${JSON.stringify(odd)} holds a lone surrogate, which no Go string can`,
      "write whole characters only",
    );
    return undefined;
  }
  // A union that is all of an alias is named by it; `Color | null` reads the reference and never comes here.
  let parent = node.getParent();
  while (Node.isParenthesizedTypeNode(parent)) parent = parent.getParent();
  const alias = Node.isTypeAliasDeclaration(parent) ? parent : undefined;
  const declaration = alias ?? node;
  // An alias that includes null is more than the Go type; what is imported must be the literals alone.
  const pure = takeApart(node).absent.size === 0 && literals.absent.size === 0;
  const entry =
    context.table.find(declaration) ??
    context.table.add(
      declaration,
      pure ? place : step(place, "present"),
      alias?.getName(),
      alias === undefined ? {} : { doc: docOf(alias), origin: pure ? originOf(alias) : undefined },
    );
  entry.content = { values: [...literals.values] };
  return optional({ kind: "named", name: entry.id }, literals.absent);
}

function refuseUnion(context: Context, at: TypeNode, odd: readonly TypeNode[]): void {
  const texts = odd.map((member) => member.getText());
  const objects = odd.every((member) => Node.isTypeLiteral(member) || Node.isTypeReference(member));
  const help = objects
    ? "write one interface in which the parts that vary are optional, or a method for each case"
    : texts.join() === "string"
      ? "write `string` alone, or only string literals"
      : texts.every((text) => /^-?\d/.test(text))
        ? "write `number` or a sized one such as `u8`, or a union of string literals"
        : "write one type; `T | null`, `T | undefined` and unions of string literals can be sent";
  const message =
    odd.length > 1
      ? `a union of several types (${texts.join(" | ")}) has no Go type yet`
      : `\`${texts[0]}\` cannot stand in a union with other types`;
  context.faults.at(at, CODES.TYPE_UNION, message, help);
}
