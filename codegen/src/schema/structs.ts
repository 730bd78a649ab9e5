import { type ExpressionWithTypeArguments, type InterfaceDeclaration, Node, type TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { declare, refuseRunaway } from "./declare.js";
import { docOf } from "./docs.js";
import { bind, boundTo, type Env, innerKey, instanceKey, instanceName, keyOf, nameOf } from "./generics.js";
import { type LiteralValue, literalsOf } from "./literals.js";
import type { Type } from "./model.js";
import { isMarker, originOf } from "./origin.js";
import { bodies, isUtility, type Properties, type Property, propertiesOf } from "./shapes.js";
import { aliasOf, declarationsOf, isNamedNode, type NamedNode } from "./symbols.js";
import type { Content, Entry, Place, ReadField, Via } from "./table.js";
import { readType } from "./types.js";

/** Reads an interface; several declarations of one name are one interface, as in TypeScript. */
export function readInterface(
  context: Context,
  declarations: InterfaceDeclaration[],
  at: NamedNode,
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
  const env = bind(context.env, declarations, at);
  const parameters = first.getTypeParameters();
  const instance = instanceKey(env, parameters);
  const known = context.table.find(first, instance);
  if (known !== undefined) return { kind: "named", name: known.id };
  if (context.table.runaway(first) !== undefined) {
    refuseRunaway(context, at, first.getName());
    return undefined;
  }
  const entry = context.table.add(first, place, instanceName(first.getName(), parameters, env), {
    instance,
    generic: parameters.length === 0 ? undefined : first.getName(),
    doc: docOf(first),
    origin: parameters.length === 0 ? originOf(first) : undefined,
  });
  const inside: Context = { ...context, env, open: new Set() };
  entry.content = contentOf(entry, bodies(inside, declarations));
  return { kind: "named", name: entry.id };
}

/**
 * Reads an object type that has no name of its own: `{ ... }`, an intersection, `Pick<...>`. Gives undefined for what
 * is no object.
 */
export function readShape(context: Context, node: TypeNode, place: Place): Type | undefined {
  const properties = propertiesOf(context, node);
  if (properties === undefined) return undefined;
  if (properties.size === 0) refuseEmpty(context, node);
  const entry = declare(
    context,
    node,
    place,
    (one, inside) => {
      // Read again inside, where an alias that is being looked through may be used.
      one.content = contentOf(one, propertiesOf(inside, node) ?? properties);
    },
    utilityOf(context, node),
  );
  return { kind: "named", name: entry.id };
}

/** `Partial<User>` is one type wherever it is written, and has a name: `PartialUser`. */
function utilityOf(context: Context, node: TypeNode): Parameters<typeof declare>[4] {
  const [declaration] = Node.isTypeReference(node) && isUtility(node) ? declarationsOf(node) : [];
  if (declaration === undefined) return undefined;
  const of = Node.isTypeReference(node) ? node.getTypeArguments() : [];
  const same = { declaration, key: keyOf(context.env, node) };
  return of.length === 1 ? { same, wanted: nameOf(context.env, node) } : { same };
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

function contentOf(entry: Entry, properties: Properties): Content {
  const fields: ReadField[] = [];
  for (const property of properties.values()) {
    const { name, doc, mayBeLeftOut, at } = property;
    const about = { name, ...(doc === undefined ? {} : { doc }), mayBeLeftOut, node: at };
    const only = mayBeLeftOut ? undefined : onlyValue(property.context, property.type);
    if (only !== undefined) {
      const ofEnum = only.label === undefined ? {} : { ofEnum: true as const };
      fields.push({ ...about, ...ofEnum, type: { kind: "constant", value: only.value } });
      continue;
    }
    const type = readProperty(entry, property);
    const readonly = mentionsReadonly(property.context.env, property.type) ? { hasReadonly: true as const } : {};
    if (type !== undefined) fields.push({ ...about, ...readonly, type });
  }
  return { kind: "struct", fields };
}

function readProperty(
  entry: Entry,
  { name, type: node, context, mayBeLeftOut, required, parent }: Property,
): Type | undefined {
  const via: Via = { from: entry, steps: mayBeLeftOut ? [{ field: name }, "present"] : [{ field: name }] };
  // What is the same in all instances of a generic type is called after that.
  const own = entry.generic !== undefined && innerKey(context.env, node) === "" ? entry.generic : entry;
  const type = readType(context, node, { inside: parent ?? own, as: name, via });
  if (type === undefined) return undefined;
  if (mayBeLeftOut) return leftOut(type);
  return required && type.kind === "optional" && type.absent === "undefined" ? type.element : type;
}

/** Whether a type is written with `readonly` or a `Readonly...`, itself or in what it is another name for. */
function mentionsReadonly(env: Env, node: Node, seen: ReadonlySet<Node> = new Set()): boolean {
  if (/readonly/i.test(node.getText())) return true;
  const around = new Set([...seen, node]);
  return [node, ...node.getDescendants()].filter(isNamedNode).some((name) => {
    const target = boundTo(env, name)?.node ?? aliasOf(name)?.getTypeNode();
    return target !== undefined && !around.has(target) && mentionsReadonly(env, target, around);
  });
}

/** The value of a field that can have only one: it need not be sent, it is the same on both ends. */
function onlyValue(context: Context, node: TypeNode): LiteralValue | undefined {
  const literals = literalsOf(context, node);
  const [only, more] = literals?.values ?? [];
  if (literals === undefined || only === undefined || more !== undefined || literals.absent.size > 0) return undefined;
  return typeof only.value !== "string" || only.value.isWellFormed() ? only : undefined;
}

/** The type of `a?: T`: whatever else it may be when absent, it is left out then. */
export function leftOut(type: Type): Type {
  return { kind: "optional", absent: "undefined", element: type.kind === "optional" ? type.element : type };
}

function refuseEmpty(context: Context, node: TypeNode): void {
  context.faults.at(
    node,
    CODES.OBJECT_EMPTY,
    Node.isTypeLiteral(node)
      ? "`{}` means any value at all in TypeScript"
      : `\`${node.getText()}\` has no fields, and means any value at all in TypeScript`,
    "write out the fields; where nothing is to be sent, leave the parameter away",
  );
}
