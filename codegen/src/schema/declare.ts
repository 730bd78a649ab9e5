import type { Node, TypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { docOf } from "./docs.js";
import { innerKey, instanceName } from "./generics.js";
import { originOf } from "./origin.js";
import { aliasAround } from "./symbols.js";
import { type Entry, type Place, step } from "./table.js";

/** What may be said of a type that is declared. */
interface About {
  /** The whole alias is this type, and not also null or undefined: only then it can be imported. */
  readonly pure?: boolean;
  /** What it is called where there is no alias. */
  readonly wanted?: string;
  /** Where it is not a type of its own but the same as others that are written alike: what they have in common. */
  readonly same?: { readonly declaration: Node; readonly key: string };
}

/**
 * The entry of a type that is written where it is used: called after the alias whose whole type it is, or else after
 * what it stands in. `read` fills a new one.
 */
export function declare(
  context: Context,
  node: TypeNode,
  place: Place,
  read: (entry: Entry, inside: Context) => void,
  { pure = true, wanted, same }: About = {},
): Entry {
  const alias = aliasAround(node);
  const declaration = alias ?? same?.declaration ?? node;
  const instance = alias === undefined && same !== undefined ? same.key : innerKey(context.env, node);
  const known = context.table.find(declaration, instance);
  if (known !== undefined) return known;
  const first = declaration === same?.declaration ? undefined : context.table.runaway(declaration);
  if (first !== undefined) {
    refuseRunaway(context, node, alias?.getName() ?? node.getText());
    return first;
  }
  const parameters = alias?.getTypeParameters() ?? [];
  const entry = context.table.add(
    declaration,
    pure ? place : step(place, "present"),
    alias === undefined ? wanted : instanceName(alias.getName(), parameters, context.env),
    {
      instance,
      generic: parameters.length === 0 ? undefined : alias?.getName(),
      doc: alias && docOf(alias),
      origin: alias && pure && parameters.length === 0 ? originOf(alias) : undefined,
    },
  );
  // A type with a name ends every alias: what is inside may use the alias again.
  read(entry, { ...context, open: new Set() });
  return entry;
}

/** Reports a generic type of which each instance needs another one. */
export function refuseRunaway(context: Context, at: Node, name: string): void {
  context.faults.at(
    at,
    CODES.TYPE_ENDLESS,
    `\`${name}\` goes on for ever: each instance needs another one`,
    `write \`${name}\` with its own type parameters inside itself, not with types made of them`,
  );
}
