/** Two-sided 95 % quantiles of Student's t by degrees of freedom, from 1; beyond the last, the normal one is near. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL_95 = 1.96;

/** The same for 99 %: where many cells are judged at once, one in twenty would be a false alarm too often. */
const T_99 = [
  63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898,
  2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
];
const NORMAL_99 = 2.576;

/** A ratio with its confidence interval, of 95 % unless said. */
export interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/**
 * How much greater `ours` is than `theirs`, from paired rounds: the t-interval of the mean logarithm, so that twice as
 * fast and twice as slow weigh the same. One round gives no interval.
 */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
  quantile: (degreesOfFreedom: number) => number = t95,
): Ratio {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  if (ours.length === 0) throw new RangeError("no rounds");
  const logs = ours.map((value, i) => Math.log(value / (theirs[i] as number)));
  const center = mean(logs);
  const margin = logs.length < 2 ? Number.POSITIVE_INFINITY : quantile(logs.length - 1) * standardError(logs);
  return {
    ratio: Math.exp(center),
    low: Math.exp(center - margin),
    high: Math.exp(center + margin),
    rounds: logs.length,
  };
}

export function t95(degreesOfFreedom: number): number {
  return T_95[degreesOfFreedom - 1] ?? NORMAL_95;
}

export function t99(degreesOfFreedom: number): number {
  return T_99[degreesOfFreedom - 1] ?? NORMAL_99;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function standardError(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** A random number generator that gives the same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in random order (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
