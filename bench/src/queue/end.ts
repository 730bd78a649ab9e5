import type { Kind } from "./kinds.js";

/** What an end gives at once, or later. */
export type Later<T> = T | Promise<T>;

/**
 * One end of a queue, alone in its thread or process. A producer moves `count` entries of a kind into the queue; a
 * consumer takes as many out, checks them, and gives the milliseconds from the first to the last.
 */
export interface End {
  move(kind: Kind, count: number): Later<number>;
  /**
   * `count` entries there and back, each side asleep until its entry comes. The producer begins, and gives how long each
   * trip took, in nanoseconds; the consumer sends back what it gets, and gives nothing.
   */
  trips(count: number): Later<Float64Array | undefined>;
}

export type Role = "producer" | "consumer";

/** What an end is asked, and what it answers. */
export interface Job {
  readonly kind: Kind;
  readonly count: number;
}
export type Done = { readonly ms: number } | { readonly trips: Float64Array | undefined } | { readonly error: string };

const NS_PER_MS = 1e6;

/** Does what was asked; an error is an answer. */
export async function run(end: End, { kind, count }: Job): Promise<Done> {
  try {
    return kind === "asleep" ? { trips: await end.trips(count) } : { ms: await end.move(kind, count) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Makes trips and times each of them. */
export async function timeTrips(count: number, trip: () => Promise<void>): Promise<Float64Array> {
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await trip();
    times[i] = (performance.now() - start) * NS_PER_MS;
  }
  return times;
}

/** The same for an end that blocks its thread. */
export function timeTripsSync(count: number, trip: () => void): Float64Array {
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    trip();
    times[i] = (performance.now() - start) * NS_PER_MS;
  }
  return times;
}
