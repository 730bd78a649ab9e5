/**
 * The process in which one contender runs: started by `remote.ts` with the contender's id, asked by messages.
 *
 * A process for each keeps Go runtimes, garbage and crashes apart, and makes its CPU its own.
 */
import { wrongAnswers } from "./answers.js";
import type { Session } from "./contender.js";
import { contenders } from "./contenders/index.js";
import { wrongLeases } from "./leases.js";
import { type Measurement, measure, measureRun, observe } from "./measure.js";
import type { Reply, Request } from "./messages.js";
import { wrongFlows } from "./stream-answers.js";
import { ThreadPool } from "./threads/pool.js";
import { checkPayload, warmUp } from "./warm-up.js";
import type { Cell } from "./workloads.js";

const id = process.argv[2] ?? "";
const contender = contenders.find((one) => one.id === id);
let session: Session | undefined;
let pool: ThreadPool | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.op === "open") {
    if (!contender) throw new Error(`no contender is called ${id}`);
    session = await contender.open();
    return session.childPid;
  }
  if (!session) throw new Error("asked before it was opened");
  switch (request.op) {
    case "answers":
      return [
        ...(session.calls ? await wrongAnswers(session.calls) : []),
        ...(await wrongFlows(session)),
        ...(await wrongLeases(session.leases)),
      ];
    case "warmUp":
      return prepare(session, request.cell);
    case "measure":
      return round(session, request.cell, request.count);
    case "observe":
      return observe(session, request.cell, request.count);
    case "close":
      await pool?.close();
      return session.close();
  }
}

/** Threads make calls for a time and not up to a number; all else finds its number first. */
async function prepare(opened: Session, cell: Cell): Promise<number> {
  await pool?.close();
  pool = undefined;
  if (cell.kind === "threads") {
    pool = await ThreadPool.open(id, cell.threads ?? 1);
    await pool.run(cell);
    return 0;
  }
  await checkPayload(opened, cell);
  return warmUp(cell, (count) => measure(opened, cell, count));
}

function round(opened: Session, cell: Cell, count: number): Promise<Measurement> {
  const threads = pool;
  return threads ? measureRun(threads.children, cell, () => threads.run(cell)) : measure(opened, cell, count);
}

// Whoever asked is gone, or has asked us to go.
process.on("disconnect", () => process.exit());

process.on("message", (request: Request) => {
  answer(request)
    .then((value): Reply => ({ value }))
    .catch((error: unknown): Reply => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((reply) => {
      process.send?.(reply, () => {
        if (request.op === "close") process.disconnect();
      });
    });
});
