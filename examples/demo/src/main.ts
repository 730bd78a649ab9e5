/** The main job: `await` Go functions as if they stood in this file. Go's half is main.go; demo.ts joins the two. */
import { createHistogram } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { EncodeError } from "@x/ts2go";
import type { DemoComplicatedRequest } from "./demo.js";
import { demo } from "./gen/demo.js";

const ada = { name: "ada", age: 36 };
const bob = { name: "bob", age: 3 };
const balabala = new Uint8Array(16);
const adults: DemoComplicatedRequest = { users: [ada, ada], balabala };

console.log("Two users of 36, checked in Go. The Go program starts at this first call:");
console.log("  await demo.check(...)  ", await demo.check(adults));

console.log("One of 3 among them:");
console.log("  await demo.check(...)  ", await demo.check({ users: [ada, bob], balabala }));

console.log("A call without an answer. Go prints what it heard:");
demo.oneway(bob);
// Nobody waits for it: it comes when it comes.
await setTimeout(50);

console.log("1000 calls at once, each of which sleeps 10 ms in Go:");
let start = performance.now();
await Promise.all(Array.from({ length: 1000 }, () => demo.checkSlowly(adults)));
const slowly = `${(performance.now() - start).toFixed(0)} ms`;
console.log(`  all answered after ${slowly}`);

console.log("An age that does not fit into a byte. The call rejects, and nothing is sent:");
const refusal = await demo
  .check({ users: [ada, { name: "eve", age: 300 }], balabala })
  .catch((error: unknown) => error);
if (!(refusal instanceof EncodeError)) throw new Error("an age of 300 was accepted");
console.log(`  ${refusal.name} at ${refusal.path}: expected ${refusal.expected}, got ${refusal.received}`);

console.log("20,000 calls, each awaited before the next is made:");
const nanoseconds = createHistogram();
for (let i = 0; i < 20_000; i++) {
  const begin = process.hrtime.bigint();
  await demo.check(adults);
  nanoseconds.record(process.hrtime.bigint() - begin);
}
const median = `${(nanoseconds.percentile(50) / 1000).toFixed(1)} us`;
console.log(`  a call takes ${median} (median)`);

console.log("100,000 calls, 1000 of them in flight at a time:");
start = performance.now();
for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 1000 }, () => demo.check(adults)));
const perSecond = Math.round(100_000 / ((performance.now() - start) / 1000)).toLocaleString("en-US");
console.log(`  ${perSecond} calls a second`);

// `npm run demo` puts this into its summary. Nothing has to be closed: an idle client lets the program end.
process.send?.([
  `an awaited call takes ${median} (median of 20,000)`,
  `1000 in flight: ${perSecond} calls a second; 1000 that sleep 10 ms each took ${slowly} together`,
]);
