import { newWorld, readable, run, type Thread, type World } from "./runtime.js";

/** One of the things that can come next. */
interface Transition {
  readonly thread: Thread;
  /** The same in every run. */
  readonly name: string;
  /** It may come, but nobody may count on it: an abort, a death, a timeout. */
  readonly optional: boolean;
  readonly go: (thread: Thread) => void;
}

/** What is explored: threads, set going in a world of their own. */
export interface Situation {
  readonly threads: readonly Thread[];
  /** Called when nothing will happen any more unless something optional does. Throws if somebody waits in vain. */
  quiet(): void;
  /** Called at the end of the run. */
  ended(): void;
  /** Everything that decides what can still happen. */
  state(): string;
}

export interface Bound {
  /** How often a thread that could go on is made to wait. Absent: every order is tried. */
  readonly preemptions?: number;
}

export interface Explored {
  /** Orders tried: runs to the end, or to where an earlier run has been. */
  schedules: number;
  /** Where they can be told apart. */
  states: number;
  steps: number;
}

/** A fault, and the order that has led to it. */
export class Found extends Error {
  constructor(
    readonly reason: Error,
    readonly order: readonly string[],
    readonly explored: Explored,
  ) {
    super(`${reason.message}\nafter ${explored.schedules} schedules, in this order:\n  ${order.join("\n  ")}`, {
      cause: reason,
    });
  }
}

const resume = (thread: Thread) => thread.resume();

function transitions(threads: readonly Thread[]): Transition[] {
  const found: Transition[] = [];
  for (const thread of threads) {
    const { op } = thread;
    const add = (name: string, optional: boolean, go: (thread: Thread) => void) =>
      found.push({ thread, name: `${thread.name}: ${name}`, optional, go });
    if (op !== undefined) {
      if (op.ready === undefined || op.ready()) add(op.name, false, resume);
      else if (op.timeout !== undefined) {
        const { timeout } = op;
        add("timeout", true, () => {
          timeout();
          thread.resume();
        });
      }
    } else {
      if (thread.tasks.length > 0) add("task", false, () => thread.begin(thread.tasks.shift() as never));
      for (const watch of thread.watches) {
        if (watch.active && readable(watch.fd))
          add(`hears ${watch.fd}`, false, () => thread.begin(run(watch.callback())));
      }
    }
    for (const happening of thread.happenings) {
      if (op !== undefined && !happening.atAnyTime) continue;
      add(happening.name, true, () => {
        thread.happenings = thread.happenings.filter((h) => h !== happening);
        happening.go(thread);
      });
    }
  }
  return found;
}

/** A crossroads of the present path. */
interface Node {
  readonly choices: readonly string[];
  taken: number;
}

/** More steps than any run needs: somebody goes round in circles. */
const STEPS_MAX = 2_000;

/**
 * Runs a situation in every order of its threads' accesses, depth first, one run after the other from the beginning. A
 * run ends where an earlier one has been: where it would go from there has been seen. With a bound, it is every order
 * with so few preemptions.
 *
 * @throws {Found}
 */
export function explore(
  make: (world: World) => Situation,
  { preemptions = Number.POSITIVE_INFINITY }: Bound = {},
): Explored {
  const explored: Explored = { schedules: 0, states: 0, steps: 0 };
  const path: Node[] = [];
  /** Where it was, and how many preemptions were left there. */
  const seen = new Map<string, number>();
  do {
    const world = newWorld();
    const order: string[] = [];
    const onThisPath = new Set<string>();
    try {
      const situation = make(world);
      let last: Thread | undefined;
      let left = preemptions;
      for (let depth = 0; ; depth++) {
        const all = transitions(situation.threads);
        let node = path[depth];
        if (node === undefined) {
          if (all.every((t) => t.optional)) situation.quiet();
          if (all.length === 0) {
            situation.ended();
            break;
          }
          if (depth > STEPS_MAX) throw new Error("it goes round in circles");
          const goesOn = all.some((t) => t.thread === last && !t.optional);
          const state = `${goesOn && preemptions < Number.POSITIVE_INFINITY ? last?.name : ""} ${situation.state()}`;
          if (onThisPath.has(state)) throw new Error("it goes round in circles");
          onThisPath.add(state);
          if ((seen.get(state) ?? -1) >= left) break;
          seen.set(state, left);
          const choices = left === 0 && goesOn ? all.filter((t) => t.thread === last) : all;
          node = { choices: choices.map((t) => t.name), taken: 0 };
          path.push(node);
        }
        const name = node.choices[node.taken] as string;
        const chosen = all.find((t) => t.name === name);
        if (chosen === undefined) throw new Error(`the run is not the same as before: "${name}" cannot come`);
        if (chosen.thread !== last && all.some((t) => t.thread === last && !t.optional)) left--;
        last = chosen.thread;
        order.push(name);
        explored.steps++;
        chosen.go(chosen.thread);
      }
    } catch (error) {
      throw new Found(error as Error, order, explored);
    }
    explored.schedules++;
  } while (next(path));
  explored.states = seen.size;
  return explored;
}

/** Turns to the next path; false after the last. */
function next(path: Node[]): boolean {
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    if (++last.taken < last.choices.length) return true;
    path.pop();
  }
  return false;
}
