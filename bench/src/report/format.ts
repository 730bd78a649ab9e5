const SECOND_NS = 1e9;

/** A rate with three digits that matter: `4.89 M`, `17.8 k`. */
export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${digits(perSecond / 1e6)} M`;
  if (perSecond >= 1e3) return `${digits(perSecond / 1e3)} k`;
  return digits(perSecond);
}

/** A time in the unit that suits it. */
export function duration(ns: number): string {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${digits(ns / 1e3)} µs`;
  if (ns < SECOND_NS) return `${digits(ns / 1e6)} ms`;
  return `${digits(ns / SECOND_NS)} s`;
}

/** A size as a reader says it: `64 KiB`. */
export function size(bytes: number): string {
  if (bytes >= 1 << 20) return `${bytes / (1 << 20)} MiB`;
  if (bytes >= 1 << 10) return `${bytes / (1 << 10)} KiB`;
  return `${bytes} B`;
}

/** Three digits that matter, or two of a small number. */
export function digits(value: number): string {
  if (value > 0 && value < 0.1) return value.toPrecision(2);
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
