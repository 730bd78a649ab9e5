import type { Place } from "../raw/index.js";
import type { Wait } from "../wait/spin.js";
import type { Host } from "./end.js";
import { placeOf, type Shape } from "./memory.js";

export interface EndOptions {
  /** How this end waits; `"adaptive"` unless said otherwise. */
  readonly wait?: Wait;
}

/** What a queue holds, entries or messages: how its two ends are made. */
export interface Contents<P, C> {
  producer(memory: SharedArrayBuffer, place: Place, host: Host, wait: Wait): P;
  consumer(memory: SharedArrayBuffer, place: Place, host: Host, wait: Wait): C;
}

/** A queue in memory of either kind, of entries or of messages: it gives out the two roles. */
export abstract class Queue<P, C> {
  /** Entries, or bytes of messages: a power of two. */
  readonly capacity: number;

  protected constructor(
    /** The whole queue. */
    readonly memory: SharedArrayBuffer,
    private readonly shape: Shape,
    private readonly contents: Contents<P, C>,
    /** How its ends sleep, and who takes the roles. */
    private readonly host: () => Host,
  ) {
    this.capacity = shape.capacity;
  }

  /**
   * Takes the producer's role, for this thread and for good.
   *
   * @throws {RoleTakenError}
   */
  producer({ wait = "adaptive" }: EndOptions = {}): P {
    return this.contents.producer(this.memory, placeOf(this.shape), this.host(), wait);
  }

  /**
   * Takes the consumer's role, for this thread and for good.
   *
   * @throws {RoleTakenError}
   */
  consumer({ wait = "adaptive" }: EndOptions = {}): C {
    return this.contents.consumer(this.memory, placeOf(this.shape), this.host(), wait);
  }
}
