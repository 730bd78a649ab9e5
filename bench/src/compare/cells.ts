import type { WorkloadId } from "../contender.js";
import type { Effort } from "../effort.js";
import { type Cell, cells } from "../workloads.js";

const KIB = 1 << 10;
const MIB = 1 << 20;

/** How thorough a comparison is. */
export interface CompareEffort extends Effort {
  /** How many times both sides are started anew. */
  readonly blocks: number;
}

/** Two rounds a pair of processes: what tells the sides apart is more pairs, not more rounds. */
const COMMON = {
  rounds: 2,
  fewRounds: 2,
  starts: 0,
  loopInFlight: [],
  threads: [],
  flows: [],
  callers: [],
  leases: [],
  budgetMs: Number.POSITIVE_INFINITY,
};

export const QUICK_COMPARISON: CompareEffort = {
  ...COMMON,
  blocks: 7,
  roundMs: 100,
  inFlight: [1, 8, 64, 1000],
  sizes: [16, 4 * KIB, MIB],
  directions: ["in", "out"],
};

export const FULL_COMPARISON: CompareEffort = {
  ...COMMON,
  blocks: 11,
  roundMs: 300,
  inFlight: [1, 8, 64, 1000, 10_000],
  sizes: [16, 256, 4 * KIB, 64 * KIB, MIB],
  directions: ["in", "out", "both"],
};

/** What another checkout's benchmark can run too: plain calls, as they have always been. */
export const COMPARED: readonly WorkloadId[] = ["W1", "W2", "W3", "W4", "W6"];

/**
 * The cells of a comparison. Each side is driven by its own checkout's benchmark, which may be older than what a cell
 * can ask for beside its calls; none of it is asked for.
 */
export function comparedCells(effort: CompareEffort, workloads: readonly WorkloadId[]): Cell[] {
  return cells(effort, workloads)
    .filter(({ kind, workload }) => kind === undefined && COMPARED.includes(workload))
    .map(({ sampled: _, observed: __, ...cell }) => cell);
}
