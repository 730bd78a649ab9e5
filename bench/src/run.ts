import { judgeAims } from "./aims.js";
import type { Contender, WorkloadId } from "./contender.js";
import { MachineWatch } from "./machine.js";
import { measureMicro } from "./micro.js";
import { Remote } from "./remote.js";
import { Progress } from "./report/progress.js";
import { RESULTS_VERSION, type Results, type RowResult, summarize, titles } from "./results.js";
import { type Failure, measureCell, type RunningContender } from "./rounds.js";
import { seededRandom } from "./statistics.js";
import { type Cell, cells, FULL, QUICK } from "./workloads.js";

export interface Plan {
  readonly quick: boolean;
  readonly contenders: readonly Contender[];
  readonly workloads: readonly WorkloadId[];
  /** Instead of what the effort says. */
  readonly rounds: number | undefined;
  readonly seed: number;
}

const MICRO_MS = 200;

/** What a contender's warm-up in a cell takes, in rounds: the last attempts to fill one, and one that is full. */
const WARM_UP_ROUNDS = 2.5;

/** Builds, checks and measures; what fails is listed and the rest goes on. */
export async function runBenchmark(plan: Plan): Promise<Results> {
  const startedAt = new Date();
  const failures: Failure[] = [];
  const progress = new Progress();
  const running = await start(plan.contenders, failures, progress);
  try {
    // Builds are over: from here on, CPU time that is not ours is somebody else's.
    const watch = new MachineWatch();
    progress.say("measuring the floor");
    const micro = await measureMicro(MICRO_MS);
    const rows = await measureAll(plan, running, failures, progress);
    await Promise.all(running.map(({ remote }) => remote.close()));
    return {
      version: RESULTS_VERSION,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      effort: plan.quick ? "quick" : "full",
      seed: plan.seed,
      machine: await watch.report(),
      contenders: titles(plan.contenders),
      failures,
      micro,
      rows,
      aims: judgeAims(rows),
    };
  } finally {
    await Promise.all(running.map(({ remote }) => remote.close()));
    progress.end();
  }
}

/** Builds and opens the contenders, and keeps those whose answers are right. */
async function start(
  contenders: readonly Contender[],
  failures: Failure[],
  progress: Progress,
): Promise<RunningContender[]> {
  const running: RunningContender[] = [];
  for (const contender of contenders) {
    let remote: Remote | undefined;
    try {
      progress.say(`building ${contender.title}`);
      await contender.build();
      remote = new Remote(contender.id);
      await remote.ask({ op: "open" });
      const wrong = await remote.ask({ op: "answers" });
      if (wrong.length > 0) throw new Error(`wrong answers: ${wrong.slice(0, 3).join("; ")}`);
      running.push({ contender, remote });
    } catch (error) {
      failures.push({ contender: contender.id, reason: error instanceof Error ? error.message : String(error) });
      await remote?.close();
    }
  }
  return running;
}

async function measureAll(
  plan: Plan,
  running: readonly RunningContender[],
  failures: Failure[],
  progress: Progress,
): Promise<RowResult[]> {
  const random = seededRandom(plan.seed);
  const all = cells(plan.quick ? QUICK : FULL, plan.workloads).map((cell) => ({
    cell: { ...cell, rounds: plan.rounds ?? cell.rounds },
    text: `${cell.workload} ${cell.key}`,
    weight: ((plan.rounds ?? cell.rounds) + WARM_UP_ROUNDS) * cell.roundMs * racers(cell, running),
  }));
  const rows: RowResult[] = [];
  for (const { cell } of progress.steps(all)) {
    const measured = await measureCell(cell, running, random, (failure) => failures.push(failure));
    rows.push(...measured.map(summarize));
  }
  return rows;
}

function racers({ workload }: Cell, running: readonly RunningContender[]): number {
  return running.filter(({ contender }) => contender.workloads?.includes(workload) ?? true).length;
}
