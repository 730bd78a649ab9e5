/** A worker_thread with one end of a queue: does what it is asked, and sleeps in its event loop between. */
import { parentPort, workerData } from "node:worker_threads";
import type { Job, Role } from "./end.js";
import { run } from "./end.js";
import { makeEnd, type Place } from "./transports.js";

const { place, role } = workerData as { place: Place; role: Role };
const end = await makeEnd(place, role);
parentPort?.on("message", (job: Job) => run(end, job).then((done) => parentPort?.postMessage(done)));
parentPort?.postMessage("ready");
