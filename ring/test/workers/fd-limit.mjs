// Creates a region when only so many file descriptors are left, and says what came of it and what it cost.
import { closeSync, openSync } from "node:fs";
import { Region } from "@x/mem-ring/channel";

const left = Number(process.argv[2]);
const taken = [];
const take = () => {
  try {
    for (;;) taken.push(openSync("/dev/null"));
  } catch {
    // That was the last.
  }
};

// Whatever Node opens lazily, it opens now.
process.stdout.write("");
take();
const before = taken.length;
for (let i = 0; i < left; i++) closeSync(taken.pop());
let outcome = "made";
let region;
try {
  region = Region.create({ size: 1 << 20, toGoCapacity: 8, toNodeCapacity: 8 }, new Uint8Array(32));
} catch (error) {
  outcome = error.code;
}
region?.close();
take();
const lost = before - taken.length;
for (const fd of taken) closeSync(fd);
console.log(JSON.stringify({ outcome, lost }));
