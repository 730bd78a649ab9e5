import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, wholeNs } from "./latency.js";

const NS_PER_MS = 1e6;

/** Timed calls a round, at most: each reads the clock twice, which together is a thousandth or two of a short round. */
const SAMPLES_MAX = 2000;

/**
 * One in how many calls is timed. A prime, so that with a power of two in flight it is not always the same place in a
 * batch.
 */
export function sampleEvery(count: number): number {
  let every = Math.ceil(count / SAMPLES_MAX);
  while (!isPrime(every)) every++;
  return every;
}

/** Keeps how long some of the calls took. They go to a histogram later: that costs more than reading the clock. */
export class Sampler {
  readonly every: number;
  readonly #times: Float64Array;
  #used = 0;

  constructor(count: number, every = sampleEvery(count)) {
    this.every = every;
    this.#times = new Float64Array(Math.ceil(count / every));
  }

  add(milliseconds: number): void {
    this.#times[this.#used++] = milliseconds;
  }

  histogram(): Histogram {
    const latencies = latencyHistogram();
    for (const milliseconds of this.#times.subarray(0, this.#used)) {
      latencies.recordValue(wholeNs(milliseconds * NS_PER_MS));
    }
    return latencies;
  }
}

/** Few calls are all timed: one counts as prime here. */
function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return true;
}
