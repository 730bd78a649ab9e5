import type { End, How, Queue } from "../conformance/ends.mjs";

export interface SoakOptions {
  /** How many entries are to be delivered. */
  readonly entries: number;
  readonly producer: (queue: Queue, how: How) => End;
  readonly consumer: (queue: Queue, how: How) => End;
  /** Whether ends are killed at random, and not only stopped for a while. */
  readonly faults?: boolean;
  /** No round begins after so many seconds. */
  readonly seconds?: number;
}

/**
 * Pushes numbered entries through queues of all sizes, one after the other, each with a pair of processes of its own. At
 * random moments one of them is stopped for some milliseconds. With faults one is killed: then everything that was
 * published has to be read, or to lie in the queue, in order and once; a fresh queue and pair go on from there.
 */
export class Soak {
  constructor(options: SoakOptions);
  /** Resolves when all are delivered, or the time is over. Rejects as soon as one is lost, doubled or out of order. */
  run(): Promise<void>;
  /** Entries delivered in rounds that are over. */
  readonly delivered: number;
  /** The same, and those of the present round. */
  readonly now: number;
  readonly rounds: number;
  readonly pauses: number;
  readonly producersKilled: number;
  readonly consumersKilled: number;
  /** Entries that dead consumers had not given back: they went through the next queue. */
  readonly leftByTheDead: number;
}
