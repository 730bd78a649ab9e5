import { type MethodSignature, Node, type ParameterDeclaration, SyntaxKind, type TypeNode } from "ts-morph";
import { CODES, type Code } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import type { ModelItems, ModelMethod, ModelParam, Type } from "./model.js";
import { leftOut, type ServiceMarker } from "./structs.js";
import { aliasOf, libraryNameOf, markerOf } from "./symbols.js";
import type { Place, Step } from "./table.js";
import { readType } from "./types.js";
import { refuseMissing } from "./unsupported.js";
import { pascal } from "./words.js";

/** Names that a client has already: why, and what to take instead. */
const RESERVED: ReadonlyMap<string, { why: string; instead: string }> = new Map([
  ["close", { why: "it ends the client", instead: "closeFile" }],
  ["then", { why: "the client would look like a promise, and `await` would call it", instead: "next" }],
  ["alloc", { why: "it gives memory for leases", instead: "allocate" }],
  ["sync", { why: "it holds the blocking calls", instead: "synchronize" }],
  ["constructor", { why: "every JavaScript object has one", instead: "create" }],
  ["__proto__", { why: "it sets the prototype of an object", instead: "prototype" }],
]);

/** What stands for a stream elsewhere: here it is written `AsyncIterable`. */
const STREAMS = new Set(["AsyncIterator", "AsyncGenerator", "AsyncIterableIterator", "ReadableStream"]);
const RETURNS = "return `Promise<T>`, `AsyncIterable<T>` for a stream, or `void` for a call that waits for nothing";

/** Names that the object which implements a service has already. */
const RESERVED_IN_OBJECTS: ReadonlySet<string> = new Set(["constructor", "__proto__"]);

/** Reads one method of a service; undefined where a part had to be refused. */
export function readMethod(
  context: Context,
  { name: service, marker }: { readonly name: string; readonly marker: ServiceMarker },
  member: MethodSignature,
  index: number,
): ModelMethod | undefined {
  const name = methodName(context, member, marker);
  if (marker === "NodeService" && refuseForNode(context, member)) return undefined;
  if (member.hasQuestionToken()) {
    context.faults.at(
      member.getNameNode(),
      CODES.METHOD_OPTIONAL,
      `\`${member.getName()}\` may be missing, but ${marker === "GoService" ? "Go implements" : "Go may call"} all methods`,
      "write it without `?`",
    );
  }
  const [generic] = member.getTypeParameters();
  if (generic !== undefined) {
    context.faults.at(
      generic,
      CODES.METHOD_GENERIC,
      `\`${member.getName()}\` is generic, and a method of a Go interface cannot be`,
      "write a method for each type",
    );
  }
  const method = `${service}[${JSON.stringify(name)}]`;
  const place = (as: string, from: string, steps: Step[]): Place => ({
    inside: service,
    as: pascal(member.getName()) + pascal(as),
    via: { from, steps },
  });
  const params: ModelParam[] = [];
  let items: ModelItems | undefined;
  member.getParameters().forEach((parameter, at) => {
    const streamed = streamOf(context, parameter.getTypeNode());
    if (streamed !== undefined) {
      const from = itemOf(`Parameters<${method}>[${at}]`);
      const item = readItems(context, parameter, streamed, place(parameter.getName(), from, []), items);
      if (item !== undefined) items = { name: parameter.getName(), at, type: { kind: "list", element: item } };
      return;
    }
    const present: Step[] = parameter.hasQuestionToken() ? ["present"] : [];
    const from = `Parameters<${method}>[${at}]`;
    const param = readParam(context, parameter, place(parameter.getName(), from, present));
    if (param !== undefined) params.push(param);
  });
  const streamed = streamOf(context, member.getReturnTypeNode());
  const result =
    streamed === undefined
      ? readResult(context, member, marker, place("result", `Awaited<ReturnType<${method}>>`, []))
      : readStream(context, streamed, place("item", itemOf(`ReturnType<${method}>`), []));
  if (items !== undefined && result?.oneway === true) {
    context.faults.at(
      member.getNameNode(),
      CODES.METHOD_STREAM,
      `\`${member.getName()}\` waits for nothing, and so could not say that its stream has failed`,
      "return `Promise<void>`",
    );
  }
  if (name === undefined || result === undefined) return undefined;
  const unleased = (type: Type, why: string) => context.unleased.push({ node: member.getNameNode(), type, why });
  if (marker === "NodeService") {
    const why = `\`${name}\` is called from Go, and such calls copy all they carry`;
    for (const type of [...params.map((param) => param.type), ...("result" in result ? [result.result] : [])]) {
      if (type !== undefined) unleased(type, why);
    }
  }
  if (items !== undefined) unleased(items.type, `the items of \`${items.name}\` are copied`);
  if (result.streams) unleased(result.result, `the items of \`${name}\` are copied`);
  const doc = docOf(member);
  return {
    name,
    ...(doc === undefined ? {} : { doc }),
    index,
    params,
    ...(items === undefined ? {} : { items }),
    ...result,
  };
}

/** What calls from Go cannot carry: streams, and values in place. */
function refuseForNode(context: Context, member: MethodSignature): boolean {
  let refused = false;
  const refuse = (at: TypeNode, code: Code, message: string, help: string): void => {
    refused = true;
    context.faults.at(at, code, message, help);
  };
  const types = [...member.getParameters().map((parameter) => parameter.getTypeNode()), member.getReturnTypeNode()];
  for (const type of types) {
    if (type === undefined) continue;
    if (libraryNameOf(type) === "AsyncIterable") {
      refuse(
        type,
        CODES.METHOD_STREAM,
        `\`${member.getName()}\` is called from Go, and such calls have no streams`,
        "pass `T[]`, or let TypeScript call a method of a GoService with the stream",
      );
    }
    const borrowed = borrowedBy(type);
    if (borrowed !== undefined) {
      refuse(
        type,
        CODES.BORROW_PLACE,
        `\`${member.getName()}\` is implemented in TypeScript, which gets values of its own: there is nothing to borrow`,
        `write \`${borrowed.getText()}\``,
      );
    }
  }
  return refused;
}

/** TypeScript for the items of a stream. */
const itemOf = (type: string): string => `(${type} extends AsyncIterable<infer T> ? T : never)`;

/** The `T` of `AsyncIterable<T>`; undefined for every other type. Refuses what only looks like a stream. */
function streamOf(context: Context, node: TypeNode | undefined): TypeNode | undefined {
  if (node === undefined) return undefined;
  const library = libraryNameOf(node) ?? "";
  if (library === "AsyncIterable" && Node.isTypeReference(node)) return node.getTypeArguments()[0];
  if (STREAMS.has(library)) {
    context.faults.at(
      node,
      CODES.METHOD_STREAM,
      `\`${library}\` says more of a stream than a call to Go can keep`,
      "write `AsyncIterable<T>`",
    );
  }
  return undefined;
}

function readItems(
  context: Context,
  parameter: ParameterDeclaration,
  item: TypeNode,
  place: Place,
  other: ModelItems | undefined,
): Type | undefined {
  const refuse = (message: string, help: string): undefined => {
    context.faults.at(parameter.getNameNode(), CODES.METHOD_STREAM, message, help);
    return undefined;
  };
  if (other !== undefined) {
    return refuse(`\`${other.name}\` is a stream already`, "send both in one stream, as a union or as an object");
  }
  if (parameter.hasQuestionToken())
    return refuse("a stream is always there", "write it without `?`; send an empty one");
  return readType(context, item, place);
}

function readStream(
  context: Context,
  item: TypeNode,
  place: Place,
): { oneway: false; streams: true; result: Type } | undefined {
  const type = readType(context, item, place);
  return type === undefined ? undefined : { oneway: false, streams: true, result: { kind: "list", element: type } };
}

function methodName(context: Context, member: MethodSignature, marker: ServiceMarker): string | undefined {
  const node = member.getNameNode();
  if (!Node.isIdentifier(node) && !Node.isStringLiteral(node)) {
    context.faults.at(
      node,
      CODES.METHOD_NAME_ODD,
      `\`${node.getText()}\` is no name that Go could give the method`,
      "write a plain name",
    );
    return undefined;
  }
  const name = Node.isStringLiteral(node) ? node.getLiteralText() : node.getText();
  const reserved = name.startsWith("$")
    ? { why: "names with `$` belong to ts2go", instead: name.replace(/^\$+/, "") || "money" }
    : RESERVED.get(name);
  if (reserved === undefined || (marker === "NodeService" && RESERVED.has(name) && !RESERVED_IN_OBJECTS.has(name)))
    return name;
  context.faults.at(
    node,
    CODES.METHOD_NAME_RESERVED,
    `a method cannot be named \`${name}\`: ${reserved.why}`,
    `give it another name, such as \`${reserved.instead}\``,
  );
  return undefined;
}

function readParam(context: Context, parameter: ParameterDeclaration, place: Place): ModelParam | undefined {
  const node = parameter.getNameNode();
  const refuse = (message: string, help: string): undefined => {
    context.faults.at(node, CODES.METHOD_PARAMETER, message, help);
    return undefined;
  };
  if (parameter.isRestParameter()) {
    return refuse("a rest parameter has no fixed number of values", `write \`${parameter.getName()}: T[]\``);
  }
  if (!Node.isIdentifier(node)) return refuse("a parameter that is taken apart has no name", "write `name: T`");
  if (node.getText() === "this") return refuse("`this` is no parameter that could be sent", "leave it away");
  const written = parameter.getTypeNode();
  if (written === undefined) {
    refuseMissing(context, node, `the parameter \`${node.getText()}\``);
    return undefined;
  }
  const borrowed = borrowedBy(written);
  const type = readType(context, borrowed ?? written, place);
  if (type === undefined) return undefined;
  const borrow = borrowed !== undefined;
  if (borrow && !isPlain(type)) context.borrowed.push({ node: written, type });
  else if (borrow) {
    context.faults.at(
      written,
      CODES.BORROW_USELESS,
      `\`${written.getText()}\`: there is nothing to borrow, the value itself is passed`,
      `write \`${borrowed.getText()}\``,
    );
  }
  return { name: node.getText(), type: parameter.hasQuestionToken() ? leftOut(type) : type, borrow };
}

/** The `T` of `Borrow<T>`, seen through parentheses and aliases; undefined where there is no Borrow. */
function borrowedBy(node: TypeNode): TypeNode | undefined {
  if (Node.isParenthesizedTypeNode(node)) return borrowedBy(node.getTypeNode());
  if (markerOf(node) === "Borrow" && Node.isTypeReference(node)) return node.getTypeArguments()[0];
  const target = aliasOf(node)?.getTypeNode();
  return target === undefined || Node.isTypeLiteral(target) || Node.isUnionTypeNode(target)
    ? undefined
    : borrowedBy(target);
}

/** Numbers and booleans are passed by value: borrowing one would be slower than having it. */
function isPlain(type: Type): boolean {
  return !["string", "typedArray", "list", "optional", "named", "map", "set", "lease"].includes(type.kind);
}

/** What a method gives back: nothing and no answer (`void`), nothing (`Promise<void>`), or a value. */
function readResult(
  context: Context,
  member: MethodSignature,
  marker: ServiceMarker,
  place: Place,
): { oneway: boolean; streams: false; result?: Type } | undefined {
  const node = member.getReturnTypeNode();
  if (node === undefined) {
    context.faults.at(
      member.getNameNode(),
      CODES.METHOD_RESULT,
      `\`${member.getName()}\` does not say what it returns`,
      RETURNS,
    );
    return undefined;
  }
  if (node.getKind() === SyntaxKind.VoidKeyword) return { oneway: true, streams: false };
  const library = libraryNameOf(node) ?? "";
  // Refused already, with what to write instead.
  if (STREAMS.has(library)) return undefined;
  const [inner] = Node.isTypeReference(node) && library === "Promise" ? node.getTypeArguments() : [];
  if (inner === undefined) {
    context.faults.at(
      node,
      CODES.METHOD_RESULT,
      `\`${member.getName()}\` returns \`${node.getText()}\`, but a call ${marker === "GoService" ? "to" : "from"} Go is never done at once`,
      adviceFor(node),
    );
    return undefined;
  }
  if (inner.getKind() === SyntaxKind.VoidKeyword) return { oneway: false, streams: false };
  if (inner.getKind() === SyntaxKind.UndefinedKeyword || inner.getText() === "null") {
    context.faults.at(
      inner,
      CODES.TYPE_NOTHING,
      `\`${inner.getText()}\` alone holds no value`,
      "return `Promise<void>`",
    );
    return undefined;
  }
  const type = readType(context, inner, place);
  return type === undefined ? undefined : { oneway: false, streams: false, result: type };
}

/** What to return instead of a type that is no promise. */
function adviceFor(node: TypeNode): string {
  if (libraryNameOf(node) === "PromiseLike") return `return \`${node.getText().replace("PromiseLike", "Promise")}\``;
  if (node.getKind() === SyntaxKind.UndefinedKeyword || node.getText() === "null") return "return `Promise<void>`";
  return node.getText().includes("Promise") ? RETURNS : `return \`Promise<${node.getText()}>\``;
}
