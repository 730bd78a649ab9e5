import type { Contender, WorkloadId } from "../contender.js";
import { type Machine, MachineWatch } from "../machine.js";
import type { Measurement } from "../measure.js";
import { Remote } from "../remote.js";
import { Progress } from "../report/progress.js";
import type { Failure } from "../rounds.js";
import { runs } from "../schedule.js";
import { seededRandom, shuffled } from "../statistics.js";
import type { Cell } from "../workloads.js";
import { type CompareEffort, comparedCells, FULL_COMPARISON, QUICK_COMPARISON } from "./cells.js";
import { type Checkout, checkOut, describeHere } from "./checkout.js";
import { Pair, type Side } from "./pair.js";

export interface ComparePlan {
  readonly ref: string;
  readonly quick: boolean;
  readonly contenders: readonly Contender[];
  readonly workloads: readonly WorkloadId[];
  /** Pairs of processes, instead of what the effort says. */
  readonly blocks: number | undefined;
  readonly seed: number;
}

/** One contender in one cell, on both sides. */
export interface Compared {
  readonly contender: Contender;
  readonly cell: Cell;
  readonly blocks: { readonly ours: Measurement[]; readonly theirs: Measurement[] }[];
}

export interface Comparison {
  readonly here: string;
  readonly there: Checkout;
  readonly seconds: number;
  readonly blocks: number;
  readonly machine: Machine;
  readonly compared: readonly Compared[];
  readonly failures: readonly Failure[];
}

/** What a cell costs a side beside its two rounds, in rounds: warm-up. */
const WARM_UP_ROUNDS = 1;
/** Starting and ending a pair of processes, in milliseconds. */
const PAIR_MS = 800;

/** Builds the other checkout and runs both sides in interleaved rounds, each block in new processes. */
export async function runComparison(plan: ComparePlan): Promise<Comparison> {
  const progress = new Progress();
  try {
    const there = await checkOut(plan.ref, (text) => progress.line(text));
    const here = await describeHere();
    for (const contender of plan.contenders) {
      progress.say(`building ${contender.title}`);
      await contender.build();
    }
    const effort = plan.quick ? QUICK_COMPARISON : FULL_COMPARISON;
    const blocks = plan.blocks ?? effort.blocks;
    const watch = new MachineWatch();
    const start = performance.now();
    const { compared, failures } = await compareAll(plan, effort, blocks, there, progress);
    const seconds = (performance.now() - start) / 1000;
    return { here, there, seconds, blocks, machine: await watch.report(), compared, failures };
  } finally {
    progress.end();
  }
}

async function compareAll(
  plan: ComparePlan,
  effort: CompareEffort,
  blocks: number,
  there: Checkout,
  progress: Progress,
): Promise<Pick<Comparison, "compared" | "failures">> {
  const random = seededRandom(plan.seed);
  const failures: Failure[] = [];
  const cells = comparedCells(effort, plan.workloads);
  let compared: Compared[] = plan.contenders.flatMap((contender) =>
    cells.filter((cell) => runs(contender, cell)).map((cell) => ({ contender, cell, blocks: [] })),
  );
  progress.line(`About ${Math.ceil(estimateMs(compared, plan.contenders.length, blocks) / 1000)} s.`);
  const fail = (one: Compared, error: unknown): void => {
    compared = compared.filter((other) => other !== one);
    const { contender, cell } = one;
    const reason = `${cell.workload} ${cell.key}: ${error instanceof Error ? error.message : error}`;
    failures.push({ contender: contender.id, reason });
  };
  for (let block = 0; block < blocks; block++) {
    for (const contender of shuffled(plan.contenders, random)) {
      const mine = compared.filter((one) => one.contender === contender);
      if (mine.length === 0) continue;
      progress.say(`block ${block + 1} of ${blocks}: ${contender.title}`);
      const pair = new Pair({ ours: new Remote(contender.id), theirs: new Remote(contender.id, there.host) });
      try {
        await pair.open();
        for (const one of mine) {
          const order = (): Side[] => shuffled(["ours", "theirs"], random);
          await pair.run(one.cell, order).then(
            (rounds) => one.blocks.push(rounds),
            (error: unknown) => fail(one, error),
          );
        }
      } catch (error) {
        for (const one of mine) fail(one, error);
      } finally {
        await pair.close();
      }
    }
  }
  return { compared, failures };
}

function estimateMs(compared: readonly Compared[], contenders: number, blocks: number): number {
  const cells = compared.reduce((sum, { cell }) => sum + 2 * (cell.rounds + WARM_UP_ROUNDS) * cell.roundMs, 0);
  return blocks * (cells + contenders * PAIR_MS);
}
