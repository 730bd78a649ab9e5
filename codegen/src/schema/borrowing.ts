import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Type } from "./model.js";
import { partsOf } from "./parts.js";

const LEASE = "a lease";

/** What Go's own memory holds in another form than an image. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["map", "a map"],
  ["set", "a set"],
  ["date", "a Date"],
  ["union", "a union"],
  ["lease", LEASE],
]);

/** Refuses to borrow what cannot be used in place. */
export function refuseBorrowing(context: Context): void {
  for (const { node, type } of context.borrowed) {
    const reason = reasonAgainst(context, type);
    if (reason === undefined) continue;
    const inner = node.getText().replace(/^\w+<(.*)>$/s, "$1");
    context.faults.at(
      node,
      CODES.BORROW_LAYOUT,
      `\`${node.getText()}\`: ${reason}, which ${reason.endsWith(LEASE) ? "is in place already" : "Go cannot use in place"}`,
      `write \`${inner}\`, or borrow a type with plain fields, lists and optional values only`,
    );
  }
}

function reasonAgainst(context: Context, type: Type): string | undefined {
  const own = oddIn(type);
  if (own !== undefined) return `it ${WORDS.has(type.kind) ? "is" : "holds"} ${own}`;
  for (const entry of context.table.reachable([type])) {
    const name = entry.wanted ?? "an object in it";
    if (entry.content.kind === "union") return `\`${name}\` is a union`;
    if (!("fields" in entry.content)) continue;
    for (const field of entry.content.fields) {
      const odd = oddIn(field.type);
      if (odd !== undefined) return `\`${name}.${field.name}\` is ${odd}`;
    }
  }
  return undefined;
}

function oddIn(type: Type): string | undefined {
  return (
    WORDS.get(type.kind) ??
    partsOf(type)
      .map(oddIn)
      .find((odd) => odd !== undefined)
  );
}
