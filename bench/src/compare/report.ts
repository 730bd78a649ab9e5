import { formatRatio } from "../aims.js";
import { describeMachine } from "../machine.js";
import type { Measurement } from "../measure.js";
import { newTable } from "../report/table.js";
import type { Failure } from "../rounds.js";
import type { Ratio } from "../statistics.js";
import type { Compared, Comparison } from "./run.js";
import { blockedRatio, judge, type Verdict } from "./verdict.js";

/** What is said of one contender in one cell: of its speed and of its CPU time. */
export interface Judgement {
  readonly contender: string;
  readonly workload: string;
  readonly key: string;
  /** Calls a second here by those there; for latencies, the median there by that here: greater is faster. */
  readonly speed: Ratio;
  /** CPU time a call here by that there. */
  readonly cpu: Ratio;
  readonly faster: string;
}

const FASTER: Record<Verdict, string> = { greater: "faster", less: "slower", "can't tell": "can't tell" };
const MORE: Record<Verdict, string> = { greater: "more", less: "less", "can't tell": "can't tell" };

export function judgements({ compared }: Comparison): Judgement[] {
  return compared.map((one) => {
    const speed = ratio(one, one.cell.latency ? ({ p50 = Number.NaN }) => 1 / p50 : (round) => round.callsPerSecond);
    return {
      contender: one.contender.id,
      workload: one.cell.workload,
      key: one.cell.key,
      speed,
      cpu: ratio(one, (round) => round.cpuPerCall),
      faster: FASTER[judge(speed)],
    };
  });
}

/** What goes to results/compare.json. */
export function compareResults(comparison: Comparison): object {
  const { here, there, seconds, blocks, machine, failures } = comparison;
  const { ref, commit } = there;
  return { here, there: { ref, commit }, seconds, blocks, machine, failures, cells: judgements(comparison) };
}

/** The comparison as text for a terminal. */
export function compareReport(comparison: Comparison): string {
  const { here, there, machine, blocks, failures } = comparison;
  const table = newTable(["contender", "cell", "speed", "", "CPU a call", ""]);
  const all = judgements(comparison);
  for (const { contender, workload, key, speed, cpu, faster } of all) {
    table.push([contender, `${workload} ${key}`, formatRatio(speed), faster, formatRatio(cpu), MORE[judge(cpu)]]);
  }
  const told = all.filter(({ faster }) => faster !== FASTER["can't tell"]).length;
  return [
    describeMachine(machine),
    `${here} (here) by ${there.ref} (${there.commit.slice(0, 12)}): ${blocks} pairs of processes, intervals of 99 %.`,
    table.toString(),
    `${told} of ${all.length} cells differ in speed. By chance alone one in a hundred would.`,
    ...(failures.length > 0 ? [failureList(failures)] : []),
    `The other checkout is kept for the next time: git worktree remove --force ${there.folder}`,
  ].join("\n\n");
}

function ratio({ blocks }: Compared, value: (round: Measurement) => number): Ratio {
  return blockedRatio(blocks.map(({ ours, theirs }) => ({ ours: ours.map(value), theirs: theirs.map(value) })));
}

function failureList(failures: readonly Failure[]): string {
  return ["Not compared:", ...failures.map(({ contender, reason }) => `  ${contender}: ${reason}`)].join("\n");
}
