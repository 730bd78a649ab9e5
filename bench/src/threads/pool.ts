import { Worker } from "node:worker_threads";
import type { RoundResult } from "../round.js";
import type { Cell } from "../workloads.js";
import type { ThreadReply, ThreadRequest, ThreadSetup } from "./messages.js";

const THREAD = new URL("./thread.js", import.meta.url);

/** The threads of a cell of W9, each with a client of its own, kept from round to round. */
export class ThreadPool {
  readonly size: number;
  /** The processes beside this one that work for the clients. */
  readonly children: readonly number[];
  readonly #workers: readonly Worker[];
  readonly #stop: Int32Array;

  private constructor(workers: readonly Worker[], stop: Int32Array, children: readonly number[]) {
    this.size = workers.length;
    this.children = children;
    this.#workers = workers;
    this.#stop = stop;
  }

  static async open(id: string, size: number): Promise<ThreadPool> {
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const setup: ThreadSetup = { id, stop };
    const workers = Array.from({ length: size }, () => new Worker(THREAD, { workerData: setup }));
    const replies = await Promise.all(workers.map(next));
    const children = replies.flatMap((reply) => ("childPid" in reply ? (reply.childPid ?? []) : []));
    return new ThreadPool(workers, new Int32Array(stop), children);
  }

  /** All threads make calls for the length of a round. Each divides by its own clock: they do not start as one. */
  async run(cell: Cell): Promise<RoundResult> {
    Atomics.store(this.#stop, 0, 0);
    const request: ThreadRequest = { op: "run", cell };
    const replies = this.#workers.map(next);
    for (const worker of this.#workers) worker.postMessage(request);
    const stop = (): void => void Atomics.store(this.#stop, 0, 1);
    const timer = setTimeout(stop, cell.roundMs);
    // When one fails, the others stop too.
    const all = await Promise.all(replies).finally(stop);
    clearTimeout(timer);
    let calls = 0;
    let perMs = 0;
    for (const reply of all) {
      if (!("ran" in reply)) throw new Error("error" in reply ? reply.error : "a thread that said nothing");
      calls += reply.ran.calls;
      perMs += reply.ran.calls / reply.ran.milliseconds;
    }
    return { calls, milliseconds: calls / perMs };
  }

  async close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    await Promise.all(
      this.#workers.map(
        (worker) =>
          new Promise<void>((resolve) => {
            worker.once("exit", () => resolve());
            worker.postMessage({ op: "close" });
          }),
      ),
    );
  }
}

/** The next message of a thread; rejects when it fails or ends instead. */
function next(worker: Worker): Promise<ThreadReply> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    const onMessage = (reply: ThreadReply): void => {
      finish();
      resolve(reply);
    };
    const onError = (error: Error): void => {
      finish();
      reject(error);
    };
    const onExit = (code: number): void => {
      finish();
      reject(new Error(`a thread ended with code ${code}`));
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}
