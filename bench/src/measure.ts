import type { Histogram } from "hdr-histogram-js";
import type { Session } from "./contender.js";
import { cpuTime } from "./cpu.js";
import { runInFlight, runOneAtATime } from "./driver.js";
import { encodeHistogram, latencyHistogram, wholeNs } from "./latency.js";
import { demoRequest, payload } from "./request.js";
import type { CallName, Cell } from "./workloads.js";

/** What one round of one contender in one cell gave. */
export interface Measurement {
  readonly calls: number;
  readonly milliseconds: number;
  readonly callsPerSecond: number;
  /** CPU microseconds a call, of both sides together. */
  readonly cpuPerCall: number;
  /** The part of it that was spent outside Node's process. */
  readonly cpuPerCallChild: number;
  /** The latencies in nanoseconds, as hdr-histogram-js encodes them. */
  readonly latencies?: string;
  /** The median latency in nanoseconds. */
  readonly p50?: number;
}

const CALLS_MIN = 20;

/** The lanes make at least so many calls beyond their first, or one more each if they are fewer. */
const FURTHER_CALLS_MIN = 1000;

/** A round of a slow contender must not end before all lanes were busy, whatever its length comes to. */
function callsMin({ inFlight }: Cell): number {
  return Math.max(CALLS_MIN, inFlight + Math.min(inFlight, FURTHER_CALLS_MIN));
}

/** Finds how many calls fill a round, which warms everything up on the way, and makes one whole round more. */
export async function warmUp(session: Session, cell: Cell): Promise<number> {
  let count = callsMin(cell);
  for (;;) {
    const { milliseconds, callsPerSecond } = await measure(session, cell, count);
    const wanted = Math.ceil((callsPerSecond * cell.roundMs) / 1000);
    if (milliseconds > cell.roundMs / 2) {
      const round = await measure(session, cell, Math.max(callsMin(cell), wanted));
      return Math.max(callsMin(cell), Math.ceil((round.callsPerSecond * cell.roundMs) / 1000));
    }
    // A round too short says little about the rate: come nearer in steps.
    count = Math.max(2 * count, Math.min(wanted, 10 * count));
  }
}

/** Runs one round: `count` calls of a cell. */
export async function measure(session: Session, cell: Cell, count: number): Promise<Measurement> {
  const call = cellCall(session, cell);
  const histogram = cell.latency ? latencyHistogram() : undefined;
  const before = cpuTime(session.childPid);
  const milliseconds = histogram
    ? await latencyRound(session, call, count, histogram)
    : await runInFlight(call, count, cell.inFlight);
  const after = cpuTime(session.childPid);
  const child = after.child - before.child;
  return {
    calls: count,
    milliseconds,
    callsPerSecond: (count / milliseconds) * 1000,
    cpuPerCall: (after.node - before.node + child) / count,
    cpuPerCallChild: child / count,
    ...(histogram ? { latencies: encodeHistogram(histogram), p50: histogram.getValueAtPercentile(50) } : {}),
  };
}

async function latencyRound(
  session: Session,
  call: () => Promise<unknown>,
  count: number,
  histogram: Histogram,
): Promise<number> {
  if (!session.roundTrips) return runOneAtATime(call, count, histogram);
  const start = performance.now();
  const trips = await session.roundTrips(count);
  const milliseconds = performance.now() - start;
  for (const ns of trips) histogram.recordValue(wholeNs(ns));
  return milliseconds;
}

/** The call of a cell with its argument bound; the argument is the same object every time, for every contender. */
function cellCall(session: Session, cell: Cell): () => Promise<unknown> {
  const { calls } = session;
  if (!calls) return () => Promise.reject(new Error("this row measures no calls"));
  const request = demoRequest();
  const bytes = payload(cell.bytes);
  const bound: Record<CallName, () => Promise<unknown>> = {
    check: () => calls.check(request),
    checkSlowly: () => calls.checkSlowly(request),
    take: () => calls.take(bytes),
    give: () => calls.give(cell.bytes),
    echo: () => calls.echo(bytes),
  };
  return bound[cell.call];
}
