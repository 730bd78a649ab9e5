// Ends worker_threads at every moment of a waiter's life, and says what is left of them.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Doorbell, layout, RawProducer, Region, toNode } from "@x/mem-ring/channel";

const rounds = Number(process.argv[2]);
const moods = ["reads", "loops for ever", "exits", "throws", "closes", "reads", "sleeps"];
const fds = () => readdirSync("/proc/self/fd").length;
const mappings = () => readFileSync("/proc/self/maps", "utf8").split("memfd:mem-ring").length - 1;

let delivered = 0;
async function round(i) {
  const mood = moods[i % moods.length];
  const region = Region.create({ size: 1 << 20, toGoCapacity: 8, toNodeCapacity: 64 }, new Uint8Array(32));
  const { buffer, header, nodeDoorbell, goDoorbell } = region;
  const spin = [false, "adaptive", 2000][i % 3];
  const thread = new Worker(new URL("./waiting-thread.mjs", import.meta.url), {
    workerData: { buffer, header, nodeDoorbell, goDoorbell, spin, pending: 1, mood, expected: -1 },
    stderr: true,
  });
  thread.on("error", (error) => {
    if (!error.message.includes("on purpose")) throw error;
  });
  const gone = new Promise((resolve) => thread.once("exit", resolve));
  await Promise.race([new Promise((resolve) => thread.once("message", resolve)), gone]);
  const producer = new RawProducer(buffer, toNode(header), new Doorbell(nodeDoorbell));
  const words = new Int32Array(buffer);
  const end = performance.now() + Math.random() * 20;
  let n = 0;
  // Publishes while the thread is being ended, too.
  const ending = sleep(Math.random() * 10).then(() => (mood === "sleeps" ? thread.terminate() : undefined));
  while (performance.now() < end) {
    const at = mood === "sleeps" ? -1 : producer.claim();
    if (at >= 0) {
      words[(at + layout.ENTRY_CALL_ID) >>> 2] = n++;
      producer.publish();
    }
    if (n % 16 === 0) await sleep(0);
  }
  delivered += Atomics.load(words, layout.CONTROL_TO_NODE_HEAD >>> 2);
  await ending;
  await thread.terminate();
  await gone;
  region.close();
}

// The first thread makes Node open what it keeps.
for (let i = 0; i < moods.length; i++) await round(i);
gc();
await sleep(20);
const before = fds();
for (let i = 0; i < rounds; i += 2) await Promise.all([round(i), round(i + 1)]);
for (let i = 0; i < 400 && (fds() > before || mappings() > 0); i++) {
  gc();
  await sleep(10);
}
console.log(JSON.stringify({ fds: fds() - before, mappings: mappings(), delivered }));
