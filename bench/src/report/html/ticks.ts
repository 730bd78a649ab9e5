/** A rate at a tick of an axis: `10 k`, `2 M`. */
export function tickRate(value: number): string {
  if (value >= 1e6) return `${short(value / 1e6)} M`;
  return value >= 1e3 ? `${short(value / 1e3)} k` : short(value);
}

/** Nanoseconds at a tick of an axis: `500 ns`, `10 µs`. */
export function tickDuration(ns: number): string {
  if (ns < 1e3) return `${short(ns)} ns`;
  if (ns < 1e6) return `${short(ns / 1e3)} µs`;
  return ns < 1e9 ? `${short(ns / 1e6)} ms` : `${short(ns / 1e9)} s`;
}

/** A number as briefly as it can be said, without an exponent. */
export function short(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
