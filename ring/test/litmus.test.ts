import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { workerUrl } from "./support.js";

const ROUNDS = 200_000;

/** In how many rounds both sides found the old value: then a producer and a consumer would both go on unheard. */
async function bothOld(ordered: boolean): Promise<number> {
  const memory = new SharedArrayBuffer(128 * 4);
  const sides = [0, 1].map((side) => {
    const worker = new Worker(workerUrl("litmus.mjs"), { workerData: { memory, side, rounds: ROUNDS, ordered } });
    return new Promise<Uint8Array>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  const [a, b] = (await Promise.all(sides)) as [Uint8Array, Uint8Array];
  return a.reduce((count, old, round) => count + (old & (b[round] as number)), 0);
}

it("stores and then loads are seen in one order by Atomics; plain ones lose rounds, where they run side by side", async () => {
  console.log(`store buffer, ${ROUNDS} rounds: both saw the old value in ${await bothOld(false)} with plain accesses`);
  expect(await bothOld(true)).toBe(0);
});
