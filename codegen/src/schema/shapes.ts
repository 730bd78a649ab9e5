import {
  type IndexSignatureDeclaration,
  type InterfaceDeclaration,
  Node,
  type PropertySignature,
  type TypeElementTypes,
  type TypeLiteralNode,
  type TypeNode,
} from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import { bind, boundTo, lookThrough, withEnv } from "./generics.js";
import { literalsOf } from "./literals.js";
import type { Doc } from "./model.js";
import { isMarker } from "./origin.js";
import { aliasOf, declarationsOf, isNamedNode, libraryNameOf, type NamedNode } from "./symbols.js";
import { refuseMember, refuseMissing } from "./unsupported.js";

/** A property of an object, wherever it was declared. */
export interface Property {
  readonly name: string;
  readonly type: TypeNode;
  /** Where its type is to be read: what type parameters stand for differs from parent to child. */
  readonly context: Context;
  /** Where a fault of it is shown. */
  readonly at: Node;
  readonly mayBeLeftOut: boolean;
  /** `Required` took the `?` away, and the undefined with it. */
  readonly required: boolean;
  readonly doc?: Doc;
  /** The parent that it comes from, which names what stands in it; undefined for the object's own. */
  readonly parent: string | undefined;
}

export type Properties = ReadonlyMap<string, Property>;

/** TypeScript's own types that make an object out of another one. */
const UTILITIES: ReadonlySet<string> = new Set(["Partial", "Required", "Readonly", "Pick", "Omit", "Record"]);

/** Whether a type is one that TypeScript makes out of another: it has a shape, and no name of its own. */
export function isUtility(node: TypeNode): boolean {
  return UTILITIES.has(libraryNameOf(node) ?? "");
}

/**
 * The properties of an object type in their order, looking through aliases, parents, intersections, `Pick` and its
 * like; undefined for what is no object, and for an object with any keys. Faults of members are reported.
 */
export function propertiesOf(context: Context, node: TypeNode): Properties | undefined {
  if (Node.isParenthesizedTypeNode(node)) return propertiesOf(context, node.getTypeNode());
  if (Node.isTypeLiteral(node)) return isDictionary(node) ? undefined : bodies(context, [node]);
  if (Node.isIntersectionTypeNode(node)) return intersection(context, node.getTypeNodes());
  if (!isNamedNode(node)) return undefined;
  const bound = boundTo(context.env, node);
  if (bound !== undefined) return propertiesOf(withEnv(context, bound.env), bound.node);
  const library = libraryNameOf(node);
  if (library !== undefined) return utility(context, node, library);
  const declarations = declarationsOf(node);
  const interfaces = declarations.filter(Node.isInterfaceDeclaration);
  if (interfaces.length > 0 && interfaces.length === declarations.length && !interfaces.some(isMarker)) {
    if (interfaces.some(isDictionary)) return undefined;
    return bodies(withEnv(context, bind(context.env, interfaces, node)), interfaces);
  }
  const alias = aliasOf(node);
  const target = alias?.getTypeNode();
  if (alias === undefined || target === undefined) return undefined;
  return lookThrough(context, alias, node, (inside) => propertiesOf(inside, target));
}

/** Whether an object has any keys, and no others: then it is a map to Go. */
export function isDictionary(body: InterfaceDeclaration | TypeLiteralNode): boolean {
  const members = body.getMembers();
  const plain = Node.isTypeLiteral(body) || body.getExtends().length === 0;
  return plain && members.length === 1 && members.every(Node.isIndexSignatureDeclaration);
}

/** The one index signature of an object with any keys. */
export function indexOf(body: InterfaceDeclaration | TypeLiteralNode): IndexSignatureDeclaration {
  return body.getMembers().find(Node.isIndexSignatureDeclaration) as IndexSignatureDeclaration;
}

/** The properties of bodies that are one object, the parents' first: Go's struct is flat. */
export function bodies(context: Context, all: readonly (InterfaceDeclaration | TypeLiteralNode)[]): Properties {
  const properties = new Map<string, Property>();
  for (const body of all) readBody(context, body, undefined, properties, new Set());
  return properties;
}

function readBody(
  context: Context,
  body: InterfaceDeclaration | TypeLiteralNode,
  parent: string | undefined,
  into: Map<string, Property>,
  seen: Set<Node>,
): void {
  // TypeScript reports an interface that extends itself.
  if (seen.has(body)) return;
  const around = new Set([...seen, body]);
  context.files.add(body.getSourceFile());
  if (Node.isInterfaceDeclaration(body)) {
    for (const one of body.getExtends()) {
      // What stands in a parent is called after the parent, whichever child is met first.
      const name = one.getExpression().getText();
      const declarations = declarationsOf(one);
      const interfaces = declarations.filter(Node.isInterfaceDeclaration);
      if (interfaces.length > 0 && interfaces.length === declarations.length) {
        const inside = withEnv(context, bind(context.env, interfaces, one));
        for (const declaration of interfaces) readBody(inside, declaration, name, into, around);
      } else if (declarations.length > 0) {
        const properties = propertiesOf(context, one);
        if (properties === undefined) refuseParent(context, one);
        for (const property of properties?.values() ?? []) into.set(property.name, { ...property, parent: name });
      }
    }
  }
  for (const member of body.getMembers()) {
    const property = readMember(context, member, parent);
    if (property !== undefined) into.set(property.name, property);
  }
}

function refuseParent(context: Context, parent: Node): void {
  context.faults.at(
    parent,
    CODES.EXTENDS,
    `\`extends ${parent.getText()}\`: only an object type with fields that are written out can be extended`,
    "write its fields here, or move them to an interface",
  );
}

function readMember(context: Context, member: TypeElementTypes, parent: string | undefined): Property | undefined {
  const name = Node.isPropertySignature(member) ? propertyName(member) : undefined;
  if (!Node.isPropertySignature(member) || name === undefined) {
    refuseMember(context, member);
    return undefined;
  }
  if (name === "__proto__") {
    context.faults.at(
      member.getNameNode(),
      CODES.MEMBER_NAME,
      "a field named `__proto__` would set the prototype of the object",
      "give it another name",
    );
    return undefined;
  }
  const type = member.getTypeNode();
  if (type === undefined) {
    refuseMissing(context, member.getNameNode(), `the field \`${name}\``);
    return undefined;
  }
  const doc = docOf(member);
  return {
    name,
    type,
    context,
    at: type,
    mayBeLeftOut: member.hasQuestionToken(),
    required: false,
    ...(doc === undefined ? {} : { doc }),
    parent,
  };
}

/** A property's name, if it is written out. */
function propertyName(member: PropertySignature): string | undefined {
  const node = member.getNameNode();
  if (Node.isIdentifier(node)) return node.getText();
  return Node.isStringLiteral(node) || Node.isNumericLiteral(node) ? String(node.getLiteralValue()) : undefined;
}

/** The parts of an intersection in one; a property that two have must be written the same way in both. */
function intersection(context: Context, parts: readonly TypeNode[]): Properties | undefined {
  const all = new Map<string, Property>();
  for (const part of parts) {
    const properties = propertiesOf(context, part);
    if (properties === undefined) return undefined;
    for (const property of properties.values()) {
      const other = all.get(property.name);
      if (other !== undefined && other.type.getText() !== property.type.getText()) {
        context.faults.at(
          part,
          CODES.TYPE_INTERSECTION,
          `two parts of the intersection have a \`${property.name}\`: \`${other.type.getText()}\` and \`${property.type.getText()}\``,
          `leave it out of one: \`Omit<${part.getText()}, ${JSON.stringify(property.name)}>\``,
        );
      }
      const mayBeLeftOut = property.mayBeLeftOut && (other?.mayBeLeftOut ?? true);
      all.set(property.name, { ...property, mayBeLeftOut });
    }
  }
  return all;
}

function utility(context: Context, node: NamedNode, name: string): Properties | undefined {
  const [first, second] = node.getTypeArguments();
  if (first === undefined) return undefined;
  if (name === "NonNullable") return propertiesOf(context, first);
  if (name === "Record") return second === undefined ? undefined : record(context, first, second);
  if (!UTILITIES.has(name)) return undefined;
  const properties = propertiesOf(context, first);
  if (properties === undefined) return undefined;
  const keys = second === undefined ? undefined : keysOf(context, second);
  const out = new Map<string, Property>();
  for (const property of properties.values()) {
    if (keys !== undefined && keys.has(property.name) !== (name === "Pick")) continue;
    if (name === "Partial") out.set(property.name, { ...property, mayBeLeftOut: true });
    else if (name === "Required") {
      const required = property.required || property.mayBeLeftOut;
      out.set(property.name, { ...property, mayBeLeftOut: false, required });
    } else out.set(property.name, property);
  }
  return out;
}

/** The names that a type of keys lists; what is no such type lists none, and TypeScript reports what makes no sense. */
function keysOf(context: Context, node: TypeNode): ReadonlySet<string> {
  return new Set(literalsOf(context, node)?.values.map(({ value }) => String(value)));
}

/** `Record` of keys that can be counted is an object with these fields; of any string it has no shape. */
function record(context: Context, key: TypeNode, value: TypeNode): Properties | undefined {
  const keys = literalsOf(context, key);
  if (keys === undefined) return undefined;
  const out = new Map<string, Property>();
  for (const one of keys.values) {
    const name = String(one.value);
    const doc = one.doc === undefined ? {} : { doc: one.doc };
    out.set(name, {
      name,
      type: value,
      context,
      at: value,
      mayBeLeftOut: false,
      required: false,
      ...doc,
      parent: undefined,
    });
  }
  return out;
}
