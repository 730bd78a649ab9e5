import type { ColdStart } from "./cold/start.js";
import type { Session } from "./contender.js";
import { cpuTime } from "./cpu.js";
import { countGarbage, type Garbage } from "./garbage.js";
import { encodeHistogram } from "./latency.js";
import { type LoopDelay, watchLoopDelay } from "./loop-delay.js";
import { type Peak, watchPeak } from "./peak.js";
import { type RoundResult, runRound } from "./round.js";
import type { Cell } from "./workloads.js";

/** What one round of one contender in one cell gave. */
export interface Measurement extends Latencies {
  readonly calls: number;
  readonly milliseconds: number;
  readonly callsPerSecond: number;
  /** CPU microseconds a call, of both sides together. */
  readonly cpuPerCall: number;
  /** The part of it that was spent outside Node's process. */
  readonly cpuPerCallChild: number;
  readonly peak?: Peak;
  readonly loopDelay?: LoopDelay;
  /** W6: the same calls just before, without long ones among them. */
  readonly alone?: Latencies;
  readonly start?: ColdStart;
}

/** The latencies of one round, where they were recorded. */
export interface Latencies {
  /** In nanoseconds, as hdr-histogram-js encodes them. */
  readonly latencies?: string;
  /** The median latency in nanoseconds, and the 99th percentile. */
  readonly p50?: number;
  readonly p99?: number;
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
  return { ...mix, milliseconds: alone.milliseconds + mix.milliseconds, alone: summary(alone) };
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
    calls: round.calls,
    milliseconds: round.milliseconds,
    ...summary(round),
    callsPerSecond: (round.calls / round.milliseconds) * 1000,
    cpuPerCall: (after.node - before.node + child) / round.calls,
    cpuPerCallChild: child / round.calls,
    peak: peak.read(),
    ...(loopDelay ? { loopDelay } : {}),
  };
}

function summary({ latencies }: RoundResult): Latencies {
  if (!latencies) return {};
  const histogram = latencies();
  return {
    latencies: encodeHistogram(histogram),
    p50: histogram.getValueAtPercentile(50),
    p99: histogram.getValueAtPercentile(99),
  };
}

/** Runs one round in which garbage is counted; whoever asks may count system calls meanwhile. */
export async function observe(session: Session, cell: Cell, count: number): Promise<Observation> {
  const garbage = await countGarbage(session.calls, () => runRound(session, { ...cell, sampled: false }, count));
  return { calls: count, garbage };
}
