// Starts a child that outlives every test, guards it, and behaves as it is told to.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { native } from "@x/mem-ring/channel";

const { mood } = workerData;
const child = spawn("sleep", ["1000"], { stdio: "ignore" });
let dismiss = native.guardChild(child.pid);
if (mood === "forgets the guardian") {
  dismiss = undefined;
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  for (let i = 0; i < 10; i++) {
    gc();
    await turn();
  }
}
if (mood === "dismisses") dismiss();
if (mood.startsWith("sees the end")) {
  child.kill("SIGKILL");
  await once(child, "exit");
}
if (mood === "sees the end and dismisses twice") {
  dismiss();
  dismiss();
}
parentPort.postMessage(child.pid);
if (mood === "ends by itself") child.unref();
else setInterval(() => dismiss, 1000);
if (mood === "loops for ever") for (;;) native.cpuCount();
