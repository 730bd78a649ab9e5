import { LEASE_BYTES } from "./leases.js";
import { FLOWS, type Flow } from "./streams.js";
import type { Cell } from "./workloads.js";

/** How thorough a run is. */
export interface Effort {
  /** What all cells together may take, in milliseconds; rounds get shorter where they would take longer. */
  readonly budgetMs: number;
  /** How long a round lasts, in milliseconds, where the budget allows. */
  readonly roundMs: number;
  /** Rounds of a cell that headlines are made from. */
  readonly rounds: number;
  /** Rounds of the other cells: W4 has many, and W7 and W9 to W12 say what they say sooner. */
  readonly fewRounds: number;
  /** Rounds of W5, each the start of a process. */
  readonly starts: number;
  readonly inFlight: readonly number[];
  /** The same for W7. */
  readonly loopInFlight: readonly number[];
  readonly sizes: readonly number[];
  /** W4 in one direction, the other, or there and back. */
  readonly directions: readonly Direction[];
  readonly threads: readonly number[];
  /** Cells of W10. */
  readonly flows: readonly Flow[];
  /** Calls from Go in flight, for W11. */
  readonly callers: readonly number[];
  /** Sizes of W12, in bytes. */
  readonly leases: readonly number[];
  /** What is left out when shorter rounds are not enough: with many contenders there is no time for everything. */
  readonly choice?: Choice;
}

/** What a run does without that is short of time. Who is in the aims loses nothing but the round that does not count. */
export interface Choice {
  /** Rounds of contenders that no aim speaks of. */
  readonly otherRounds: number;
  /** Rounds of slow contenders, and whether they have a cell at all. */
  readonly slowRounds: number;
  readonly slowCell: (cell: Cell) => boolean;
  /** Whether contenders that no aim speaks of have a cell at all. */
  readonly otherCell: (cell: Cell) => boolean;
  /** Whether there is the round that does not count. */
  readonly observed: (cell: Cell) => boolean;
}

export type Direction = "in" | "out" | "both";

const KIB = 1 << 10;
const MIB = 1 << 20;

/** What a quick run asks of slow contenders: of each workload the cells that say most. */
function slowInQuick({ workload, kind, inFlight, bytes, flow }: Cell): boolean {
  switch (workload) {
    case "W1":
    case "W7":
    case "W9":
      return false;
    case "W4":
      return bytes === 16 || bytes === MIB;
    case "W6":
      return kind !== "mix";
    case "W10":
      return flow === "out";
    case "W11":
      return inFlight === 64;
    default:
      return inFlight !== 8;
  }
}

/** The same for contenders that no aim speaks of. */
function othersInQuick({ workload, kind, flow, inFlight, bytes }: Cell): boolean {
  switch (workload) {
    case "W3":
      return inFlight !== 8;
    case "W4":
      return bytes !== 4 * KIB;
    case "W6":
      return kind !== "mix";
    case "W8":
      return false;
    case "W10":
      return flow === "out" || flow === "in";
    case "W11":
      return inFlight !== 1000;
    case "W12":
      return bytes !== MIB;
    default:
      return true;
  }
}

export const QUICK: Effort = {
  budgetMs: 85_000,
  roundMs: 120,
  rounds: 7,
  fewRounds: 3,
  starts: 3,
  inFlight: [1, 8, 64, 1000],
  loopInFlight: [1000],
  sizes: [16, 4 * KIB, 64 * KIB, MIB],
  directions: ["in", "out"],
  threads: [1, 2],
  flows: FLOWS,
  callers: [1, 64, 1000],
  leases: LEASE_BYTES,
  choice: {
    otherRounds: 3,
    slowRounds: 3,
    slowCell: slowInQuick,
    otherCell: othersInQuick,
    observed: ({ workload, inFlight }) => workload === "W3" && inFlight === 1000,
  },
};

export const FULL: Effort = {
  budgetMs: 25 * 60_000,
  roundMs: 500,
  rounds: 11,
  fewRounds: 7,
  starts: 11,
  inFlight: [1, 8, 64, 1000, 10_000],
  loopInFlight: [64, 1000],
  sizes: [16, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB],
  directions: ["in", "out", "both"],
  threads: [1, 2, 4],
  flows: FLOWS,
  callers: [1, 64, 1000],
  leases: LEASE_BYTES,
};
