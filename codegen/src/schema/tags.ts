import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Literal } from "./model.js";
import type { Entry, ReadMember } from "./table.js";

type Union = Extract<Entry["content"], { kind: "union" }>;

/**
 * Finds what tells the members of each union apart: the first property that has one value of its own in every member.
 * It comes last, because a union may be met before its members are read to the end.
 */
export function settleTags(context: Context): void {
  for (const entry of context.table.all) {
    if (entry.content.kind === "union") settle(context, entry, entry.content);
  }
}

function settle(context: Context, entry: Entry, union: Union): void {
  const constants = union.members.map((member) => constantsOf(context.table.entry(member.id)));
  const [first] = constants;
  if (first === undefined) return;
  const common = [...first.keys()].filter((name) => constants.every((one) => one.has(name)));
  for (const tag of common) {
    const values = constants.map((one) => one.get(tag) as Literal);
    if (new Set(values).size === values.length) {
      const members = union.members.map((member, i) => ({ ...member, value: values[i] as Literal }));
      entry.content = { ...union, tag, members };
      for (const { id, value } of members) {
        const member = context.table.entry(id);
        if (member.place.via.from !== entry) continue;
        const ofEnum = isEnums(member, tag);
        member.place = { inside: entry, as: String(value), via: { from: entry, steps: [{ tag, value, ofEnum }] } };
      }
      return;
    }
  }
  refuse(context, union, common[0], constants);
}

function refuse(
  context: Context,
  union: Union,
  tag: string | undefined,
  constants: ReadonlyMap<string, Literal>[],
): void {
  const text = ({ node }: ReadMember): string => node.getText();
  if (tag !== undefined) {
    const values = constants.map((one) => one.get(tag));
    const second = values.findIndex((value, index) => values.indexOf(value) < index);
    const [a, b] = [values.indexOf(values[second]), second].map((i) => text(union.members[i] as ReadMember));
    context.faults.at(
      union.node,
      CODES.TYPE_UNION,
      `\`${a}\` and \`${b}\` both have the \`${tag}\` ${JSON.stringify(values[second])}, so nothing tells them apart`,
      `give each member a \`${tag}\` of its own`,
    );
    return;
  }
  const names = union.members.map(text);
  context.faults.at(
    union.node,
    CODES.TYPE_UNION,
    `nothing tells the members of this union apart (${names.join(" | ")})`,
    'give each a property with one value of its own, such as `kind: "circle"`',
  );
}

/** The fields of a struct that have only one value. */
function constantsOf(entry: Entry): ReadonlyMap<string, Literal> {
  if (!("fields" in entry.content)) return new Map();
  return new Map(
    entry.content.fields.flatMap(({ name, type }): [string, Literal][] =>
      type.kind === "constant" ? [[name, type.value]] : [],
    ),
  );
}

function isEnums({ content }: Entry, tag: string): boolean {
  return "fields" in content && content.fields.some((field) => field.name === tag && field.ofEnum === true);
}
