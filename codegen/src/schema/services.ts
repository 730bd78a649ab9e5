import {
  type ExpressionWithTypeArguments,
  type InterfaceDeclaration,
  Node,
  type SourceFile,
  type TypeElementTypes,
} from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import { readMethod } from "./methods.js";
import type { ModelMethod, ModelService } from "./model.js";
import { originOf } from "./origin.js";
import { isService, markerOfParent, markerOfService, markerOfServiceParent, type ServiceMarker } from "./structs.js";

/** The number of a method travels in 16 bits. */
const METHODS_MAX = 65_536;

const EXAMPLE = "export interface Greeter extends GoService { greet(name: string): Promise<string>; }";

/** The services of a file: those that Go implements, and those that TypeScript does. */
export interface Services {
  readonly services: ModelService[];
  readonly nodeServices: ModelService[];
}

/**
 * Reads every interface of the file that extends GoService or NodeService, in declaration order. In a file that is
 * `faulty` anyway, finding none is not reported: the fault is why.
 */
export function readServices(context: Context, file: SourceFile, faulty: boolean): Services {
  const declarations = file.getInterfaces().filter(isService);
  const found: Services = { services: [], nodeServices: [] };
  if (!declarations.some((declaration) => markerOfService(declaration) === "GoService")) {
    if (faulty) return found;
    const at = file.getInterfaces()[0]?.getNameNode() ?? file.getFirstChild((child) => child.getEnd() > 0) ?? file;
    context.faults.at(
      at,
      CODES.NO_SERVICE,
      "no interface in this file extends GoService, so there is nothing to call",
      `import type { GoService } from "@x/ts2go", then write: ${EXAMPLE}`,
    );
    return found;
  }
  for (const declaration of file.getInterfaces()) {
    const parent = isService(declaration)
      ? undefined
      : declaration.getExtends().find((one) => markerOfServiceParent(one) !== undefined);
    if (parent !== undefined) refuseChild(context, declaration, parent, markerOfServiceParent(parent) ?? "GoService");
  }
  const counters = { GoService: { next: 0 }, NodeService: { next: 0 } };
  for (const declaration of declarations) {
    const marker = markerOfService(declaration) as ServiceMarker;
    const service = readService(context, declaration, marker, counters[marker]);
    if (service !== undefined) (marker === "GoService" ? found.services : found.nodeServices).push(service);
  }
  return found;
}

function readService(
  context: Context,
  declaration: InterfaceDeclaration,
  marker: ServiceMarker,
  counter: { next: number },
): ModelService | undefined {
  const name = declaration.getName();
  const at = declaration.getNameNode();
  const origin = originOf(declaration);
  if (origin === undefined) {
    context.faults.at(
      at,
      CODES.SERVICE_NOT_EXPORTED,
      `\`${name}\` is not exported, so its client could not name it`,
      `write \`export interface ${name} extends ${marker}\``,
    );
  }
  const [parameter] = declaration.getTypeParameters();
  if (parameter !== undefined) {
    context.faults.at(
      parameter,
      CODES.SERVICE_GENERIC,
      `\`${name}\` is generic: ${marker === "GoService" ? "Go implements" : "Go calls"} one interface, not a family of them`,
      "leave the type parameters away and write the types out",
    );
  }
  for (const parent of declaration.getExtends()) {
    if (markerOfParent(parent) !== marker) refuseParent(context, declaration, marker, parent);
  }
  const others = (declaration.getSymbol()?.getDeclarations() ?? []).filter(Node.isInterfaceDeclaration);
  if (others.length > 1) {
    context.faults.at(
      at,
      CODES.SERVICE_DECLARED_TWICE,
      `\`${name}\` is declared ${others.length} times`,
      "write all methods of a service in one place: their order is their number",
    );
  }
  const members = declaration.getMembers();
  if (members.length === 0) {
    context.faults.at(at, CODES.SERVICE_EMPTY, `\`${name}\` has no methods`, `write one: ${EXAMPLE}`);
  }
  const methods = readMembers(context, declaration, marker, members, counter);
  if (origin === undefined) return undefined;
  const doc = docOf(declaration);
  return { name, ...(doc === undefined ? {} : { doc }), origin, methods };
}

function refuseParent(
  context: Context,
  declaration: InterfaceDeclaration,
  marker: ServiceMarker,
  parent: ExpressionWithTypeArguments,
): void {
  const both = markerOfParent(parent) !== undefined;
  context.faults.at(
    parent,
    CODES.SERVICE_EXTENDS,
    `\`${declaration.getName()}\` extends \`${parent.getText()}\` besides ${marker}`,
    both
      ? "write two interfaces: one that Go implements, and one that TypeScript does"
      : "write its methods here, or make a service of its own of it",
  );
}

function refuseChild(context: Context, declaration: InterfaceDeclaration, parent: Node, marker: ServiceMarker): void {
  context.faults.at(
    parent,
    CODES.SERVICE_EXTENDS,
    `\`${declaration.getName()}\` extends the service \`${parent.getText()}\`, and services do not inherit`,
    `let it extend ${marker} itself and write all of its methods`,
  );
}

function readMembers(
  context: Context,
  declaration: InterfaceDeclaration,
  marker: ServiceMarker,
  members: TypeElementTypes[],
  counter: { next: number },
): ModelMethod[] {
  const methods: ModelMethod[] = [];
  const names = new Set<string>();
  for (const member of members) {
    if (!Node.isMethodSignature(member)) {
      refuseServiceMember(context, declaration, member);
      continue;
    }
    if (names.has(member.getName())) {
      context.faults.at(
        member.getNameNode(),
        CODES.METHOD_OVERLOADED,
        `\`${member.getName()}\` is declared again: Go has no overloads`,
        "give each its own name, or one a parameter that may be left out",
      );
      continue;
    }
    names.add(member.getName());
    const method = readMethod(context, { name: declaration.getName(), marker }, member, counter.next);
    if (counter.next === METHODS_MAX) {
      context.faults.at(
        member.getNameNode(),
        CODES.TOO_MANY_METHODS,
        `more than ${METHODS_MAX} methods in one file`,
        "split the file: each has a Go program of its own",
      );
    }
    counter.next++;
    if (method !== undefined) methods.push(method);
  }
  return methods;
}

function refuseServiceMember(context: Context, declaration: InterfaceDeclaration, member: TypeElementTypes): void {
  const asProperty = Node.isPropertySignature(member) && Node.isFunctionTypeNode(member.getTypeNode());
  context.faults.at(
    Node.isPropertySignature(member) ? member.getNameNode() : member,
    CODES.SERVICE_MEMBER,
    `\`${declaration.getName()}\` is a service and can only have methods`,
    asProperty
      ? `write it as a method: \`${member.getName()}(...): Promise<T>\``
      : "write a method that returns it: `name(): Promise<T>`",
  );
}
