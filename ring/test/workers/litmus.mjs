// One side of the store-buffer litmus test: stores its own word, then loads the other's, once a round, and says in which
// rounds it found the old value. Rounds are counted in the words themselves, so nothing has to be set back.
import { parentPort, workerData } from "node:worker_threads";

const { memory, side, rounds, ordered } = workerData;
const words = new Int32Array(memory);
// Each word in a cache line of its own.
const own = side * 32;
const other = (1 - side) * 32;
const ownGate = 64 + side * 32;
const otherGate = 64 + (1 - side) * 32;
const old = new Uint8Array(rounds);

for (let round = 1; round <= rounds; round++) {
  // Both leave the gate at nearly the same moment.
  Atomics.store(words, ownGate, round);
  for (let spins = 1; Atomics.load(words, otherGate) < round; spins++) {
    // On one processor the other side waits for this one's.
    if (spins % 2000 === 0) Atomics.wait(words, 127, 0, 0.001);
  }
  if (ordered) {
    Atomics.store(words, own, round);
    if (Atomics.load(words, other) < round) old[round - 1] = 1;
  } else {
    words[own] = round;
    if (words[other] < round) old[round - 1] = 1;
  }
}
parentPort.postMessage(old);
