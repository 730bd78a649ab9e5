/** An axis with equal steps for equal factors. */
export interface LogAxis {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** How much of the axis stays free beyond the data at either end, as a factor. */
const MARGIN = 1.25;
/**
 * An axis covers at least this factor, or small differences would look large. From 2 to 10 there is one tick between: with
 * less than 5 an axis might have no other.
 */
const SPAN_MIN = 5;
/** From this many powers of ten on, only they are marked. */
const DECADES_ONLY = 2.5;

/** Ends of an axis that hold all values. */
export function logDomain(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [1, 10];
  const low = Math.min(...positive) / MARGIN;
  const high = Math.max(...positive) * MARGIN;
  const widen = Math.max(1, Math.sqrt(SPAN_MIN / (high / low)));
  return [low / widen, high * widen];
}

/** Powers of ten inside a domain, with 2 and 5 between them where that leaves room. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const steps = Math.log10(high / low) >= DECADES_ONLY ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.log10(high); exponent++) {
    for (const step of steps) ticks.push(Number(`${step}e${exponent}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Where a value lies on an axis: 0 at its beginning, 1 at its end. */
export function logPosition([low, high]: readonly [number, number], value: number): number {
  return Math.log(value / low) / Math.log(high / low);
}

/** The value at a position, also beyond the ends. */
export function logValue([low, high]: readonly [number, number], position: number): number {
  return low * (high / low) ** position;
}

/**
 * Moves positions apart until each is `gap` from the next, with the least movement in all, inside 0 to `length`. The
 * order stays. (Isotonic regression of the positions less the room that those before them need.)
 */
export function spread(positions: readonly number[], gap: number, length: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => (positions[a] as number) - (positions[b] as number));
  const blocks: { sum: number; count: number }[] = [];
  for (const [rank, i] of order.entries()) {
    let block = { sum: (positions[i] as number) - rank * gap, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const room = Math.max(0, length - (positions.length - 1) * gap);
  const anchors = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(clamp(sum / count, 0, room)));
  const result = Array<number>(positions.length);
  for (const [rank, i] of order.entries()) result[i] = (anchors[rank] as number) + rank * gap;
  return result;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
