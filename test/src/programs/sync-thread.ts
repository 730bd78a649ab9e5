// A worker_thread whose calls block it.
import { parentPort } from "node:worker_threads";
import { connect } from "@x/ts2go";
import { Trust } from "../gen/trust.js";

const client = await connect(Trust);
let sum = 0;
for (let i = 0; i < 5000; i++) sum += client.sync.add(0, 1);
parentPort?.postMessage(sum);
await client.close();
