import * as L from "../layout.js";
import { block } from "./block.js";
import type { Sleeper } from "./sleeper.js";

// ES2024 has this; the declarations that this package is checked with are older.
declare global {
  interface Atomics {
    waitAsync(
      words: Int32Array,
      index: number,
      value: number,
    ): { async: false; value: "not-equal" | "timed-out" } | { async: true; value: Promise<"ok" | "timed-out"> };
  }
}

/** Longest delay of a timer in milliseconds: for keeping an event loop alive. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Sleeps between the threads of one process, without an addon: waits on the own flag's word for as long as it is 1, and
 * wakes by `Atomics.notify`. So an exchange of the flag that comes between the last look and the wait ends the wait
 * itself. Works in browser workers too; only `sleepSync` does not on a browser's main thread.
 */
export class NotifySleeper implements Sleeper {
  private readonly own: number;
  private readonly other: number;
  /** A wait that has not ended: it is used again, since it cannot be taken back. */
  private waiting = false;
  private keepAlive: ReturnType<typeof setInterval> | undefined;
  private readonly words: Int32Array;
  peerDied = false;

  constructor(
    memory: SharedArrayBuffer,
    role: "producer" | "consumer",
    private readonly onWake: () => void,
  ) {
    this.words = new Int32Array(memory, 0, L.DATA >>> 2);
    const flags = [L.WORD_SPACE >>> 2, L.WORD_SLEEPING >>> 2] as const;
    [this.own, this.other] = role === "producer" ? flags : [flags[1], flags[0]];
  }

  ring(): void {
    // After the exchange of the flag: who waits for it to change finds it changed.
    Atomics.notify(this.words, this.other);
  }

  sleep(): boolean {
    if (!this.waiting) {
      const wait = Atomics.waitAsync(this.words, this.own, 1);
      if (!wait.async) return false;
      this.waiting = true;
      wait.value.then(() => {
        this.waiting = false;
        this.stop();
        this.onWake();
      });
    }
    // A pending waitAsync does not keep Node alive.
    this.keepAlive ??= setInterval(() => {}, FOR_EVER_MS);
    return true;
  }

  stop(): void {
    clearInterval(this.keepAlive);
    this.keepAlive = undefined;
  }

  /** @throws {RingError} `ERR_RING_MISUSE` where a thread must not block. */
  sleepSync(timeoutMs: number): void {
    block(this.words, this.own, 1, timeoutMs);
  }

  // Nobody says so but a call of `peerDied()`.
  look(): void {}

  close(): void {
    this.stop();
  }
}
