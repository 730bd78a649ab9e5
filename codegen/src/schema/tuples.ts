import { Node, type TupleTypeNode } from "ts-morph";
import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import { declare } from "./declare.js";
import { docOf } from "./docs.js";
import type { Type } from "./model.js";
import type { Entry, Place, ReadField } from "./table.js";
import { readType } from "./types.js";

/** Reads a tuple: a Go struct with a field for each place, called after its label or else `V0`, `V1`. */
export function readTuple(context: Context, node: TupleTypeNode, place: Place): Type | undefined {
  if (node.getElements().length === 0) {
    context.faults.at(node, CODES.TYPE_TUPLE, "`[]` holds no value", "leave it away");
    return undefined;
  }
  const entry = declare(context, node, place, (one, inside) => {
    one.content = { kind: "tuple", fields: readPlaces(inside, node, one) };
  });
  return { kind: "named", name: entry.id };
}

function readPlaces(context: Context, node: TupleTypeNode, entry: Entry): ReadField[] {
  return node.getElements().flatMap((element, index): ReadField[] => {
    const labelled = Node.isNamedTupleMember(element);
    const optional = labelled ? element.hasQuestionToken() : element.getKindName() === "OptionalType";
    const rest = labelled ? element.getDotDotDotToken() !== undefined : Node.isRestTypeNode(element);
    if (optional || rest) {
      context.faults.at(
        element,
        CODES.TYPE_TUPLE,
        `\`${element.getText()}\`: a tuple that is sent has as many places as it says`,
        optional
          ? "write `T | undefined` in this place, or an interface with a field that may be left out"
          : "write an interface with a field for the list, such as `{ first: string; rest: T[] }`",
      );
      return [];
    }
    const name = labelled ? element.getName() : String(index);
    const type = readType(context, labelled ? element.getTypeNode() : element, {
      inside: entry,
      as: name,
      via: { from: entry, steps: [{ index }] },
    });
    const doc = docOf(element);
    if (type === undefined) return [];
    return [{ name, type, ...(doc === undefined ? {} : { doc }), mayBeLeftOut: false, node: element }];
  });
}
