import { judgeAims } from "./aims.js";
import type { Contender, WorkloadId } from "./contender.js";
import { FULL, QUICK } from "./effort.js";
import { MachineWatch } from "./machine.js";
import { measureMicro } from "./micro.js";
import { Remote } from "./remote.js";
import { Progress } from "./report/progress.js";
import { RESULTS_VERSION, type Results, type RowResult, titles } from "./results.js";
import { coldRunner, type Failure, measureCell, type Runner, remoteRunner } from "./rounds.js";
import { estimateMs, leftOut, roundsOf, runs, type Schedule, schedule, scheduled } from "./schedule.js";
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
  const planned = schedule(plan.quick ? QUICK : FULL, plan.workloads, contenders, plan.rounds);
  const running = await start(scheduled(contenders, planned), failures, progress);
  const startSeconds = (Date.now() - startedAt.getTime()) / 1000;
  try {
    // Builds are over: from here on, CPU time that is not ours is somebody else's.
    const watch = new MachineWatch(running.flatMap(({ remote }) => remote.pids));
    progress.say("measuring the floor");
    const micro = await measureMicro(MICRO_MS);
    const tool = await findSyscallTool();
    const all = running.map(({ contender }) => contender);
    const seconds = estimateMs(planned.cells, all) / 1000;
    progress.line(
      `Builds and answers took ${Math.ceil(startSeconds)} s. About ${Math.ceil(seconds)} s more for ${planned.cells.length} cells and ${all.length} contenders, in rounds of ${Math.round(planned.roundMs)} ms; longer on a busy machine.`,
    );
    failures.push(...plan.contenders.flatMap((contender) => leftOut(contender, planned.cells, plan.workloads)));
    const counter = typeof tool === "string" ? undefined : tool;
    const rows = await measureAll(plan.seed, planned, running, failures, progress, counter);
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

/**
 * Builds and opens the contenders, and keeps those whose answers are right. One is built while those before it open and
 * answer; a failure of one is its own.
 */
async function start(
  contenders: readonly Contender[],
  failures: Failure[],
  progress: Progress,
): Promise<RunningContender[]> {
  const failed = (contender: Contender, error: unknown): undefined => {
    failures.push({ contender: contender.id, reason: error instanceof Error ? error.message : String(error) });
  };
  const opening: Promise<RunningContender | undefined>[] = [];
  for (const contender of contenders) {
    try {
      progress.say(`building ${contender.title}`);
      await contender.build();
      opening.push(open(contender).catch((error: unknown) => failed(contender, error)));
    } catch (error) {
      failed(contender, error);
    }
  }
  progress.say("comparing answers");
  return (await Promise.all(opening)).filter((one) => one !== undefined);
}

async function open(contender: Contender): Promise<RunningContender> {
  const remote = new Remote(contender.id);
  try {
    await remote.open();
    const wrong = await remote.ask({ op: "answers" });
    if (wrong.length > 0) throw new Error(`wrong answers: ${wrong.slice(0, 3).join("; ")}`);
    return { contender, remote };
  } catch (error) {
    await remote.close();
    throw error;
  }
}

async function measureAll(
  seed: number,
  { cells: all }: Schedule,
  running: readonly RunningContender[],
  failures: Failure[],
  progress: Progress,
  tool: SyscallTool | undefined,
): Promise<RowResult[]> {
  const random = seededRandom(seed);
  const contenders = running.map(({ contender }) => contender);
  const steps = all.map((cell) => ({
    cell,
    text: `${cell.workload} ${cell.key}`,
    weight: estimateMs([cell], contenders),
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
