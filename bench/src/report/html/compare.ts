import type { Kind } from "../../queue/kinds.js";
import { compare, type Measure, type RowResult } from "../../results.js";
import type { Ratio } from "../../statistics.js";
import { digits } from "../format.js";
import { QUEUE_REFERENCE, REFERENCE, SUBJECT } from "../reference.js";
import { isCgo, isOurs } from "./series.js";
import { enumerate } from "./text.js";

/** The contender of these rows that the report is about: ours as a user gets it, or another of ours. */
export function subjectOf(rows: readonly RowResult[]): string | undefined {
  return prefer(rows, SUBJECT, isOurs);
}

/** The contender of these rows that all are compared with: the strongest cgo, another cgo, or whoever is not ours; of queues their own. */
export function referenceOf(rows: readonly RowResult[]): string | undefined {
  const [first] = rows;
  if (first?.workload === "W8") {
    const reference = QUEUE_REFERENCE[first.key as Kind];
    return rows.some(({ contender }) => contender === reference) ? reference : undefined;
  }
  return prefer(rows, REFERENCE, isCgo) ?? rows.find(({ contender }) => !isOurs(contender))?.contender;
}

function prefer(rows: readonly RowResult[], id: string, accept: (contender: string) => boolean): string | undefined {
  const ids = rows.map(({ contender }) => contender);
  return ids.includes(id) ? id : ids.find(accept);
}

/** How much greater a measure is in one row than in another of the same cell. */
export function ratioOf(row: RowResult, reference: string, rows: readonly RowResult[], measure: Measure) {
  return compare(rows, row.workload, row.key, measure, row.contender, reference);
}

/** A row against the contender that all of its cell are compared with; undefined where that is itself, or did not run. */
export function againstReference(
  subject: RowResult,
  cell: readonly RowResult[],
  measure: Measure,
): { readonly reference: string; readonly ratio: Ratio } | undefined {
  const reference = referenceOf(cell);
  if (reference === undefined || reference === subject.contender) return undefined;
  const ratio = ratioOf(subject, reference, cell, measure);
  return ratio && { reference, ratio };
}

/** The end of a sentence that gives ratios: what they are worth where they may be nothing. */
export function doubts(...ratios: readonly Ratio[]): string {
  if (ratios.some(({ rounds }) => rounds < 2)) return "; one round gives no interval.";
  const even = ratios.filter(isEven);
  if (even.length === 0) return ".";
  const noDifference = `no difference${even.length > 1 ? "s" : ""} that this run can tell.`;
  if (even.length === ratios.length) return `; ${noDifference}`;
  return `; ${enumerate(even.map(({ ratio }) => `${digits(ratio)} ×`))} ${even.length > 1 ? "are" : "is"} ${noDifference}`;
}

/** Whether the interval holds 1: neither more nor less beyond doubt. */
export function isEven({ low, high }: Ratio): boolean {
  return low <= 1 && high >= 1;
}
