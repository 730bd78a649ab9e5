import { Node, SyntaxKind, type TypeElementTypes, type TypeNode, type TypeReferenceNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { KEYWORDS, LIBRARY, type Refusal } from "./refusals.js";

/** Reports a type node of a kind that has no Go type. */
export function refuseNode(context: Context, node: TypeNode): void {
  const [code, message, help] = KEYWORDS.get(node.getKind()) ?? literalRefusal(node);
  context.faults.at(node, code, message, help);
}

function literalRefusal(node: TypeNode): Refusal {
  const text = node.getText();
  const literal = Node.isLiteralTypeNode(node) ? node.getLiteral().getKind() : undefined;
  if (literal === SyntaxKind.NullKeyword) {
    return [
      CODES.TYPE_NOTHING,
      "`null` alone holds no value",
      "write the type that the value has when it is there, such as `string | null`",
    ];
  }
  if (literal === SyntaxKind.BigIntLiteral) {
    return [CODES.TYPE_LITERAL, `the literal type \`${text}\` has no Go type`, "write `u64` or `i64`"];
  }
  return [CODES.TYPE_UNSUPPORTED, `\`${text}\` has no Go type`, "write an interface with the fields that Go needs"];
}

/** Reports an intersection in which a part is no object. */
export function refuseIntersection(context: Context, node: TypeNode): undefined {
  context.faults.at(
    node,
    CODES.TYPE_INTERSECTION,
    `\`${node.getText()}\`: only objects with fields that are written out can be put together`,
    "write the one type that is meant; a brand can be put on and taken off on your side",
  );
  return undefined;
}

/** Reports `Pick`, `Exclude` and their like of what they cannot be taken of. */
export function refuseUtility(context: Context, node: TypeNode, name: string): undefined {
  const literals = name === "Exclude" || name === "Extract";
  context.faults.at(
    node,
    CODES.TYPE_COMPUTED,
    literals
      ? `\`${node.getText()}\` is no list of literals`
      : `\`${node.getText()}\`: \`${name}\` can be sent of an object with fields that are written out`,
    literals ? "write the members out" : "write the result out as an interface of its own",
  );
  return undefined;
}

/** Reports one of TypeScript's own types that has no Go type. */
export function refuseLibrary(context: Context, node: TypeReferenceNode, name: string): void {
  const [code, message, help] = LIBRARY.get(name) ?? [
    CODES.TYPE_LIBRARY,
    `\`${name}\` is one of JavaScript's own objects and has no Go type`,
    "write an interface with the fields that Go needs",
  ];
  context.faults.at(node, code, message, help);
}

/** Reports a type of `@types/node`. */
export function refuseNodeType(context: Context, node: TypeReferenceNode, name: string): undefined {
  if (name === "Buffer") {
    context.faults.at(
      node,
      CODES.TYPE_BUFFER,
      "`Buffer` is Node's own; what comes back is a Uint8Array",
      "write `Uint8Array`: a Buffer can be passed for it",
    );
  } else {
    const [code, message, help] = LIBRARY.get(name) ?? [
      CODES.TYPE_LIBRARY,
      `\`${name}\` is one of Node's own objects and has no Go type`,
      "write an interface with the fields that Go needs",
    ];
    context.faults.at(node, code, message, help);
  }
  return undefined;
}

/** Reports a word of ts2go's own where it does not belong. */
export function refuseMarker(context: Context, node: TypeReferenceNode, name: string): void {
  if (name === "Borrow") {
    const [inner] = node.getTypeArguments();
    context.faults.at(
      node,
      CODES.BORROW_PLACE,
      "`Borrow<T>` can only be the whole type of a parameter",
      `write \`${inner?.getText() ?? "T"}\` here`,
    );
  } else {
    context.faults.at(
      node,
      CODES.TYPE_SERVICE,
      `\`${name}\` is no type that can be sent`,
      "write an interface with the fields that Go needs",
    );
  }
}

/** Reports a member of an object that is no plain field. */
export function refuseMember(context: Context, member: TypeElementTypes): void {
  if (Node.isIndexSignatureDeclaration(member)) {
    context.faults.at(
      member,
      CODES.MEMBER_INDEX,
      "an object has either fields or any keys, not both",
      "put the rest into a field of its own: `more: Record<string, T>`",
    );
  } else if (Node.isMethodSignature(member)) {
    context.faults.at(
      member.getNameNode(),
      CODES.MEMBER_METHOD,
      `\`${member.getName()}\` is a method, and only data can be sent`,
      "leave it away; a method of a service is written in an interface that extends GoService",
    );
  } else if (Node.isCallSignatureDeclaration(member) || Node.isConstructSignatureDeclaration(member)) {
    context.faults.at(
      member,
      CODES.MEMBER_CALL,
      "an object that can be called cannot be sent",
      "leave the signature away",
    );
  } else if (Node.isGetAccessorDeclaration(member) || Node.isSetAccessorDeclaration(member)) {
    context.faults.at(
      member,
      CODES.MEMBER_ACCESSOR,
      `\`${member.getName()}\` is an accessor, and only data can be sent`,
      `write it as a field: \`${member.getName()}: T\``,
    );
  } else {
    context.faults.at(
      member,
      CODES.MEMBER_KEY,
      "a computed key has no name in Go",
      "write the name out, in quotes where it is no identifier",
    );
  }
}

/** Reports a place where a type should stand and none does. */
export function refuseMissing(context: Context, at: Node, what: string): void {
  context.faults.at(at, CODES.TYPE_MISSING, `${what} has no type`, "write one behind a colon, such as `: string`");
}
