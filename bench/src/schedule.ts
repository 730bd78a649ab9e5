import { AIMED_AT } from "./aims.js";
import type { Contender, WorkloadId } from "./contender.js";
import type { Choice, Effort } from "./effort.js";
import type { Failure } from "./rounds.js";
import { callsMin, WHOLE_ROUNDS } from "./warm-up.js";
import { type Cell, cells } from "./workloads.js";

/** Rounds are not made shorter than this, in milliseconds: what they say would drown. */
const ROUND_MS_MIN = 50;
const SHORTER = 0.95;

/** A contender's warm-up of a cell, in rounds: half a round or more to find the count, and one that is whole. */
const WARM_UP_ROUNDS = 2;
/** What a cell costs beside its rounds, in milliseconds. */
const CELL_MS = 40;
/** What attaching a counter of system calls takes, in milliseconds. */
const OBSERVE_MS = 150;
/** One cold start with everything around it, and the start of a thread with a client, in milliseconds. */
const START_MS = 250;
const THREAD_MS = 200;

/** The cells of a run with rounds as long as the budget allows, and how long they will take. */
export interface Schedule {
  readonly cells: readonly Cell[];
  readonly roundMs: number;
  readonly seconds: number;
}

/** Makes rounds shorter until the budget is kept, and then again with less, if the effort knows what to do without. */
export function schedule(
  effort: Effort,
  workloads: readonly WorkloadId[],
  contenders: readonly Contender[],
  rounds?: number,
): Schedule {
  const all = shortened(effort, workloads, contenders, (cell) => (rounds ? { ...cell, rounds } : cell));
  const { choice } = effort;
  if (all.seconds * 1000 <= effort.budgetMs || !choice) return all;
  return shortened(effort, workloads, contenders, (cell) => chosen(choice, cell, rounds));
}

function shortened(
  effort: Effort,
  workloads: readonly WorkloadId[],
  contenders: readonly Contender[],
  adapt: (cell: Cell) => Cell,
): Schedule {
  for (let roundMs = effort.roundMs; ; roundMs *= SHORTER) {
    const some = cells({ ...effort, roundMs }, workloads).map(adapt);
    const milliseconds = estimateMs(some, contenders);
    if (milliseconds <= effort.budgetMs || roundMs * SHORTER < ROUND_MS_MIN) {
      return { cells: some, roundMs, seconds: milliseconds / 1000 };
    }
  }
}

function chosen(choice: Choice, cell: Cell, rounds = cell.rounds): Cell {
  return {
    ...cell,
    rounds,
    otherRounds: choice.otherCell(cell) ? Math.min(rounds, choice.otherRounds) : 0,
    slowRounds: choice.slowCell(cell) ? Math.min(rounds, choice.slowRounds) : 0,
    observed: cell.observed === true && choice.observed(cell),
  };
}

/** Whoever has a cell: the others need not be built, nor run beside them. */
export function scheduled(contenders: readonly Contender[], { cells: all }: Schedule): Contender[] {
  return contenders.filter((contender) => all.some((cell) => runs(contender, cell)));
}

/** How long it takes all contenders to run all cells, in milliseconds. */
export function estimateMs(all: readonly Cell[], contenders: readonly Contender[]): number {
  let sum = 0;
  for (const cell of all) {
    for (const contender of contenders) if (runs(contender, cell)) sum += cellMs(contender, cell);
  }
  return sum;
}

/** Whether a contender has something to say in a cell, and there is time for it. */
export function runs(contender: Contender, cell: Cell): boolean {
  const { workloads, cannot, queue = [], leases = false } = contender;
  const { workload, moved, way } = cell;
  const said = moved === undefined ? (workloads?.includes(workload) ?? true) : queue.includes(moved);
  return said && (leases || way === undefined) && cannot?.[workload] === undefined && roundsOf(contender, cell) > 0;
}

/** How many rounds a contender makes in a cell. */
export function roundsOf({ id, slowCallsPerSecond }: Contender, cell: Cell): number {
  const { rounds, otherRounds = rounds, slowRounds = rounds } = cell;
  if (slowCallsPerSecond !== undefined) return slowRounds;
  return AIMED_AT.includes(id) ? rounds : otherRounds;
}

/** What a contender has no row for although it runs, and why. */
export function leftOut(contender: Contender, all: readonly Cell[], workloads: readonly WorkloadId[]): Failure[] {
  const { id, cannot = {} } = contender;
  const impossible = workloads.flatMap((workload) => {
    const why = cannot[workload];
    return why === undefined ? [] : [{ contender: id, reason: `${workload}: ${why}` }];
  });
  const possible = all.filter((cell) => runs(contender, { ...cell, slowRounds: 1, otherRounds: 1 }));
  const skipped = possible.filter((cell) => !runs(contender, cell));
  if (skipped.length === 0) return impossible;
  const names = [...new Set(skipped.map(({ workload }) => workload))].map((workload) => {
    const whole = possible.every((cell) => cell.workload !== workload || skipped.includes(cell));
    return whole ? workload : `some of ${workload}`;
  });
  return [...impossible, { contender: id, reason: `${names.join(", ")}: left out, the run is short of time` }];
}

function cellMs(contender: Contender, cell: Cell): number {
  const rounds = roundsOf(contender, cell);
  const { kind, threads = 0, observed } = cell;
  if (kind === "start") return rounds * START_MS;
  const leastMs = (callsMin(cell) / (contender.slowCallsPerSecond ?? Number.POSITIVE_INFINITY)) * 1000;
  const roundMs = Math.max(cell.roundMs, leastMs);
  const warmUpMs = leastMs > WHOLE_ROUNDS * cell.roundMs ? leastMs : WARM_UP_ROUNDS * roundMs;
  return CELL_MS + warmUpMs + rounds * roundMs + threads * THREAD_MS + (observed ? OBSERVE_MS + roundMs : 0);
}
