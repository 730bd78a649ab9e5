import { MessageRing, Ring, u32 } from "/ring/index.js";
import { consume, produce } from "./ends.mjs";

const CAPACITY = { entries: 64, messages: 1024 };
const make = (kind) =>
  kind === "entries"
    ? Ring.create({ entry: u32, capacity: CAPACITY.entries })
    : MessageRing.create({ capacity: CAPACITY.messages });

function inWorker(job, options) {
  const worker = new Worker("/worker.mjs", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.result));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ job, ...options });
  }).finally(() => worker.terminate());
}

/** From one worker to another. */
async function workers({ kind, producer, consumer, count, wait }) {
  const { memory } = make(kind);
  const [read, written] = await Promise.all([
    inWorker("consume", { kind, memory, style: consumer, wait }),
    inWorker("produce", { kind, memory, style: producer, count, wait }),
  ]);
  return { ...read, waits: read.waits + written.waits };
}

/** From this thread to a worker, which blocks, and back. */
async function mainThread({ kind, count, wait }) {
  const [there, back] = [make(kind), make(kind)];
  const answered = inWorker("echo", { kind, requests: there.memory, replies: back.memory, wait });
  const [read] = await Promise.all([
    consume({ kind, memory: back.memory, style: "async", wait }),
    produce({ kind, memory: there.memory, style: "async", count, wait }),
    answered,
  ]);
  return read;
}

/** What blocking calls do here. */
function blocking() {
  const ring = Ring.create({ entry: u32, capacity: 1 << 3 });
  const [producer, consumer] = [ring.producer(), ring.consumer()];
  const attempt = (f) => {
    try {
      return f();
    } catch (error) {
      return { name: error.name, code: error.code, message: error.message };
    }
  };
  producer.tryPush(7);
  const there = attempt(() => consumer.popSync());
  const pop = attempt(() => consumer.popSync());
  while (producer.tryPush(8));
  const push = attempt(() => producer.pushSync(9));
  return { there, pop, push, afterwards: consumer.tryPopMany(100).length };
}

globalThis.scenarios = { workers, mainThread, blocking };
