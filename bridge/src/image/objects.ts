/**
 * What counts as a map, a set, a date, an object with any keys: the encoders and the explainer ask the same questions.
 */

/** The last millisecond that a Date can hold, and with a minus the first. */
export const DATE_MAX = 8.64e15;

/** The nanoseconds in a millisecond. */
export const NANOSECONDS = 1e6;

export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map;
}

export function isSet(value: unknown): value is ReadonlySet<unknown> {
  return value instanceof Set;
}

export function isDate(value: unknown): value is Date {
  return value instanceof Date && isInRange(value);
}

function isInRange(date: Date): boolean {
  try {
    return !Number.isNaN(date.getTime());
  } catch {
    // Made with the prototype alone: no date.
    return false;
  }
}

/**
 * An object whose own properties are entries. A Map, a Date or a Promise has none, and would silently be an empty
 * record.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && Object.prototype.toString.call(value) === "[object Object]";
}

/** Milliseconds that fit Go's Duration. */
export function isDuration(value: unknown): value is number {
  return typeof value === "number" && BigInt.asIntN(64, nanoseconds(value) ?? 1n << 64n) === nanoseconds(value);
}

/** Milliseconds as whole nanoseconds, rounded; undefined where there are none. */
export function nanoseconds(ms: number): bigint | undefined {
  if (!Number.isFinite(ms)) return undefined;
  // The fraction alone is multiplied: the product of a large number would lose its last digits.
  const whole = Math.trunc(ms);
  return BigInt(whole) * BigInt(NANOSECONDS) + BigInt(Math.round((ms - whole) * NANOSECONDS));
}
