/** A worker_thread with a client of its own: started by `pool.ts` with the contender's id, asked by messages. */
import { parentPort, workerData } from "node:worker_threads";
import { contenders } from "../contenders/index.js";
import { runUntil } from "../driver.js";
import { boundCall } from "../round.js";
import type { ThreadReply, ThreadRequest, ThreadSetup } from "./messages.js";

const { id, stop } = workerData as ThreadSetup;
const stopped = new Int32Array(stop);

const contender = contenders.find((one) => one.id === id);
if (!contender) throw new Error(`no contender is called ${id}`);
const session = await contender.open();

const say = (reply: ThreadReply): void => parentPort?.postMessage(reply);

parentPort?.on("message", ({ op, cell }: ThreadRequest) => {
  if (op === "close") {
    session.close().then(() => process.exit());
    return;
  }
  runUntil(() => Atomics.load(stopped, 0) !== 0, boundCall(session.calls, cell), cell.inFlight).then(
    (ran) => say({ ran }),
    (error: unknown) => say({ error: error instanceof Error ? error.message : String(error) }),
  );
});
say({ childPid: session.childPid });
