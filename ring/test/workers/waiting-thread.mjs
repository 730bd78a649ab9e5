// A worker_thread that consumes ring toNode with a waiter, and can be told to behave badly in its callback.
import { parentPort, workerData } from "node:worker_threads";
import { Doorbell, layout, native, RawConsumer, toNode, Waiter } from "@x/mem-ring/channel";

const { buffer, header, nodeDoorbell, goDoorbell, spin, pending, mood, expected } = workerData;
const words = new Int32Array(buffer);
const consumer = new RawConsumer(buffer, toNode(header), new Doorbell(goDoorbell));
let received = 0;
const waiter = new Waiter(buffer, toNode(header), nodeDoorbell, consumer.index, spin, () => {
  const n = consumer.available();
  for (let i = 0; i < n; i++) {
    const got = words[(consumer.at(i) + layout.ENTRY_CALL_ID) >>> 2];
    if (got !== received) throw new Error(`entry ${received} came out as ${got}`);
    received++;
  }
  consumer.advance(n);
  waiter.head = consumer.index;
  if (n === 0) return;
  if (mood === "loops for ever") for (;;) native.cpuCount();
  if (mood === "exits") process.exit(0);
  if (mood === "throws") throw new Error("on purpose");
  if (mood === "closes") waiter.close();
  if (received === expected) {
    parentPort.postMessage({ received, stats: waiter.stats });
    waiter.pending = 0;
  }
});
waiter.pending = pending;
parentPort.postMessage("ready");
