import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Entry, ReadField } from "./table.js";

/**
 * Refuses structs that hold themselves directly: such a value would have no end. Through a list or an optional field
 * it has one.
 */
export function refuseEndless(context: Context): void {
  const done = new Set<Entry>();
  const path: { entry: Entry; field: ReadField }[] = [];

  const visit = (entry: Entry): void => {
    if (done.has(entry) || !("fields" in entry.content)) return;
    for (const field of entry.content.fields) {
      if (field.type.kind !== "named") continue;
      const inner = context.table.entry(field.type.name);
      path.push({ entry, field });
      const start = path.findIndex((step) => step.entry === inner);
      if (start === -1) visit(inner);
      else refuse(context, path.slice(start));
      path.pop();
    }
    done.add(entry);
  };
  for (const entry of context.table.all) visit(entry);
}

function refuse(context: Context, cycle: readonly { entry: Entry; field: ReadField }[]): void {
  const last = (cycle.at(-1) as { field: ReadField }).field;
  const name = (entry: Entry): string => entry.wanted ?? "{ ... }";
  const way = cycle.map(({ entry, field }) => `${name(entry)}.${field.name}`).join(" -> ");
  context.faults.at(
    last.node,
    CODES.TYPE_ENDLESS,
    `\`${way}\` never ends: every value would hold another one`,
    `write \`${last.name}?: ${last.node.getText()}\`, \`${last.node.getText()} | null\` or \`${last.node.getText()}[]\``,
  );
}
