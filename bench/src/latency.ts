import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  type JsHistogram,
} from "hdr-histogram-js";

/** The longest latency that a histogram can hold. */
const LATENCY_NS_MAX = 10e9;

/** A histogram of nanoseconds that keeps three digits. */
export function latencyHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: LATENCY_NS_MAX, numberOfSignificantValueDigits: 3 });
}

/** A latency as a histogram takes it: whole, and inside its range. */
export function wholeNs(ns: number): number {
  return Math.min(LATENCY_NS_MAX, Math.max(1, Math.round(ns)));
}

/** A histogram as text, to go from one process to another and into the results. */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram as JsHistogram);
}

/** What several rounds recorded, as one histogram. */
export function mergeHistograms(encoded: readonly string[]): Histogram {
  const all = latencyHistogram();
  for (const one of encoded) all.add(decodeFromCompressedBase64(one) as JsHistogram);
  return all;
}
