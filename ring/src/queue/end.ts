import { type ClosedError, PeerDiedError, RoleTakenError } from "../errors.js";
import * as L from "../layout.js";
import type { MakeSleeper, Sleeper } from "../wait/sleeper.js";
import { giveProcessorAway, Spin, type Wait } from "../wait/spin.js";

export type Role = "producer" | "consumer";

/** The words of each role, counted in 32 bits. */
const WORDS = {
  producer: { role: L.WORD_PRODUCER >>> 2, start: L.WORD_PRODUCER_START >>> 2, end: L.WORD_CLOSED >>> 2 },
  consumer: { role: L.WORD_CONSUMER >>> 2, start: L.WORD_CONSUMER_START >>> 2, end: L.WORD_STOPPED >>> 2 },
} as const;

/** What an end needs besides the memory: how it sleeps, and who takes its role. */
export interface Host {
  readonly sleeper: MakeSleeper;
  /** The id of this process, and when it began (0: not known): what a taken role says. */
  readonly process: { readonly id: number; readonly start: number };
}

/** How to wait, of all methods that wait without blocking. */
export interface WaitOptions {
  /** Ends the wait: the promise rejects with the signal's reason, and nothing was pushed or popped. */
  readonly signal?: AbortSignal;
}

/** Somebody who waits for an end to make progress. */
export interface Waiter<R> {
  /** Does what is waited for, as far as it can be done; the result once all is done, `undefined` before. */
  attempt(): R | undefined;
  /** How many entries it needs before another attempt is worth while; for messages bytes. */
  wanted(): number;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/** The ring's end in memory, as this module needs it. */
interface Raw {
  arm(wanted: number): boolean;
  disarm(): void;
  wake(): void;
  readonly doorbells: number;
}

/** A turn of the event loop without sleeping. */
const turn = (globalThis as { setImmediate?: (f: () => void) => unknown }).setImmediate ?? ((f) => setTimeout(f, 0));

/**
 * What both ends of a queue have in common: the role, the end of either side, and waiting.
 *
 * Whoever waits stands in a queue, first in, first out. The first of them is served as soon as there is something; with
 * nothing there, the end spins, arms, looks again, and sleeps: hand-shakes 1 and 2 of ring/docs/format.md.
 */
export abstract class End<R extends Raw> {
  protected readonly words: Int32Array;
  private readonly peer: Role;
  /** Where the other side says that it has ended. */
  private readonly peerEndWord: number;
  private readonly spin: Spin;
  private readonly sleeper: Sleeper;
  /** In order of arrival; whoever gives up is taken out of the middle. */
  private readonly waiters = new Set<Waiter<unknown>>();
  private turning = false;
  private toldOfDeath = false;
  /** Times that it went to sleep. */
  protected waits = 0;
  /** Whether this end was closed. */
  protected closed = false;

  constructor(
    memory: SharedArrayBuffer,
    private readonly role: Role,
    makeRaw: (sleeper: Sleeper) => R,
    host: Host,
    wait: Wait,
    /** Whether there is something to do, for who wants so much: looks at the shared word. */
    private readonly ready: (raw: R, wanted: number) => boolean,
  ) {
    this.words = new Int32Array(memory, 0, L.DATA >>> 2);
    this.spin = new Spin(wait);
    this.peer = role === "producer" ? "consumer" : "producer";
    this.peerEndWord = WORDS[this.peer].end;
    this.takeRole(host);
    this.sleeper = host.sleeper(role, () => this.serve());
    this.raw = makeRaw(this.sleeper);
    // A peer that sleeps has to begin to watch this end.
    this.raw.wake();
  }

  protected readonly raw: R;

  private takeRole(host: Host): void {
    const { role, start } = WORDS[this.role];
    const owner = Atomics.compareExchange(this.words, role, 0, host.process.id);
    if (owner !== 0) throw new RoleTakenError(this.role, owner >>> 0);
    Atomics.store(this.words, start, host.process.start | 0);
  }

  /** Whether somebody waits: who comes later has to wait behind. */
  protected get busy(): boolean {
    return this.waiters.size !== 0;
  }

  /** 0 while the other side is open, otherwise {@link L.ENDED} or {@link L.DIED}. */
  protected peerEnd(): number {
    // SYNC POINT: no more entries, nobody reads. Pairs with the other side's store in close. What it published before is
    // seen by a load of its index after this one.
    const end = Atomics.load(this.words, this.peerEndWord);
    return end !== 0 ? end : this.toldOfDeath || this.sleeper.peerDied ? L.DIED : 0;
  }

  /**
   * The same at a glance, for every push: an unordered load, at a twentieth of the cost of an ordered one. It may miss an
   * end for a while; whoever finds the queue full, or goes to sleep, looks properly.
   */
  protected peerSeemsOver(): boolean {
    return this.words[this.peerEndWord] !== 0 || this.toldOfDeath || this.sleeper.peerDied;
  }

  protected peerDiedError(): PeerDiedError {
    return new PeerDiedError(this.peer);
  }

  /**
   * Says that the thread at the other end has ended without closing: for threads that have no addon, which nobody else
   * notices (`worker.once("exit", () => consumer.peerDied())`). Between processes, and with the addon between threads, it is
   * noticed without this.
   */
  peerDied(): void {
    this.toldOfDeath = true;
    this.serve();
  }

  /** Waits until the attempt succeeds; resolves with what it returns. */
  protected wait<T>(attempt: () => T | undefined, wanted: () => number, options?: WaitOptions): Promise<T> {
    const signal = options?.signal;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.waiters.delete(waiter);
        reject(signal?.reason);
        this.serve();
      };
      const settled = () => signal?.removeEventListener("abort", abort);
      const waiter: Waiter<unknown> = {
        attempt,
        wanted,
        resolve: (result) => {
          settled();
          resolve(result as T);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.waiters.add(waiter);
      if (this.waiters.size === 1) this.serve();
    });
  }

  /** Blocks until the attempt succeeds; `undefined` after the timeout, or at the end. */
  protected waitSync<T>(attempt: () => T | undefined, wanted: () => number, timeoutMs: number): T | undefined {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const result = attempt();
      if (result !== undefined || this.isOver()) return result;
      const left = deadline - performance.now();
      if (!(left > 0)) return undefined;
      const something = () => this.ready(this.raw, wanted()) || this.peerEnd() !== 0;
      if (this.spin.until(something)) continue;
      if (this.spin.forEver) {
        this.sleeper.look();
        // The other end may be waiting for this very processor.
        giveProcessorAway();
        continue;
      }
      if (!this.raw.arm(wanted())) continue;
      if (this.peerEnd() === 0) {
        this.waits++;
        this.sleeper.sleepSync(left);
      }
      this.raw.disarm();
    }
  }

  /** Serves who waits, until nobody does or there is nothing to do. */
  private serve(): void {
    if (this.turning) return;
    while (this.waiters.size !== 0) {
      const [first] = this.waiters as Set<Waiter<unknown>> & [Waiter<unknown>];
      try {
        const result = first.attempt();
        if (result !== undefined) {
          this.waiters.delete(first);
          first.resolve(result);
          continue;
        }
        const wanted = first.wanted();
        if (this.spin.until(() => this.ready(this.raw, wanted) || this.peerEnd() !== 0)) continue;
        if (this.spin.forEver) {
          this.sleeper.look();
          this.turning = true;
          turn(() => {
            this.turning = false;
            this.serve();
          });
          return;
        }
        if (!this.raw.arm(wanted)) continue;
        // Looked at again after the flag: whoever ends stores its word and then takes the flag away.
        if (this.peerEnd() !== 0) {
          this.raw.disarm();
          continue;
        }
        if (!this.sleeper.sleep()) continue;
        this.waits++;
        return;
      } catch (error) {
        // Only this one: what it brings may be refused, and what the next brings not.
        this.waiters.delete(first);
        first.reject(error);
      }
    }
    this.sleeper.stop();
  }

  /** Whether nothing will come any more. */
  protected abstract isOver(): boolean;

  /** Ends this side for good. Who waits is refused. */
  protected end(error: ClosedError): void {
    if (this.closed) return;
    this.closed = true;
    // SYNC POINT: no more entries, nobody reads. Pairs with the other side's load after it has armed its flag.
    Atomics.store(this.words, WORDS[this.role].end, L.ENDED);
    this.raw.wake();
    const all = [...this.waiters];
    this.waiters.clear();
    for (const waiter of all) waiter.reject(error);
    this.sleeper.close();
  }
}
