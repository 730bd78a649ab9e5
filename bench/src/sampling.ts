/** Enough timed calls a round for a percentile in the tails. */
const SAMPLES_MIN = 2000;

/** Primes, about twice as large each. The last: timing one call in 251 costs less than can be measured. */
const EVERY = [251, 127, 61, 31, 13, 7, 3];

/** One in how many calls is timed, so that a round of `count` has enough samples at the least cost. */
export function sampleEvery(count: number): number {
  return EVERY.find((every) => count / every >= SAMPLES_MIN) ?? 1;
}
