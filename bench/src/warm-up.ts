import { isDeepStrictEqual } from "node:util";
import { plain, takeSum } from "./answers.js";
import type { Session } from "./contender.js";
import type { Measurement } from "./measure.js";
import { payload } from "./request.js";
import { boundCall } from "./round.js";
import type { Cell } from "./workloads.js";

const CALLS_MIN = 20;

/** The lanes make at least so many calls beyond their first, or one more each if they are fewer. */
const FURTHER_CALLS_MIN = 1000;

/**
 * A round of a slow contender must not end before all lanes were busy, whatever its length comes to. Payloads are the
 * exception: eight of 16 MiB are enough.
 */
export function callsMin({ bytes, inFlight }: Cell): number {
  return bytes > 0 ? inFlight : Math.max(CALLS_MIN, inFlight + Math.min(inFlight, FURTHER_CALLS_MIN));
}

/** A first attempt that takes longer than so many rounds has warmed up what there is: no other is made. */
export const WHOLE_ROUNDS = 2;

/**
 * A contender whose shortest round takes longer than so many rounds, and than so many milliseconds, is too slow for a
 * payload: what it would say, smaller ones have said.
 */
const SLOW_ROUNDS = 4;
const SLOW_MS = 1000;

/** Finds how many calls fill a round, which warms everything up on the way, and makes one whole round more. */
export async function warmUp(cell: Cell, measure: (count: number) => Promise<Measurement>): Promise<number> {
  const least = callsMin(cell);
  let count = least;
  for (;;) {
    const { milliseconds, callsPerSecond } = await measure(count);
    const wanted = Math.ceil((callsPerSecond * cell.roundMs) / 1000);
    if (count === least && milliseconds > WHOLE_ROUNDS * cell.roundMs) {
      if (cell.bytes > 0 && milliseconds > Math.max(SLOW_MS, SLOW_ROUNDS * cell.roundMs)) {
        throw new Error(`left out: ${count} calls take ${(milliseconds / 1000).toFixed(2)} s, too slow to go on`);
      }
      return least;
    }
    if (milliseconds > cell.roundMs / 2) {
      const round = await measure(Math.max(least, wanted));
      return Math.max(least, Math.ceil((round.callsPerSecond * cell.roundMs) / 1000));
    }
    // A round too short says little about the rate: come nearer in steps.
    count = Math.max(2 * count, Math.min(wanted, 10 * count));
  }
}

/** Before a payload is timed its answer is compared, which W12 does in every call: sizes that `answers.ts` does not ask for are among them. */
export async function checkPayload({ calls }: Session, cell: Cell): Promise<void> {
  if (!calls || cell.bytes === 0 || cell.kind === "lease") return;
  const bytes = payload(cell.bytes);
  const answer = await boundCall(calls, cell)();
  const right =
    cell.call === "take" ? answer === takeSum(bytes) : isDeepStrictEqual(plain(answer as Uint8Array), bytes);
  if (!right) throw new Error("a wrong answer");
}
