// Holds a region and a waiter of its own until it is terminated.
import { parentPort } from "node:worker_threads";
import { Region, toNode, Waiter } from "@x/mem-ring/channel";

const region = Region.create({ size: 1 << 20, toGoCapacity: 8, toNodeCapacity: 8 }, new Uint8Array(32));
const waiter = new Waiter(region.buffer, toNode(region.header), region.nodeDoorbell, 0, "adaptive", () => {});
waiter.pending = 1;
parentPort.postMessage("ready");
