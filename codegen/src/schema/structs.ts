import {
  type ExpressionWithTypeArguments,
  type InterfaceDeclaration,
  Node,
  type PropertySignature,
  type TypeAliasDeclaration,
  type TypeElementTypes,
  type TypeLiteralNode,
  type TypeNode,
} from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import type { Type } from "./model.js";
import { isMarker, originOf } from "./origin.js";
import type { Entry, Place, ReadField, Via } from "./table.js";
import { readType, refuseMissing } from "./types.js";
import { refuseMember } from "./unsupported.js";

/** Reads an interface; several declarations of one name are one interface, as in TypeScript. */
export function readInterface(
  context: Context,
  declarations: InterfaceDeclaration[],
  at: TypeNode,
  place: Place,
): Type | undefined {
  const first = declarations[0] as InterfaceDeclaration;
  if (declarations.some(isService)) {
    context.faults.at(
      at,
      CODES.TYPE_SERVICE,
      `\`${first.getName()}\` is a service: it has methods, not data`,
      `write an interface that does not extend ${markerOfService(first) ?? "GoService"}`,
    );
    return undefined;
  }
  return (
    known(context, first) ??
    readStruct(
      context,
      context.table.add(first, place, first.getName(), { doc: docOf(first), origin: originOf(first) }),
      declarations,
    )
  );
}

/** Reads `type Name = { ... }`. */
export function readAliasedStruct(
  context: Context,
  alias: TypeAliasDeclaration,
  node: TypeLiteralNode,
  place: Place,
): Type {
  if (node.getMembers().length === 0) refuseEmpty(context, node);
  return (
    known(context, alias) ??
    readStruct(
      context,
      context.table.add(alias, place, alias.getName(), { doc: docOf(alias), origin: originOf(alias) }),
      [node],
    )
  );
}

/** Reads an object type that stands where it is used. */
export function readInlineStruct(context: Context, node: TypeLiteralNode, place: Place): Type {
  if (node.getMembers().length === 0) refuseEmpty(context, node);
  return known(context, node) ?? readStruct(context, context.table.add(node, place), [node]);
}

/** Who implements a service. */
export type ServiceMarker = "GoService" | "NodeService";

/** The marker that an interface extends itself, if it does: the first one. */
export function markerOfService(declaration: InterfaceDeclaration): ServiceMarker | undefined {
  return declaration
    .getExtends()
    .map(markerOfParent)
    .find((marker) => marker !== undefined);
}

/** Whether an interface extends a marker itself. */
export function isService(declaration: InterfaceDeclaration): boolean {
  return markerOfService(declaration) !== undefined;
}

/** The marker that something which an interface extends is, under whatever name. */
export function markerOfParent(parent: ExpressionWithTypeArguments): ServiceMarker | undefined {
  const target = declarationsOf(parent)[0];
  const name = target !== undefined && isMarker(target) && Node.hasName(target) ? target.getName() : undefined;
  return name === "GoService" || name === "NodeService" ? name : undefined;
}

/** The marker of a service that something which an interface extends is. */
export function markerOfServiceParent(parent: ExpressionWithTypeArguments): ServiceMarker | undefined {
  const markers = declarationsOf(parent).filter(Node.isInterfaceDeclaration).map(markerOfService);
  return markers.find((marker) => marker !== undefined);
}

function known(context: Context, declaration: Node): Type | undefined {
  const entry = context.table.find(declaration);
  return entry === undefined ? undefined : { kind: "named", name: entry.id };
}

function readStruct(context: Context, entry: Entry, bodies: (InterfaceDeclaration | TypeLiteralNode)[]): Type {
  const fields = new Map<string, ReadField>();
  // A struct ends every alias: what is inside may use the alias again.
  const inside: Context = { ...context, open: new Set() };
  for (const body of bodies) readBody(inside, { entry, body, inside: entry }, fields, new Set());
  entry.content = { fields: [...fields.values()] };
  return { kind: "named", name: entry.id };
}

/** A list of members, and what the objects without a name in it are called after. */
interface Body {
  readonly entry: Entry;
  readonly body: InterfaceDeclaration | TypeLiteralNode;
  readonly inside: Entry | string;
}

/** Reads one body into `fields`, the parents' fields first: Go's struct is flat. */
function readBody(context: Context, owner: Body, fields: Map<string, ReadField>, seen: Set<Node>): void {
  const { body } = owner;
  // TypeScript reports an interface that extends itself.
  if (seen.has(body)) return;
  seen.add(body);
  context.files.add(body.getSourceFile());
  if (Node.isInterfaceDeclaration(body)) {
    for (const parent of body.getExtends()) {
      // What stands in a parent is called after the parent, whichever child is met first.
      const name = parent.getExpression().getText();
      for (const one of parentBodies(context, parent))
        readBody(context, { ...owner, body: one, inside: name }, fields, seen);
    }
  }
  for (const member of body.getMembers()) readMember(context, owner, member, fields);
}

function declarationsOf(parent: ExpressionWithTypeArguments): Node[] {
  const symbol = parent.getExpression().getSymbol();
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
}

function parentBodies(
  context: Context,
  parent: ExpressionWithTypeArguments,
): (InterfaceDeclaration | TypeLiteralNode)[] {
  const declarations = declarationsOf(parent);
  if (declarations.length === 0) return [];
  const plain = parent.getTypeArguments().length === 0;
  const interfaces = declarations.filter(Node.isInterfaceDeclaration);
  if (plain && interfaces.length === declarations.length) return interfaces;
  const alias = declarations.find(Node.isTypeAliasDeclaration)?.getTypeNode();
  if (plain && Node.isTypeLiteral(alias)) return [alias];
  context.faults.at(
    parent,
    CODES.EXTENDS,
    `\`extends ${parent.getText()}\`: only plain interfaces can be extended`,
    "write its fields here, or move them to an interface without type parameters",
  );
  return [];
}

function readMember(
  context: Context,
  { entry, inside }: Body,
  member: TypeElementTypes,
  fields: Map<string, ReadField>,
): void {
  const name = Node.isPropertySignature(member) ? propertyName(member) : undefined;
  if (!Node.isPropertySignature(member) || name === undefined) {
    refuseMember(context, member);
    return;
  }
  if (name === "__proto__") {
    context.faults.at(
      member.getNameNode(),
      CODES.MEMBER_NAME,
      "a field named `__proto__` would set the prototype of the object",
      "give it another name",
    );
    return;
  }
  const node = member.getTypeNode();
  if (node === undefined) {
    refuseMissing(context, member.getNameNode(), `the field \`${name}\``);
    return;
  }
  const mayBeLeftOut = member.hasQuestionToken();
  const via: Via = { from: entry, steps: mayBeLeftOut ? [{ field: name }, "present"] : [{ field: name }] };
  const type = readType(context, node, { inside, as: name, via });
  if (type === undefined) return;
  const doc = docOf(member);
  fields.set(name, {
    name,
    type: mayBeLeftOut ? leftOut(type) : type,
    ...(doc === undefined ? {} : { doc }),
    mayBeLeftOut,
    node,
  });
}

/** The type of `a?: T`: whatever else it may be when absent, it is left out then. */
export function leftOut(type: Type): Type {
  return { kind: "optional", absent: "undefined", element: type.kind === "optional" ? type.element : type };
}

/** A property's name, if it is written out. */
function propertyName(member: PropertySignature): string | undefined {
  const node = member.getNameNode();
  if (Node.isIdentifier(node)) return node.getText();
  return Node.isStringLiteral(node) || Node.isNumericLiteral(node) ? String(node.getLiteralValue()) : undefined;
}

function refuseEmpty(context: Context, node: TypeLiteralNode): void {
  context.faults.at(
    node,
    CODES.OBJECT_EMPTY,
    "`{}` means any value at all in TypeScript",
    "write out the fields; where nothing is to be sent, leave the parameter away",
  );
}
