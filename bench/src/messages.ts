import type { Measurement, Observation } from "./measure.js";
import type { Cell } from "./workloads.js";

/** What the benchmark asks the process of a contender. */
export type Request =
  | { readonly op: "open" }
  | { readonly op: "answers" }
  | { readonly op: "warmUp"; readonly cell: Cell }
  | { readonly op: "measure"; readonly cell: Cell; readonly count: number }
  | { readonly op: "observe"; readonly cell: Cell; readonly count: number }
  | { readonly op: "close" };

/** What comes back, by what was asked. */
export interface Replies {
  /** The process beside the host that works for the contender. */
  open: number | undefined;
  /** The wrong answers, in words. */
  answers: string[];
  /** How many calls fill a round. */
  warmUp: number;
  measure: Measurement;
  observe: Observation;
  close: undefined;
}

/** The answer to the only request that is under way. */
export type Reply = { readonly value: unknown } | { readonly error: string };
