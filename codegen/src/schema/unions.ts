import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { declare } from "./declare.js";
import { bind, boundTo, withEnv } from "./generics.js";
import { type Literals, literalsOf } from "./literals.js";
import type { Absent, Type } from "./model.js";
import { propertiesOf } from "./shapes.js";
import { aliasOf, isNamedNode, libraryNameOf } from "./symbols.js";
import { type Content, type Place, type ReadMember, step } from "./table.js";
import { readType } from "./types.js";

/** A member of a union, and where it is to be read: through aliases one gets to other type parameters. */
interface Part {
  readonly node: TypeNode;
  readonly context: Context;
}

/** A union taken apart: what is left beside `null` and `undefined`, which only say that the value may be absent. */
interface Parts {
  readonly absent: Set<Absent>;
  readonly members: Part[];
}

/** Reads `T | null`, `T | undefined`, unions of literals, and unions of objects that a property tells apart. */
export function readUnion(context: Context, node: TypeNode, place: Place): Type | undefined {
  const { absent, members } = takeApart(context, node);
  const inner = readMembers(context, node, { absent, members }, absent.size > 0 ? step(place, "present") : place);
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

function takeApart(context: Context, node: TypeNode): Parts {
  const parts: Parts = { absent: new Set(), members: [] };
  visitMembers(context, node, parts, false);
  return parts;
}

/** Collects the members; with `deep` also those of unions that go by another name. */
function visitMembers(context: Context, node: TypeNode, parts: Parts, deep: boolean): void {
  if (Node.isParenthesizedTypeNode(node)) return visitMembers(context, node.getTypeNode(), parts, deep);
  if (Node.isUnionTypeNode(node)) {
    for (const member of node.getTypeNodes()) visitMembers(context, member, parts, deep);
    return;
  }
  if (node.getKind() === SyntaxKind.UndefinedKeyword) parts.absent.add("undefined");
  else if (isNull(node)) parts.absent.add("null");
  else {
    const inner = deep ? unionBehind(context, node) : undefined;
    if (inner === undefined) parts.members.push({ node, context });
    else visitMembers(inner.context, inner.node, parts, deep);
  }
}

/** The union that a name stands for. */
function unionBehind(context: Context, node: TypeNode): Part | undefined {
  if (!isNamedNode(node)) return undefined;
  const bound = boundTo(context.env, node);
  const alias = aliasOf(node);
  const part: Part | undefined =
    bound !== undefined
      ? { node: bound.node, context: withEnv(context, bound.env) }
      : alias?.getTypeNode() === undefined
        ? undefined
        : { node: alias.getTypeNodeOrThrow(), context: withEnv(context, bind(context.env, [alias], node)) };
  if (part === undefined) return undefined;
  let target = part.node;
  while (Node.isParenthesizedTypeNode(target)) target = target.getTypeNode();
  return Node.isUnionTypeNode(target) ? part : unionBehind(part.context, target);
}

function isNull(node: TypeNode): boolean {
  return Node.isLiteralTypeNode(node) && node.getLiteral().getKind() === SyntaxKind.NullKeyword;
}

function readMembers(context: Context, node: TypeNode, { absent, members }: Parts, place: Place): Type | undefined {
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
  const single = second === undefined && !Node.isLiteralTypeNode(first.node);
  if (single) return readType(context, first.node, place);
  const literals = literalsOf(context, node);
  if (literals !== undefined) return readLiterals(context, node, literals, place, absent.size === 0);
  const deep: Parts = { absent: new Set(absent), members: [] };
  visitMembers(context, node, deep, true);
  const odd = deep.members.filter((part) => !isObject(part));
  if (odd.length > 0 || deep.members.length < 2) {
    refuseUnion(context, node, members);
    return undefined;
  }
  const pure = deep.absent.size === 0;
  const entry = declare(
    context,
    node,
    place,
    (one) => {
      const read = deep.members.flatMap((part, index): ReadMember[] => {
        const type = readType({ ...part.context, open: new Set() }, part.node, {
          inside: one,
          as: `Member${index + 1}`,
          via: { from: one, steps: [] },
        });
        return type?.kind === "named" ? [{ value: "", id: type.name, node: part.node }] : [];
      });
      const members = read.filter((member, index) => read.findIndex((other) => other.id === member.id) === index);
      one.content = { kind: "union", tag: "", members, node } satisfies Content;
    },
    { pure },
  );
  return optional({ kind: "named", name: entry.id }, deep.absent);
}

function isObject({ node, context }: Part): boolean {
  const properties = propertiesOf(context, node);
  return properties !== undefined && properties.size > 0;
}

/** Reads a type that is made of literals alone. `pure` says that the whole type is: no null stands beside them. */
export function readLiterals(
  context: Context,
  node: TypeNode,
  literals: Literals,
  place: Place,
  pure = literals.absent.size === 0,
): Type | undefined {
  const { values } = literals;
  const kinds = new Set(values.map(({ value }) => typeof value));
  const refuse = (message: string, help: string): undefined => {
    context.faults.at(node, CODES.TYPE_LITERAL, message, help);
    return undefined;
  };
  if (kinds.has("boolean") && kinds.size === 1) {
    if (values.length === 2) return optional({ kind: "bool" }, literals.absent);
    return refuse(
      `the literal type \`${node.getText()}\` has no Go type here`,
      "write `boolean`; as the whole type of a field it can stay",
    );
  }
  if (kinds.size !== 1) {
    refuseUnion(context, node, takeApart(context, node).members);
    return undefined;
  }
  const lone = values.find(({ value }) => typeof value === "string" && !value.isWellFormed());
  if (lone !== undefined) {
    return refuse(
      `the literal ${JSON.stringify(lone.value)} holds a lone surrogate, which no Go string can`,
      "write whole characters only",
    );
  }
  const odd = values.find(({ value }) => typeof value === "number" && !Number.isSafeInteger(value));
  if (odd !== undefined) {
    return refuse(
      `the literal \`${odd.value}\` is no whole number that Go's int and a number both hold`,
      "write `number`",
    );
  }
  const entry = declare(context, node, place, (one) => (one.content = contentOf(literals)), {
    pure: pure && literals.absent.size === 0,
  });
  return optional({ kind: "named", name: entry.id }, literals.absent);
}

/** What the table keeps of literals, which are all strings or all numbers. */
export function contentOf({ values }: Literals): Content {
  const about = values.map(({ value: _, ...rest }) => rest);
  const strings = values.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  if (strings.length > 0) return { kind: "literals", values: strings, about };
  return { kind: "numbers", values: values.flatMap(({ value }) => (typeof value === "number" ? [value] : [])), about };
}

function refuseUnion(context: Context, node: TypeNode, members: readonly Part[]): void {
  const odd = members.filter((part) => literalsOf(part.context, part.node) === undefined);
  const listed = odd.length === 0 ? members : odd;
  const texts = listed.map((part) => part.node.getText());
  const only = listed.length < members.length && listed.length === 1 ? listed[0] : undefined;
  const objects =
    odd.length > 0 && odd.every((part) => Node.isTypeLiteral(part.node) || Node.isTypeReference(part.node));
  const help =
    odd.length === 0
      ? "write literals of one kind, all strings or all whole numbers"
      : texts.join() === "string"
        ? "write `string` alone, or only string literals"
        : objects && !odd.some((part) => libraryNameOf(part.node) !== undefined)
          ? 'write objects only, each with a property that says which it is, such as `kind: "circle"`'
          : "write one type; `T | null`, unions of literals, and unions of objects with a `kind` can be sent";
  const message =
    only === undefined
      ? `a union of several types (${texts.join(" | ")}) has no Go type`
      : `\`${texts[0]}\` cannot stand in a union with other types`;
  context.faults.at(only?.node ?? node, CODES.TYPE_UNION, message, help);
}
