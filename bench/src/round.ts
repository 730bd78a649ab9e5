import type { Histogram } from "hdr-histogram-js";
import { runCallBack } from "./callback.js";
import type { Calls, Session } from "./contender.js";
import { type Call, runInFlight, runMix, runOneAtATime } from "./driver.js";
import { latencyHistogram, wholeNs } from "./latency.js";
import { leaseCall } from "./leases.js";
import { demoRequest, payload } from "./request.js";
import { Sampler } from "./sampling.js";
import { runFlow } from "./streams.js";
import type { CallName, Cell, NoCall } from "./workloads.js";

/** What the calls of one round gave. */
export interface RoundResult {
  readonly calls: number;
  readonly milliseconds: number;
  /** Gives the latencies; asked for when no clock runs any more. */
  readonly latencies?: () => Histogram;
}

/** Makes `count` calls of a cell. */
export async function runRound(session: Session, cell: Cell, count: number): Promise<RoundResult> {
  const { calls } = session;
  if (cell.flow !== undefined) return runFlow(session.streams, cell.flow, count);
  if (cell.kind === "callback") return runCallBack(session, count, cell.inFlight);
  if (cell.moved !== undefined && !cell.latency) {
    if (!session.move) throw new Error("left out: it is no queue");
    return { calls: count, milliseconds: await session.move(cell.moved, count) };
  }
  if (cell.latency) {
    const latencies = latencyHistogram();
    const milliseconds = session.roundTrips
      ? await roundTrips(session.roundTrips, count, latencies)
      : await runOneAtATime(boundCall(calls, cell), count, latencies);
    return { calls: count, milliseconds, latencies: () => latencies };
  }
  const call = cell.way === undefined ? boundCall(calls, cell) : leaseCall(session.leases, cell.way, cell.bytes);
  if (!cell.sampled) return { calls: count, milliseconds: await runInFlight(call, count, cell.inFlight) };
  const sampler = new Sampler(count);
  const milliseconds =
    cell.kind === "mix"
      ? await runMix(call, longCall(calls), count, cell.inFlight, sampler)
      : await runInFlight(call, count, cell.inFlight, sampler);
  return { calls: count, milliseconds, latencies: () => sampler.histogram() };
}

/** The call of a cell with its argument bound; the argument is the same object every time, for every contender. */
export function boundCall(calls: Calls | undefined, cell: Cell): Call {
  if (!calls) return () => Promise.reject(new Error("this row measures no calls"));
  const request = demoRequest();
  const bytes = payload(cell.bytes);
  const bound: Record<CallName | NoCall, Call> = {
    move: () => missing("move"),
    stream: () => missing("stream"),
    double: () => missing("double"),
    lease: () => missing("lease"),
    check: () => calls.check(request),
    checkSlowly: () => calls.checkSlowly(request),
    checkBusy: () => calls.checkBusy?.(request) ?? missing("checkBusy"),
    take: () => calls.take(bytes),
    give: () => calls.give(cell.bytes),
    echo: () => calls.echo(bytes),
  };
  return bound[cell.call];
}

function longCall(calls: Calls | undefined): Call {
  const request = demoRequest();
  return () => calls?.checkLong?.(request) ?? missing("checkLong");
}

function missing(name: string): Promise<never> {
  return Promise.reject(new Error(`left out: it offers no ${name}`));
}

async function roundTrips(
  run: NonNullable<Session["roundTrips"]>,
  count: number,
  histogram: Histogram,
): Promise<number> {
  const start = performance.now();
  const trips = await run(count);
  const milliseconds = performance.now() - start;
  for (const ns of trips) histogram.recordValue(wholeNs(ns));
  return milliseconds;
}
