// Answers each number in one word with the number after it in the next word; ends at a negative one.
import { workerData } from "node:worker_threads";

const words = new Int32Array(workerData.buffer);
const at = workerData.at;
let last = 0;
for (;;) {
  const n = Atomics.load(words, at);
  if (n === last) {
    Atomics.wait(words, at, n);
    continue;
  }
  last = n;
  Atomics.store(words, at + 1, n + 1);
  Atomics.notify(words, at + 1);
  if (n < 0) break;
}
