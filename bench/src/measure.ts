import type { ColdStart } from "./cold/start.js";
import type { Session } from "./contender.js";
import { cpuTime } from "./cpu.js";
import { countGarbage, type Garbage } from "./garbage.js";
import { type LoopDelay, watchLoopDelay } from "./loop-delay.js";
import { type Peak, watchPeak } from "./peak.js";
import { type RoundResult, runRound } from "./round.js";
import type { Cell } from "./workloads.js";

/** What one round of one contender in one cell gave. */
export interface Measurement extends RoundResult {
  readonly callsPerSecond: number;
  /** CPU microseconds a call, of both sides together. */
  readonly cpuPerCall: number;
  /** The part of it that was spent outside Node's process. */
  readonly cpuPerCallChild: number;
  readonly peak?: Peak;
  readonly loopDelay?: LoopDelay;
  /** W6: the same calls just before, without long ones among them. */
  readonly alone?: RoundResult;
  readonly start?: ColdStart;
}

/** What a round that does not count showed: it was looked at too closely for a clock. */
export interface Observation {
  readonly calls: number;
  readonly garbage: Garbage;
}

/** Runs one round: `count` calls of a cell. */
export async function measure(session: Session, cell: Cell, count: number): Promise<Measurement> {
  const children = session.childPid === undefined ? [] : [session.childPid];
  if (cell.kind !== "mix") return measureRun(children, cell, () => runRound(session, cell, count));
  const { kind: _, ...quick } = cell;
  const half = Math.ceil(count / 2);
  const alone = await runRound(session, quick, half);
  const mix = await measureRun(children, cell, () => runRound(session, cell, half));
  return { ...mix, milliseconds: alone.milliseconds + mix.milliseconds, alone };
}

/** Runs something that makes calls and measures what it cost. */
export async function measureRun(
  children: readonly number[],
  cell: Cell,
  run: () => Promise<RoundResult>,
): Promise<Measurement> {
  const peak = watchPeak(children);
  const loop = cell.kind === "loop" ? watchLoopDelay() : undefined;
  const before = cpuTime(children);
  const round = await run();
  const after = cpuTime(children);
  const loopDelay = loop?.read();
  const child = after.child - before.child;
  return {
    ...round,
    callsPerSecond: (round.calls / round.milliseconds) * 1000,
    cpuPerCall: (after.node - before.node + child) / round.calls,
    cpuPerCallChild: child / round.calls,
    peak: peak.read(),
    ...(loopDelay ? { loopDelay } : {}),
  };
}

/** Runs one round in which garbage is counted; whoever asks may count system calls meanwhile. */
export async function observe(session: Session, cell: Cell, count: number): Promise<Observation> {
  const garbage = await countGarbage(session.calls, () => runRound(session, { ...cell, sampled: false }, count));
  return { calls: count, garbage };
}
