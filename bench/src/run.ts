import { judgeAims } from "./aims.js";
import type { Contender, WorkloadId } from "./contender.js";
import { FULL, QUICK } from "./effort.js";
import { MachineWatch } from "./machine.js";
import { measureMicro } from "./micro.js";
import { Remote } from "./remote.js";
import { Progress } from "./report/progress.js";
import { RESULTS_VERSION, type Results, type RowResult, titles } from "./results.js";
import { coldRunner, type Failure, measureCell, type Runner, remoteRunner } from "./rounds.js";
import { estimateMs, leftOut, roundsOf, runs, schedule } from "./schedule.js";
import { seededRandom } from "./statistics.js";
import { summarize } from "./summary.js";
import { findSyscallTool, type SyscallTool } from "./syscalls.js";
import { type Cell, cells } from "./workloads.js";

export interface Plan {
  readonly quick: boolean;
  readonly contenders: readonly Contender[];
  readonly workloads: readonly WorkloadId[];
  /** Instead of what the effort says. */
  readonly rounds: number | undefined;
  readonly seed: number;
}

interface RunningContender {
  readonly contender: Contender;
  readonly remote: Remote;
}

const MICRO_MS = 200;

/** Builds, checks and measures; what fails is listed and the rest goes on. */
export async function runBenchmark(plan: Plan): Promise<Results> {
  const startedAt = new Date();
  const failures: Failure[] = [];
  const progress = new Progress();
  // Whoever has nothing to say in these workloads is not built, and does not run beside the others.
  const asked = cells(plan.quick ? QUICK : FULL, plan.workloads);
  const contenders = plan.contenders.filter((contender) => asked.some((cell) => runs(contender, cell)));
  const running = await start(contenders, failures, progress);
  try {
    // Builds are over: from here on, CPU time that is not ours is somebody else's.
    const watch = new MachineWatch(running.flatMap(({ remote }) => remote.pids));
    progress.say("measuring the floor");
    const micro = await measureMicro(MICRO_MS);
    const tool = await findSyscallTool();
    const rows = await measureAll(plan, running, failures, progress, typeof tool === "string" ? undefined : tool);
    await Promise.all(running.map(({ remote }) => remote.close()));
    return {
      version: RESULTS_VERSION,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      effort: plan.quick ? "quick" : "full",
      seed: plan.seed,
      machine: await watch.report(),
      contenders: titles(contenders),
      failures,
      micro,
      syscalls: typeof tool === "string" ? { reason: tool } : { tool: tool.name },
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
      await remote.open();
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
  tool: SyscallTool | undefined,
): Promise<RowResult[]> {
  const random = seededRandom(plan.seed);
  const all = running.map(({ contender }) => contender);
  const { cells: scheduled, roundMs, seconds } = schedule(plan.quick ? QUICK : FULL, plan.workloads, all, plan.rounds);
  progress.line(
    `About ${Math.ceil(seconds)} s for ${scheduled.length} cells and ${all.length} contenders, in rounds of ${Math.round(roundMs)} ms.`,
  );
  const silent = plan.contenders.filter((contender) => !running.some((one) => one.contender === contender));
  failures.push(...[...all, ...silent].flatMap((contender) => leftOut(contender, scheduled, plan.workloads)));
  const steps = scheduled.map((cell) => ({
    cell,
    text: `${cell.workload} ${cell.key}`,
    weight: estimateMs([cell], all),
  }));
  const rows: RowResult[] = [];
  for (const { cell } of progress.steps(steps)) {
    const some = running.filter(({ contender }) => runs(contender, cell));
    const runners = some.map((one) => runnerOf(one, cell, tool));
    const measured = await measureCell(cell, runners, random, (failure) => failures.push(failure));
    rows.push(...measured.map(summarize));
  }
  return rows;
}

function runnerOf({ contender, remote }: RunningContender, cell: Cell, tool: SyscallTool | undefined): Runner {
  const rounds = roundsOf(contender, cell);
  if (cell.kind === "start") return coldRunner(contender.id, rounds);
  return remoteRunner(contender.id, rounds, remote, tool);
}
