// A worker_thread that calls Go: reports its worker's pid and a sum, and then ends or goes on calling.
import { parentPort, workerData } from "node:worker_threads";
import { inspect } from "@x/ts2go";
import { trust } from "../gen/trust.js";

let sum = 0;
for (let i = 0; i < 1000; i++) sum += await trust.add(i, 1);
parentPort?.postMessage({ pid: inspect(trust).pid, sum });
if (workerData === "go-on") {
  for (;;)
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? trust.sleep(5) : trust.bytes(new Uint8Array(i * 10)))),
    );
}
