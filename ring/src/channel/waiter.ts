import { RingError } from "../errors.js";
import { native } from "../process/native.js";
import type { Place } from "../raw/index.js";

/** How a consumer waits: never spin, spin for so many microseconds, or spin where it has paid off lately. */
export type Spin = false | number | "adaptive";

/** Budget of the adaptive mode in microseconds. */
export const ADAPTIVE_SPIN_US = 50;
/** The longest time in microseconds for which a spin may hold the event loop. */
const SPIN_US_MAX = 1_000_000;

/** Why the callback runs: the loop saw entries, the doorbell rang, or answers are overdue. */
export const Reason = { entries: 0, doorbell: 1, tick: 2 } as const;

// The order of ring/native/waiter.cc.
const HEAD = 0;
const PENDING = 1;
const REFERENCED = 2;
const SPIN_US = 3;
const ADAPTIVE = 4;
const SLEEPS = 5;
const WAKES = 6;
const SPINS = 7;
const SPIN_HITS = 8;
const STATE_WORDS = 9;

/** What a waiter has done so far. */
export interface WaiterStats {
  /** Times that the consumer went to sleep on its doorbell. */
  readonly sleeps: number;
  /** Times that the doorbell woke the event loop. */
  readonly wakes: number;
  /** Times that it spun before it slept, and how many of those ended with an entry. */
  readonly spins: number;
  readonly spinHits: number;
}

/**
 * The sleep of a consumer inside Node's event loop: hand-shake 1, steps a to d.
 *
 * The callback runs on this thread, from the event loop, whenever there may be something to read; it has to read at
 * least one entry, if there is one, and to keep {@link head} up to date; while there are more it is called again, with a
 * turn of the event loop in between every so often. While {@link pending} is above zero the event loop stays alive; at
 * zero the waiter uses no CPU and keeps nothing alive.
 */
export class Waiter {
  private readonly state = new Uint32Array(STATE_WORDS);
  private handle: { ref(): void; close(): void } | undefined;

  /** @throws {RingError} `ERR_RING_INVALID_OPTION` */
  constructor(
    buffer: SharedArrayBuffer,
    place: Place,
    doorbell: number,
    head: number,
    spin: Spin,
    callback: (reason: number) => void,
  ) {
    const us = spin === "adaptive" ? ADAPTIVE_SPIN_US : spin === false ? 0 : spin;
    if (typeof us !== "number" || !(us >= 0 && us <= SPIN_US_MAX)) {
      throw new RingError(
        "ERR_RING_INVALID_OPTION",
        `spin must be false, "adaptive" or microseconds from 0 to ${SPIN_US_MAX}, got ${us}`,
      );
    }
    this.state[HEAD] = head;
    this.state[ADAPTIVE] = spin === "adaptive" ? 1 : 0;
    // On one processor the peer cannot run while this thread spins.
    this.state[SPIN_US] = native.cpuCount() > 1 ? us : 0;
    this.handle = native.createWaiter(
      new Uint8Array(buffer),
      place.tail,
      place.sleeping,
      doorbell,
      this.state,
      callback,
    );
  }

  /** The consumer's index, after every drain. */
  set head(index: number) {
    this.state[HEAD] = index;
  }

  /** Answers expected. */
  set pending(count: number) {
    this.state[PENDING] = count;
    // The loop drops the reference itself, before it would block with nothing pending: so a program that awaits one
    // call after the other pays for it once.
    if (count !== 0 && this.state[REFERENCED] === 0) this.handle?.ref();
  }

  get stats(): WaiterStats {
    const s = this.state;
    return {
      sleeps: s[SLEEPS] as number,
      wakes: s[WAKES] as number,
      spins: s[SPINS] as number,
      spinHits: s[SPIN_HITS] as number,
    };
  }

  /** Ends the sleep for good. The callback does not run again. */
  close(): void {
    this.handle?.close();
    this.handle = undefined;
  }
}
