import * as L from "../../src/layout.js";

// What the steppable code calls in place of the language's own: shared memory, promises, timers, the kernel. All of it
// belongs to one world at a time, which is thrown away after each run.

/** An access that is about to be made. */
export interface Op {
  /** Which word, and what is done: for people, and to tell one state from another. */
  readonly name: string;
  /** Absent: it can be made now. */
  readonly ready?: () => boolean;
  /** For a wait that may also end by itself. */
  readonly timeout?: () => void;
}

/** Leaves the thread to others until the promise is settled: what `await` does. */
class Park {
  constructor(readonly on: Later<unknown>) {}
}

export type Steps<T = void> = Generator<Op | Park, T, undefined>;

/** Made by any generator function. */
function AnySteps() {}
AnySteps.prototype = Object.getPrototypeOf(function* () {}).prototype;
const isSteps = (value: unknown): value is Steps<unknown> =>
  value instanceof (AnySteps as unknown as new () => Steps<unknown>);

/** A promise, whose callbacks run in the thread that made it. */
export class Later<T> {
  state: "pending" | "resolved" | "rejected" = "pending";
  value: unknown;
  private readonly callbacks: (() => Steps<unknown>)[] = [];
  private readonly thread = world.current;
  private readonly id = this.thread.laters++;

  settle(state: "resolved" | "rejected", value: unknown): void {
    if (this.state !== "pending") return;
    this.state = state;
    this.value = value;
    this.thread.settled.push(this.id);
    for (const callback of this.callbacks) this.thread.micro.push(callback());
  }

  /** Runs the callback in a turn of its own, once this is settled. */
  after(callback: () => Steps<unknown>): void {
    if (this.state === "pending") this.callbacks.push(callback);
    else this.thread.micro.push(callback());
  }

  // biome-ignore lint/suspicious/noThenProperty: it stands in place of a promise
  then(onResolved: (value: T) => unknown): Later<unknown> {
    const next = new Later<unknown>();
    this.after(() => this.pass(onResolved, next));
    return next;
  }

  private *pass(onResolved: (value: T) => unknown, next: Later<unknown>): Steps {
    if (this.state === "rejected") next.settle("rejected", this.value);
    else next.settle("resolved", yield* run(onResolved(this.value as T)));
  }
}

/** Waits for a promise, as `await` does. */
export function* settled<T>(later: Later<T>): Steps<T> {
  yield new Park(later);
  if (later.state === "rejected") throw later.value;
  return later.value as T;
}

/** An AbortSignal that counts who listens. */
export class Signal {
  aborted = false;
  readonly reason = new Error("aborted");
  private readonly listeners = new Set<() => unknown>();
  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }
  addEventListener(_: string, listener: () => unknown): void {
    this.listeners.add(listener);
  }
  removeEventListener(_: string, listener: () => unknown): void {
    this.listeners.delete(listener);
  }
  get listening(): number {
    return this.listeners.size;
  }
  *abort(): Steps {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of [...this.listeners]) {
      this.listeners.delete(listener);
      yield* run(listener());
    }
  }
}

interface Watch {
  readonly fd: number;
  readonly callback: () => unknown;
  active: boolean;
  keepsAlive: boolean;
}

/** Something that may happen to a thread, once: an idle event loop's task, or its end at any time. */
export interface Happening {
  readonly name: string;
  readonly atAnyTime: boolean;
  readonly go: (thread: Thread) => void;
}

/** A thread of JavaScript: one task runs to its end, then its microtasks, then the next task. */
export class Thread {
  alive = true;
  micro: Steps<unknown>[] = [];
  tasks: Steps<unknown>[] = [];
  watches: Watch[] = [];
  happenings: Happening[] = [];
  timers = 0;
  /** How many promises it has made, and which are settled. */
  laters = 0;
  readonly settled: number[] = [];
  /** The access before which it stands; undefined when its event loop is idle. */
  op: Op | undefined;
  private running: Steps<unknown> | undefined;
  /** What the addon does when the thread ends. */
  testaments: (() => Steps)[] = [];
  /** Where it stands, but for what its objects hold: how far its program is, and what it has seen since its task began. */
  private position = 0;
  private history = 0;
  private history2 = 0;
  /** What its objects hold. */
  describe = () => "";
  private began = "";

  constructor(
    readonly name: string,
    readonly pid: number,
  ) {}

  /** Its past makes no difference any more, but for what its objects hold. */
  mark(): void {
    this.position++;
    this.forget();
  }

  private forget(): void {
    this.history = this.history2 = 0;
    this.began = `${this.position} ${this.describe()}`;
  }

  note(value: number): void {
    this.history = (Math.imul(this.history, 0x01000193) ^ (value + 0x9e3779b9)) | 0;
    this.history2 = (Math.imul(this.history2 ^ value, 0x85ebca6b) + 0x27d4eb2f) | 0;
  }

  /** The same for two runs: the same will happen, given the same shared memory. */
  get state(): string {
    const { op } = this;
    const at = op === undefined ? "idle" : `${op.name} ${op.ready?.()}`;
    const watches = this.watches.map((w) => `${w.fd}${w.active}${w.keepsAlive}`).join();
    const happenings = this.happenings.map((h) => h.name).join();
    return `${this.alive} ${at} ${this.began} ${this.history} ${this.history2} ${this.describe()} ${this.settled} ${this.tasks.length} ${this.timers} ${watches} ${happenings}`;
  }

  begin(steps: Steps<unknown>): void {
    this.forget();
    this.running = steps;
    this.resume();
  }

  /** Makes the access, and goes on to the next. */
  resume(): void {
    world.current = this;
    this.op = undefined;
    for (;;) {
      if (this.running === undefined) {
        this.running = this.micro.shift();
        this.forget();
      }
      const { running } = this;
      if (running === undefined) return;
      const result = running.next();
      if (result.done === true) {
        this.running = undefined;
      } else if (result.value instanceof Park) {
        this.running = undefined;
        this.position++;
        result.value.on.after(() => running);
      } else {
        this.op = result.value;
        return;
      }
    }
  }

  /** It ends where it stands: alone, and then the addon leaves word; or with its process. */
  die(withProcess: boolean): void {
    this.alive = false;
    this.running = undefined;
    this.op = undefined;
    this.micro = [];
    this.tasks = [];
    this.watches = [];
    this.happenings = [];
    if (withProcess) {
      world.dead.add(this.pid);
      return;
    }
    this.micro = this.testaments.map((testament) => testament());
    this.resume();
  }
}

interface Waiter {
  readonly index: number;
  readonly wake: () => void;
}

export class World {
  /** What all threads share, but for their memory. */
  get state(): string {
    return `${this.waiters.map((w) => w.index)} ${[...this.eventfds.keys()]} ${[...this.dead]} ${this.nowMs}`;
  }
  current = new Thread("nobody", 0);
  waiters: Waiter[] = [];
  eventfds = new Map<number, number>();
  dead = new Set<number>();
  nowMs = 0;
}

export let world = new World();
export function newWorld(): World {
  world = new World();
  return world;
}

/** Runs what a call has returned, if that is the steps of a function. */
export function* run<T>(value: T | Steps<T>): Steps<T> {
  return isSteps(value) ? yield* value as Steps<T> : (value as T);
}

/** Runs steps to their end without standing still. */
export function drain<T>(value: T | Steps<T>): T {
  if (!isSteps(value)) return value as T;
  for (;;) {
    const { done, value: result } = (value as Steps<T>).next();
    if (done === true) return result as T;
  }
}

const names: Record<number, string> = Object.fromEntries(
  Object.entries(L)
    .filter(([name]) => name.startsWith("WORD_"))
    .map(([name, at]) => [(at as number) >>> 2, name.slice("WORD_".length).toLowerCase()]),
);
const ops: Record<string, Record<string | number, Op>> = {};
export function opOf(kind: string, word: string | number): Op {
  ops[kind] ??= {};
  const ofKind = ops[kind];
  ofKind[word] ??= { name: `${kind} ${names[word as number] ?? word}` };
  return ofKind[word];
}

type Access = [words: Int32Array, index: number, a: number, b: number];

const atomics = {
  *load(...[words, index]: Access): Steps<unknown> {
    yield opOf("load", index);
    return runtime.note(Atomics.load(words, index));
  },
  *store(...[words, index, value]: Access): Steps<unknown> {
    yield opOf("store", index);
    return runtime.note(Atomics.store(words, index, value));
  },
  *exchange(...[words, index, value]: Access): Steps<unknown> {
    yield opOf("exchange", index);
    return runtime.note(Atomics.exchange(words, index, value));
  },
  *compareExchange(...[words, index, expected, value]: Access): Steps<unknown> {
    yield opOf("compareExchange", index);
    return runtime.note(Atomics.compareExchange(words, index, expected, value));
  },
  *notify(...[, index]: Access): Steps<unknown> {
    yield opOf("notify", index);
    const woken = world.waiters.filter((w) => w.index === index);
    world.waiters = world.waiters.filter((w) => w.index !== index);
    for (const waiter of woken) waiter.wake();
    world.current.note(woken.length);
    return woken.length;
  },
  *waitAsync(...[words, index, expected]: Access): Steps<unknown> {
    yield opOf("waitAsync", index);
    const found = Atomics.load(words, index);
    world.current.note(found);
    if (found !== expected) return { async: false, value: "not-equal" };
    const thread = world.current;
    const value = new Later<"ok">();
    // biome-ignore lint/correctness/useYield: a task that stands still nowhere
    function* resolve(): Steps {
      value.settle("resolved", "ok");
    }
    // Node resolves it from the event loop of the thread that waits.
    world.waiters.push({ index, wake: () => void (thread.alive && thread.tasks.push(resolve())) });
    return { async: true, value };
  },
  *wait(...[words, index, expected, timeoutMs]: Access): Steps<unknown> {
    yield opOf("wait", index);
    const found = Atomics.load(words, index);
    world.current.note(found);
    if (found !== expected) return "not-equal";
    let outcome: "ok" | "timed-out" | undefined;
    const wake = () => {
      outcome = "ok";
    };
    world.waiters.push({ index, wake });
    const timeout = () => {
      world.waiters = world.waiters.filter((w) => w.wake !== wake);
      world.nowMs += timeoutMs;
      outcome = "timed-out";
    };
    const ready = () => outcome !== undefined;
    yield { name: `waits on ${names[index]}`, ready, ...(timeoutMs === Number.POSITIVE_INFINITY ? {} : { timeout }) };
    world.current.note(outcome === "ok" ? 1 : 2);
    return outcome;
  },
};

function* promise(
  executor: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => Steps,
): Steps<Later<unknown>> {
  const later = new Later<unknown>();
  yield* run(
    executor(
      (value) => later.settle("resolved", value),
      (error) => later.settle("rejected", error),
    ),
  );
  return later;
}

/** A process's pidfd, by its number. */
const PIDFD = 1_000_000;
export const readable = (fd: number): boolean =>
  fd >= PIDFD ? world.dead.has(fd - PIDFD) : (world.eventfds.get(fd) ?? 0) > 0;

const native = {
  *ringDoorbell(fd: number): Steps {
    yield opOf("store", `fd ${fd}`);
    world.eventfds.set(fd, 1);
    world.current.note(fd);
  },
  *hearDoorbell(fd: number): Steps<boolean> {
    yield opOf("exchange", `fd ${fd}`);
    const heard = world.eventfds.delete(fd);
    world.current.note(heard ? 1 : 0);
    return heard;
  },
  watchReadable(fd: number, callback: () => unknown) {
    const { watches } = world.current;
    const watch: Watch = { fd, callback, active: false, keepsAlive: false };
    watches.push(watch);
    return {
      start(keepsAlive: boolean) {
        watch.active = true;
        watch.keepsAlive = keepsAlive;
      },
      stop() {
        watch.active = false;
      },
      close() {
        watch.active = false;
        watch.keepsAlive = false;
      },
    };
  },
  *waitReadable(fd: number, other: number, timeoutMs: number): Steps<number> {
    let over = false;
    yield {
      name: `waits for fd ${fd}`,
      ready: () => over || readable(fd) || (other >= 0 && readable(other)),
      ...(timeoutMs === Number.POSITIVE_INFINITY
        ? {}
        : {
            timeout() {
              over = true;
              world.nowMs += timeoutMs;
            },
          }),
    };
    const found = (readable(fd) ? 1 : 0) | (other >= 0 && readable(other) ? 2 : 0);
    world.current.note(found);
    return found;
  },
  *openPidfd(pid: number): Steps<number> {
    yield opOf("load", `process ${pid}`);
    world.current.note(world.dead.has(pid) ? 1 : 0);
    return world.dead.has(pid) ? -1 : PIDFD + pid;
  },
  closeFd() {},
  atThreadEnd(memory: Uint8Array, word: number, flag: number, value: number, doorbell: number) {
    const words = new Int32Array(memory.buffer);
    const { testaments } = world.current;
    // ring/native/peer.cc, step by step.
    function* testament(): Steps {
      if ((yield* atomics.compareExchange(words, word >>> 2, 0, value)) !== 0) return;
      yield* atomics.exchange(words, flag >>> 2, 0, 0);
      yield* native.ringDoorbell(doorbell);
    }
    testaments.push(testament);
    return () => void testaments.splice(testaments.indexOf(testament), 1);
  },
};

/** How often an end looks again before it sleeps. */
export const spinning = { looks: 0 };

class Spin {
  readonly forEver = false;
  *until(done: () => boolean | Steps<boolean>): Steps<boolean> {
    for (let i = 0; i < spinning.looks; i++) if (yield* run(done())) return true;
    return false;
  }
}

export const runtime = {
  isSteps,
  /** What the last call has returned. */
  last: undefined as unknown,
  drain,
  opOf,
  /** Remembers what an access has given: with where it stood, that is what a thread knows. */
  note(value: number): number {
    world.current.note(value);
    return value;
  },
  atomics,
  promise,
  native,
  Spin,
  /** What the code finds under these names. */
  globals: {
    Promise: {
      resolve(value: unknown) {
        const later = new Later<unknown>();
        later.settle("resolved", value);
        return later;
      },
      reject(error: unknown) {
        const later = new Later<unknown>();
        later.settle("rejected", error);
        return later;
      },
    },
    setInterval: () => {
      const thread = world.current;
      thread.timers++;
      let live = true;
      return {
        clear() {
          if (live) thread.timers--;
          live = false;
        },
      };
    },
    clearInterval: (timer?: { clear(): void }) => timer?.clear(),
    performance: { now: () => world.nowMs },
    process: {
      get pid() {
        return world.current.pid;
      },
    },
    globalThis: {
      get process() {
        return { pid: world.current.pid };
      },
    },
  },
};
export type Runtime = typeof runtime;
