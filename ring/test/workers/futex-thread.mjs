// Sleeps once on a word and says how that ended; or answers every odd number in it with the next even one.
import { parentPort, workerData } from "node:worker_threads";
import { native } from "@x/mem-ring/channel";

const { buffer, at, timeout, rounds } = workerData;
const words = new Int32Array(buffer);
if (rounds === undefined) {
  parentPort.postMessage(native.futexWait(words, at, 0, timeout));
} else {
  for (let n = 1; n < rounds * 2; n += 2) {
    while (Atomics.load(words, at) !== n) native.futexWait(words, at, n - 1, 20_000);
    Atomics.store(words, at, n + 1);
    native.futexWake(words, at, 1);
  }
}
