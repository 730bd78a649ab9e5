import { CODES } from "./codes.js";
import type { Context } from "./context.js";
import type { Type } from "./model.js";
import { partsOf } from "./parts.js";

/** Refuses leases where nobody could give them back. */
export function refuseLeasing(context: Context): void {
  for (const { node, type, why } of context.unleased) {
    const inside = [type, ...context.table.reachable([type]).flatMap(({ content }) => fieldsOf(content))];
    if (!inside.some(holdsLease)) continue;
    context.faults.at(
      node,
      CODES.LEASE_PLACE,
      `${why}, and there is a \`Lease<Uint8Array>\` in it`,
      "write `Uint8Array`, which is copied",
    );
  }
}

const fieldsOf = (content: object): readonly Type[] =>
  "fields" in content ? (content.fields as readonly { type: Type }[]).map(({ type }) => type) : [];

/** Whether there is a lease in a value of this type, apart from the named types in it. */
export function holdsLease(type: Type): boolean {
  return type.kind === "lease" || partsOf(type).some(holdsLease);
}
