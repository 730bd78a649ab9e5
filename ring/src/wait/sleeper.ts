/**
 * How one end of a queue wakes the other side and sleeps itself. An end arms its flag and looks again before it sleeps;
 * after every wake it looks, and arms again: a wake with nothing to find is normal.
 */
export interface Sleeper {
  /** Wakes the other side. */
  ring(): void;
  /**
   * Begins to sleep without blocking: `onWake` (given to whoever made this) runs once, when it may be over. False: it is
   * over already. While it sleeps this thread's event loop stays alive.
   */
  sleep(): boolean;
  /** Nobody waits any more: the event loop need not stay alive, and `onWake` may or may not run. */
  stop(): void;
  /** Blocks this thread until it may be over, or `timeoutMs` have passed. */
  sleepSync(timeoutMs: number): void;
  /** Looks whether the other side has ended without closing: for an end that never sleeps. */
  look(): void;
  /** Whether the other side is known to have ended without closing. Cheap: it says what was noticed while sleeping, or looking. */
  readonly peerDied: boolean;
  /** Gives back what it holds; called once, by the end that closes. */
  close(): void;
}

/** Who makes a sleeper: it is told what the end calls when it wakes. */
export type MakeSleeper = (role: "producer" | "consumer", onWake: () => void) => Sleeper;
