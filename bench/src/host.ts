/**
 * The process in which one contender runs: started by `remote.ts` with the contender's id, asked by messages.
 *
 * A process for each keeps Go runtimes, garbage and crashes apart, and makes its CPU its own.
 */
import { wrongAnswers } from "./answers.js";
import type { Session } from "./contender.js";
import { contenders } from "./contenders/index.js";
import { measure, warmUp } from "./measure.js";
import type { Reply, Request } from "./messages.js";

const id = process.argv[2];
const contender = contenders.find((one) => one.id === id);
let session: Session | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.op === "open") {
    if (!contender) throw new Error(`no contender is called ${id}`);
    session = await contender.open();
    return undefined;
  }
  if (!session) throw new Error("asked before it was opened");
  switch (request.op) {
    case "answers":
      return session.calls ? wrongAnswers(session.calls) : [];
    case "warmUp":
      return warmUp(session, request.cell);
    case "measure":
      return measure(session, request.cell, request.count);
    case "close":
      return session.close();
  }
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
