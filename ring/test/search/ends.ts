import * as L from "../../src/layout.js";
import { load, type Mutation } from "./compile.js";
import { type Later, opOf, type Signal, type Steps, settled, spinning, Thread, type World } from "./runtime.js";
import type { Situation } from "./schedule.js";

/** The ends as the tests call them: a method gives steps, and those the promise. */
export interface SteppableProducer {
  tryPush(value: number): Steps<boolean>;
  push(value: number, options?: { signal: Signal }): Steps<Later<void>>;
  pushMany(values: readonly number[], options?: { signal: Signal }): Steps<Later<void>>;
  pushSync(value: number, timeoutMs?: number): Steps<boolean>;
  close(): Steps;
  peerDied(): Steps;
}
export interface SteppableConsumer {
  tryPop(): Steps<number | undefined>;
  pop(options?: { signal: Signal }): Steps<Later<number | undefined>>;
  popMany(max: number, options?: { signal: Signal }): Steps<Later<number[]>>;
  popSync(timeoutMs?: number): Steps<number | undefined>;
  close(): Steps;
  peerDied(): Steps;
}

/** What one run has seen. */
export class Seen {
  /** Values whose push has succeeded, and whose pop has. */
  readonly pushed: number[] = [];
  readonly popped: number[] = [];
  /** Codes of what the programs were refused with. */
  readonly refused: string[] = [];
  /** The consumer has seen the end, or the producer's death. */
  sawEnd = false;

  *push(later: Later<void>, ...values: number[]): Steps<boolean> {
    try {
      yield* settled(later);
    } catch (error) {
      this.refused.push((error as { code?: string }).code ?? (error as Error).message);
      return false;
    }
    this.pushed.push(...values);
    return true;
  }

  *pop(later: Later<number | undefined>): Steps<boolean> {
    try {
      const value = yield* settled(later);
      if (value === undefined) this.sawEnd = true;
      else this.popped.push(value);
      return value !== undefined;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "ERR_RING_PEER_DIED") this.sawEnd = true;
      this.refused.push(code ?? message);
      return false;
    }
  }
}

export interface Case {
  readonly name: string;
  readonly capacity: number;
  readonly bell: "notify" | "eventfd";
  /** Between threads, and not processes. */
  readonly sameProcess?: boolean;
  readonly messages?: boolean;
  /** How often an end looks again before it sleeps. */
  readonly looks?: number;
  producer(end: SteppableProducer, seen: Seen, thread: Thread): Steps;
  consumer(end: SteppableConsumer, seen: Seen, thread: Thread): Steps;
  /** How a thread can end: with its process, or alone; and whether the other is told. */
  readonly dies?: { readonly who: "producer" | "consumer"; readonly how: "process" | "thread" | "told" };
}

const START = 0xffffffff | 0;
/** Messages' indices count in eights. */
const START_MESSAGES = -8;

const ENTRY = {
  size: 4,
  *write(views: { i32: Int32Array }, at: number, value: number): Steps {
    yield opOf("store", `slot ${at}`);
    views.i32[at >>> 2] = value;
  },
  *read(views: { i32: Int32Array }, at: number): Steps<unknown> {
    yield opOf("load", `slot ${at}`);
    return views.i32[at >>> 2];
  },
};

type Make = new (...args: unknown[]) => never;

/** A message of `value` bytes, each `value`. */
const message = (value: number) => new Uint8Array(value).fill(value);

/** As if it were a ring of entries. */
function ofMessages(end: Record<string, (...args: unknown[]) => Steps<unknown>>): never {
  const value = (m: unknown) => {
    if (m === undefined) return undefined;
    const bytes = m as Uint8Array;
    if (bytes.some((b) => b !== bytes.length)) throw new Error(`a message of [${bytes}]`);
    return bytes.length;
  };
  const after = (later: Later<unknown>, f: (m: unknown) => unknown) => later.then(f);
  return {
    ...Object.fromEntries(["close", "peerDied"].map((name) => [name, () => end[name]?.()])),
    tryPush: (v: number) => end.tryPush?.(message(v)),
    push: (v: number, o: unknown) => end.push?.(message(v), o),
    pushMany: (v: number[], o: unknown) => end.pushMany?.(v.map(message), o),
    pushSync: (v: number, t?: number) => end.pushSync?.(message(v), t),
    *tryPop(): Steps<unknown> {
      return value(yield* end.tryPop?.() as Steps<unknown>);
    },
    *pop(o: unknown): Steps<unknown> {
      return after((yield* end.pop?.(o) as Steps<unknown>) as Later<unknown>, value);
    },
    *popSync(t?: number): Steps<unknown> {
      return value(yield* end.popSync?.(t) as Steps<unknown>);
    },
  } as never;
}

/** Short for a long text: there are few parts, in many combinations. */
const numbers = new Map<string, number>();
function number(text: string): number {
  const n = numbers.get(text) ?? numbers.size;
  numbers.set(text, n);
  return n;
}

/** What an object holds, but for what it only counts. */
function held(object: object): string {
  let all = "";
  for (const name in object) {
    if (name === "waits" || name === "doorbells") continue;
    const value = (object as Record<string, unknown>)[name];
    if (typeof value === "number" || typeof value === "boolean") all += `${value} `;
    else if (value instanceof Set) all += `${value.size} `;
    else if (value === undefined) all += "- ";
  }
  return all;
}

/** Sets the case going: for {@link explore}. */
export function situation(c: Case, mutations: readonly Mutation[] = []): (world: World) => Situation {
  const module = load(mutations);
  const get = (file: string, name: string) => module(file)[name] as Make;
  const entrySize = c.messages ? L.RECORD_ALIGN : ENTRY.size;
  const memory = new SharedArrayBuffer(L.DATA + c.capacity * (c.messages ? 1 : entrySize));
  const words = new Int32Array(memory, 0, L.DATA >>> 2);
  const data = new Int32Array(memory, L.DATA);
  const place = {
    tail: L.WORD_TAIL,
    head: L.WORD_HEAD,
    sleeping: L.WORD_SLEEPING,
    space: L.WORD_SPACE,
    entries: L.DATA,
    capacity: c.capacity,
    entrySize: c.messages ? 1 : entrySize,
  };
  const views = { i32: new Int32Array(memory) };
  const Producer = c.messages ? get("message/producer.ts", "MessageProducer") : get("queue/producer.ts", "Producer");
  const Consumer = c.messages ? get("message/consumer.ts", "MessageConsumer") : get("queue/consumer.ts", "Consumer");
  const Sleeper =
    c.bell === "notify" ? get("wait/notify.ts", "NotifySleeper") : get("process/sleeper.ts", "EventfdSleeper");
  const start = c.messages ? START_MESSAGES : START;
  const [consumersBell, producersBell] = [11, 12];

  return (world) => {
    spinning.looks = c.looks ?? 0;
    words.fill(0);
    data.fill(0);
    words[L.WORD_TAIL >>> 2] = words[L.WORD_HEAD >>> 2] = start;
    const threads = {
      producer: new Thread("producer", 100),
      consumer: new Thread("consumer", c.sameProcess || c.bell === "notify" ? 100 : 200),
    };
    const ends: { producer?: SteppableProducer; consumer?: SteppableConsumer } = {};
    const end = <E>(role: "producer" | "consumer", End: Make): E => {
      const bells = role === "producer" ? [producersBell, consumersBell] : [consumersBell, producersBell];
      const host = {
        sleeper: (r: unknown, onWake: unknown) =>
          c.bell === "notify" ? new Sleeper(memory, r, onWake) : new Sleeper(memory, r, ...bells, onWake),
        process: { id: threads[role].pid, start: 0 },
      };
      const ownArgs = c.messages ? [] : [views, ENTRY];
      const made = new End(memory, place, ...ownArgs, host, "sleep");
      const { raw, sleeper } = made as { raw: object; sleeper: object };
      threads[role].describe = () => `${held(made)} ${held(raw)} ${held(sleeper)}`;
      return c.messages ? ofMessages(made) : made;
    };
    const seen = new Seen();
    const finished = { producer: false, consumer: false };
    // Each takes its role when its thread begins: one step, whenever that is.
    function* produce(): Steps {
      ends.producer = end<SteppableProducer>("producer", Producer);
      yield* c.producer(ends.producer, seen, threads.producer);
      finished.producer = true;
    }
    function* consume(): Steps {
      ends.consumer = end<SteppableConsumer>("consumer", Consumer);
      yield* c.consumer(ends.consumer, seen, threads.consumer);
      finished.consumer = true;
    }
    threads.producer.tasks.push(produce());
    threads.consumer.tasks.push(consume());
    const { dies } = c;
    if (dies !== undefined) {
      const other = dies.who === "producer" ? "consumer" : "producer";
      threads[dies.who].happenings.push({
        name: "dies",
        atAnyTime: true,
        go(thread) {
          thread.die(dies.how === "process");
          if (dies.how !== "told") return;
          threads[other].tasks.push(
            (function* () {
              yield* ends[other]?.peerDied() ?? [];
            })(),
          );
        },
      });
    }

    const word = (at: number) => words[at >>> 2] as number;
    return {
      threads: [threads.producer, threads.consumer],
      state() {
        let shared = "";
        for (let i = L.WORD_TAIL >>> 2; i <= L.WORD_STOPPED >>> 2; i += 32) shared += `${words[i]} `;
        const { pushed, popped, refused, sawEnd } = seen;
        const results = `${pushed} ${popped} ${refused} ${sawEnd} ${finished.producer} ${finished.consumer}`;
        const all = `${shared}|${data.slice(0, 8)}|${results}|${world.state}`;
        return `${number(all)} ${number(threads.producer.state)} ${number(threads.consumer.state)}`;
      },
      quiet() {
        const published = (word(L.WORD_TAIL) - word(L.WORD_HEAD)) | 0;
        const full = c.messages ? published > 0 : published === c.capacity;
        for (const role of ["producer", "consumer"] as const) {
          const thread = threads[role];
          if (!thread.alive) continue;
          const awake = thread.timers > 0 || thread.watches.some((w) => w.keepsAlive);
          if (finished[role]) {
            if (awake) throw new Error(`the ${role} waits for nothing, and keeps its event loop alive`);
            continue;
          }
          if (thread.op === undefined && !awake) {
            throw new Error(`the ${role} waits, and does not keep its event loop alive`);
          }
          const other = role === "producer" ? "consumer" : "producer";
          // Who dies before it has taken its role was never there.
          if (ends[other] !== undefined && !threads[other].alive)
            throw new Error(`the ${role} sleeps, and the ${other} is dead`);
          if (role === "consumer") {
            if (published !== 0) throw new Error("the consumer sleeps, and there are entries");
            if (word(L.WORD_CLOSED) !== 0) throw new Error("the consumer sleeps, and the producer has closed");
          } else {
            if (!full) throw new Error("the producer sleeps, and there is room");
            if (word(L.WORD_STOPPED) !== 0) throw new Error("the producer sleeps, and the consumer has closed");
          }
        }
      },
      ended() {
        const { pushed, popped } = seen;
        if (popped.some((v, i) => i > 0 && v <= (popped[i - 1] as number))) {
          throw new Error(`popped out of order: ${popped}`);
        }
        const last = popped.at(-1) ?? 0;
        const lost = pushed.filter((v) => (seen.sawEnd || v < last) && !popped.includes(v));
        if (lost.length > 0) throw new Error(`pushed ${pushed}, popped ${popped}, lost ${lost}`);
        // A push that was refused or aborted has pushed nothing; one that was cut short by a death may have.
        const foreign = popped.filter((v) => !pushed.includes(v));
        if (foreign.length > 0 && threads.producer.alive && finished.producer) {
          throw new Error(`pushed ${pushed}, popped ${popped}: ${foreign} were refused`);
        }
        if (seen.sawEnd && word(L.WORD_TAIL) !== word(L.WORD_HEAD)) {
          throw new Error("the consumer has seen the end, and there are entries");
        }
      },
    };
  };
}
