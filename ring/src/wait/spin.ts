import { RingError } from "../errors.js";
import { block } from "./block.js";

/**
 * How an end waits: `"sleep"` goes to sleep at once; `"adaptive"` (the default) looks again for some microseconds first,
 * where that has paid off lately; a number looks again for so many microseconds; `"spin"` never sleeps, and uses a
 * processor for as long as it waits; what blocks the thread yields after each budget. On one processor nothing but `"spin"` spins.
 */
export type Wait = "sleep" | "adaptive" | "spin" | number;

/** Budget of the adaptive mode in microseconds: about what two wake-ups by the kernel cost. */
const ADAPTIVE_US = 50;
/** The longest time in microseconds for which a spin may hold the event loop. */
const SPIN_US_MAX = 1_000_000;
const CREDIT_MAX = 16;
const MISS_PENALTY = 4;
/** Without credit, one wait in so many is preceded by a spin all the same, to notice that times have changed. */
const PROBE_EVERY = 64;
/** Looks between two looks at the clock, which costs as much as many of them. */
const LOOKS = 64;

// Where there is a `process`, it is Node, Bun or Deno; elsewhere a browser, which TypeScript is not told of here.
const host = globalThis as {
  process?: { getBuiltinModule?(name: string): { availableParallelism(): number } };
  navigator?: { hardwareConcurrency?: number };
};
const processors =
  host.process?.getBuiltinModule?.("node:os").availableParallelism() ?? host.navigator?.hardwareConcurrency ?? 1;
// Node 24 and browsers of its age. It leaves the cache line to the peer.
const pause = (Atomics as { pause?: () => void }).pause ?? (() => {});

/** A word that nobody notifies. */
const NOBODY = new Int32Array(typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(4) : new SharedArrayBuffer(4));

/**
 * Lets another thread run, where more of them want to than there are processors: waits a microsecond for nothing. Two ends
 * that only spin would take turns by whole time slices otherwise. Only for threads that may block.
 */
export function giveProcessorAway(): void {
  block(NOBODY, 0, 0, 0.001);
}

/** Looks again before an end goes to sleep. */
export class Spin {
  /** Never sleep. */
  readonly forEver: boolean;
  private readonly budgetMs: number;
  private readonly adaptive: boolean;
  private credit = CREDIT_MAX / 2;
  private sinceProbe = 0;

  /** @throws {RingError} `ERR_RING_INVALID_OPTION` */
  constructor(wait: Wait) {
    const us = wait === "sleep" ? 0 : wait === "adaptive" || wait === "spin" ? ADAPTIVE_US : wait;
    if (typeof us !== "number" || !(us >= 0 && us <= SPIN_US_MAX)) {
      throw new RingError(
        "ERR_RING_INVALID_OPTION",
        `wait must be "sleep", "adaptive", "spin" or microseconds from 0 to ${SPIN_US_MAX}, got ${String(wait)}`,
      );
    }
    this.forEver = wait === "spin";
    this.adaptive = wait === "adaptive";
    // On one processor the peer cannot run while this thread spins.
    this.budgetMs = processors > 1 || this.forEver ? us / 1000 : 0;
  }

  /** Looks again for a while; true as soon as `done` is. Blocks the thread for no longer than the budget. */
  until(done: () => boolean): boolean {
    if (this.budgetMs === 0 || (this.adaptive && this.credit <= 0 && ++this.sinceProbe < PROBE_EVERY)) return false;
    this.sinceProbe = 0;
    const end = performance.now() + this.budgetMs;
    do {
      for (let i = 0; i < LOOKS; i++) {
        if (done()) {
          // A hit after many misses gives credit at once: somebody else had the processor, and it is back.
          this.credit = Math.max(Math.min(this.credit + 1, CREDIT_MAX), CREDIT_MAX / 2);
          return true;
        }
        pause();
      }
    } while (performance.now() < end);
    this.credit = Math.max(this.credit - MISS_PENALTY, -MISS_PENALTY);
    return false;
  }
}
