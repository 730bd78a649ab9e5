import type { Contender, WorkloadId } from "./contender.js";
import { type Cell, cells } from "./workloads.js";

/** How thorough a run is. */
export interface Effort {
  /** What all cells together may take, in milliseconds; rounds get shorter where they would take longer. */
  readonly budgetMs: number;
  /** How long a round lasts, in milliseconds, where the budget allows. */
  readonly roundMs: number;
  /** Rounds of a cell that headlines are made from. */
  readonly rounds: number;
  /** Rounds of the other cells: W4 has many, and W7 and W9 say what they say sooner. */
  readonly fewRounds: number;
  readonly inFlight: readonly number[];
  readonly sizes: readonly number[];
  /** W4 in one direction, the other, or there and back. */
  readonly directions: readonly Direction[];
  /** Cells of W4 beside sizes × directions. */
  readonly more: readonly { readonly direction: Direction; readonly bytes: number }[];
  readonly threads: readonly number[];
}

export type Direction = "in" | "out" | "both";

const KIB = 1 << 10;
const MIB = 1 << 20;

export const QUICK: Effort = {
  budgetMs: 90_000,
  roundMs: 120,
  rounds: 7,
  fewRounds: 3,
  inFlight: [1, 8, 64, 1000],
  sizes: [16, 256, 4 * KIB, 64 * KIB, MIB],
  directions: ["in", "out"],
  more: [{ direction: "both", bytes: 16 * MIB }],
  threads: [1, 2],
};

export const FULL: Effort = {
  budgetMs: 25 * 60_000,
  roundMs: 500,
  rounds: 11,
  fewRounds: 7,
  inFlight: [1, 8, 64, 1000, 10_000],
  sizes: [16, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB],
  directions: ["in", "out", "both"],
  more: [],
  threads: [1, 2, 4],
};

/** Rounds are not made shorter than this, in milliseconds: what they say would drown. */
const ROUND_MS_MIN = 50;
const SHORTER = 0.95;

/** A contender's warm-up of a cell, in rounds: half a round or more to find the count, and one that is whole. */
const WARM_UP_ROUNDS = 2;
/** What a cell costs beside its rounds, in milliseconds. */
const CELL_MS = 40;
/** What attaching a counter of system calls takes, in milliseconds. */
const OBSERVE_MS = 300;
/** One cold start with everything around it, and the start of a thread with a client, in milliseconds. */
const START_MS = 250;
const THREAD_MS = 200;

/** The cells of a run with rounds as long as the budget allows, and how long they will take. */
export interface Schedule {
  readonly cells: readonly Cell[];
  readonly roundMs: number;
  readonly seconds: number;
}

export function schedule(
  effort: Effort,
  workloads: readonly WorkloadId[],
  contenders: readonly Contender[],
  rounds?: number,
): Schedule {
  for (let roundMs = effort.roundMs; ; roundMs *= SHORTER) {
    const all = cells({ ...effort, roundMs }, workloads).map((cell) => (rounds ? { ...cell, rounds } : cell));
    const milliseconds = estimateMs(all, contenders);
    if (milliseconds <= effort.budgetMs || roundMs * SHORTER < ROUND_MS_MIN) {
      return { cells: all, roundMs, seconds: milliseconds / 1000 };
    }
  }
}

/** How long it takes all contenders to run all cells, in milliseconds. */
export function estimateMs(all: readonly Cell[], contenders: readonly Contender[]): number {
  let sum = 0;
  for (const cell of all) sum += cellMs(cell) * contenders.filter((contender) => runs(contender, cell)).length;
  return sum;
}

/** Whether a contender has something to say in a cell. */
export function runs({ workloads, cannot }: Contender, { workload }: Cell): boolean {
  return (workloads?.includes(workload) ?? true) && cannot?.[workload] === undefined;
}

function cellMs({ kind, rounds, roundMs, threads = 0, observed }: Cell): number {
  if (kind === "start") return rounds * START_MS;
  return CELL_MS + (rounds + WARM_UP_ROUNDS) * roundMs + threads * THREAD_MS + (observed ? OBSERVE_MS + roundMs : 0);
}
