// Opens and drops regions without closing them, and says what is left of them: fds, mappings, memory.
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { native, Region } from "@x/mem-ring/channel";

const count = Number(process.argv[2]);
const hash = new Uint8Array(32);
const shape = { size: 4 << 20, toGoCapacity: 64, toNodeCapacity: 64 };

const measure = () => {
  const status = readFileSync("/proc/self/status", "utf8");
  const kb = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)[1]);
  return {
    fds: readdirSync("/proc/self/fd").length,
    mappings: readFileSync("/proc/self/maps", "utf8").split("memfd:mem-ring").length - 1,
    rssMb: kb("VmRSS") / 1024,
    vmMb: kb("VmSize") / 1024,
  };
};

function openAndDrop(i) {
  const region = Region.create(shape, hash);
  const bytes = new Uint8Array(region.buffer);
  // Pages that are not touched would not be missed.
  for (let at = 0; at < bytes.length; at += 64 << 10) bytes[at + 4095] = 1;
  if (i % 8 === 0) {
    // The same memory once more, as a peer would map it.
    const memfd = openSync(`/proc/self/fd/${region.fd}`, "r+");
    Region.open(shape.size, [memfd, native.createDoorbell(), native.createDoorbell()]);
  }
  if (i % 16 === 1) region.close();
  if (i % 32 === 2) {
    // Refused: the region that was tried must not stay either.
    const memfd = openSync(`/proc/self/fd/${region.fd}`, "r+");
    try {
      Region.open(shape.size * 2, [memfd, -1, -1]);
      process.exit(2);
    } catch {
      closeSync(memfd);
    }
  }
}

async function run(n) {
  for (let i = 0; i < n; i++) {
    openAndDrop(i);
    if (i % 100 === 99) {
      gc();
      await turn();
    }
  }
}

// The first of everything grows heaps and caches.
await run(1000);
for (let i = 0; i < 20; i++) {
  gc();
  await sleep(5);
}
const before = measure();
await run(count);
let after = measure();
for (let i = 0; i < 400 && (after.mappings > 0 || after.fds > before.fds); i++) {
  gc();
  await sleep(10);
  after = measure();
}
console.log(JSON.stringify({ before, after }));
