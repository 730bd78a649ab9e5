import type { Session } from "./contender.js";
import { latencyHistogram, wholeNs } from "./latency.js";
import type { RoundResult } from "./round.js";

const NS_PER_MS = 1e6;

/** What Go calls in W11, the same function for every contender; Go compares each answer. */
export async function double(number: number): Promise<number> {
  return 2 * number + 1;
}

/** Has Go make `count` calls with `inFlight` of them under way at any time, a goroutine each. The clock is Go's. */
export async function runCallBack({ callBack }: Session, count: number, inFlight: number): Promise<RoundResult> {
  if (!callBack) throw new Error("left out: it offers no calls from Go");
  const [took = 0, ...timed] = Array.from(await callBack(count, inFlight));
  const latencies = () => {
    const histogram = latencyHistogram();
    for (const ns of timed) histogram.recordValue(wholeNs(ns));
    return histogram;
  };
  return { calls: count, milliseconds: took / NS_PER_MS, latencies };
}
