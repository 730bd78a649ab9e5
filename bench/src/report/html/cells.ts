import type { Results, RowResult } from "../../results.js";

/** The setting that the aims of the product speak of. */
const IN_FLIGHT_OF_AIMS = 1000;

/** The rows of W3 that differ by nothing but the calls in flight. */
export function throughputRows({ rows }: Results): RowResult[] {
  return rows.filter(({ workload, key, inFlight }) => workload === "W3" && key === `${inFlight}`);
}

/** The rows of one cell of W3: 1000 calls in flight, or as near below as there is. */
export function busiestCell(results: Results): RowResult[] {
  const rows = throughputRows(results);
  const counts = [...new Set(rows.map(({ inFlight }) => inFlight))].sort((a, b) => a - b);
  const chosen = counts.findLast((count) => count <= IN_FLIGHT_OF_AIMS) ?? counts[0];
  return rows.filter(({ inFlight }) => inFlight === chosen);
}
