import { mean, pairedRatio, type Ratio, t99 } from "../statistics.js";

/** What was measured by one pair of processes, round by round. */
export interface Block {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

export type Verdict = "greater" | "less" | "can't tell";

/**
 * How much greater a measure is here than there, from several pairs of processes. A process keeps what chance gave it
 * (addresses, what the compiler saw first), so its rounds are not independent of each other: they are taken together,
 * and the interval of 99 % comes from what differs between pairs.
 */
export function blockedRatio(blocks: readonly Block[]): Ratio {
  return pairedRatio(
    blocks.map(({ ours }) => geometricMean(ours)),
    blocks.map(({ theirs }) => geometricMean(theirs)),
    t99,
  );
}

/** What an interval lets us say. */
export function judge({ low, high }: Ratio): Verdict {
  if (low > 1) return "greater";
  if (high < 1) return "less";
  return "can't tell";
}

function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("a block without rounds");
  return Math.exp(mean(values.map(Math.log)));
}
