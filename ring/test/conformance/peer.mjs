// `node peer.mjs producer|consumer entries|messages spin|adaptive|sleep [blocking]`: an end in a process of its own.
import { createInterface } from "node:readline";
import { u64 } from "@x/mem-ring";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";
import { failure, serve } from "./serve.mjs";

const [role, shape, wait, blocking] = process.argv.slice(2);
const FDS = [3, 4, 5];

function open() {
  try {
    const ring = shape === "messages" ? SharedMessageRing.open(FDS) : SharedRing.open(FDS, u64);
    return serve(ring, { role, shape, wait, blocks: blocking === "blocking" });
  } catch (error) {
    console.log(failure(error));
    process.exitCode = 1;
  }
}

const peer = open();
if (peer !== undefined) {
  console.log("ready");
  // One line after the other: the next is read when this one is answered. It ends when there are no more and nobody
  // waits: a queue that is open keeps no process alive.
  for await (const line of createInterface({ input: process.stdin })) console.log(await peer.answer(line));
}
