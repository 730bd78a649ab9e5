// The same peer in a thread: the lines are messages. Its ring is either kind: one without the addon, or one on eventfds.
import { parentPort, workerData } from "node:worker_threads";
import { MessageRing, Ring, u64 } from "@x/mem-ring";
import { failure, serve } from "./serve.mjs";

const { memory, handle, ...how } = workerData;

async function open() {
  const messages = how.shape === "messages";
  if (handle === undefined) return messages ? MessageRing.open(memory) : Ring.open(memory, u64);
  // Only here: the other kind has to work where there is no addon.
  const { SharedMessageRing, SharedRing } = await import("@x/mem-ring/process");
  return messages ? SharedMessageRing.open(handle) : SharedRing.open(handle, u64);
}

try {
  const peer = serve(await open(), how);
  let last = Promise.resolve();
  parentPort.on("message", (line) => {
    // null is the end of the input: the thread ends by itself if its queue does not keep it alive.
    if (line === null) parentPort.close();
    // Not in turn: whoever waits has to hear it.
    else if (line.peerDied) peer.peerDied();
    else last = last.then(() => peer.answer(line)).then((answer) => parentPort.postMessage(answer));
  });
  parentPort.postMessage("ready");
} catch (error) {
  parentPort.postMessage(failure(error));
  parentPort.close();
  process.exitCode = 1;
}
