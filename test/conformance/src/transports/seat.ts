import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { caseOf } from "../cases/index.js";
import { runOn, type Source } from "../kit/ground.js";
import type { SOURCES } from "./sources.js";

/** Where cases run, one at a time. */
export interface Seat {
  /** Runs a case by its name; rejects if it fails. */
  run(name: string): Promise<void>;
  end(): Promise<void>;
}

/** Runs cases in this thread. */
export function here(source: Source): Seat {
  return {
    run: (name) => runOn(source, caseOf(name).run),
    end: () => source.end(),
  };
}

/** What the program of a thread answers. */
export interface Outcome {
  /** The stack of what the case has failed with. */
  readonly failure: string | undefined;
  /** No other case can run there. */
  readonly spent: boolean;
}

// The tests run the sources, a thread what was built of them.
const program = fileURLToPath(new URL("../../dist/transports/thread.js", import.meta.url));

/** Runs cases in a worker_thread, which has a channel and a Go program of its own. */
export function inThread(source: keyof typeof SOURCES): Seat {
  let thread: Worker | undefined;
  const end = async () => {
    const ending = thread;
    thread = undefined;
    if (ending === undefined) return;
    const exit = once(ending, "exit");
    ending.postMessage(undefined);
    await exit;
  };
  return {
    run: async (name) => {
      const { alone = false } = caseOf(name);
      if (alone) await end();
      thread ??= new Worker(program, { workerData: source });
      thread.postMessage(name);
      const [outcome] = (await once(thread, "message")) as [Outcome];
      if (outcome.spent || alone) await end();
      if (outcome.failure !== undefined) throw new Error(`in the thread: ${outcome.failure}`);
    },
    end,
  };
}
