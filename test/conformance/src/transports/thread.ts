// A worker_thread that runs the cases it is told by name, on the source that its data names, until it is told nothing.
import { parentPort, workerData } from "node:worker_threads";
import { caseOf } from "../cases/index.js";
import { runOn } from "../kit/ground.js";
import type { Outcome } from "./seat.js";
import { SOURCES } from "./sources.js";

const source = SOURCES[workerData as keyof typeof SOURCES]();
parentPort?.on("message", async (name: string | undefined) => {
  if (name === undefined) {
    // A spent client has been closed, or cannot be.
    if (source.spent) process.exit();
    await source.end();
    parentPort?.close();
    return;
  }
  let failure: string | undefined;
  try {
    await runOn(source, caseOf(name).run);
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  parentPort?.postMessage({ failure, spent: source.spent } satisfies Outcome);
});
