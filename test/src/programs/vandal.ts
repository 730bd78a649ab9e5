// A worker_thread that overwrites random words of every region of this process, through fds of its own.
import { closeSync, openSync, readdirSync, readlinkSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const { share, seconds } = workerData as { share: "all" | "rings" | "bodies"; seconds: number };
const REGION = 1 << 20;
const CONTROL = 0x1000;
const ENTRIES = 0x2000;
const ARENAS = 0x10000;
const CAPACITY = 32;

function openRegions(): number[] {
  const fds: number[] = [];
  for (const fd of readdirSync("/proc/self/fd")) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`).startsWith("/memfd:mem-ring"))
        fds.push(openSync(`/proc/self/fd/${fd}`, "r+"));
    } catch {
      // It was closed meanwhile.
    }
  }
  return fds;
}

const random = (n: number) => Math.floor(Math.random() * n);
const word = Buffer.alloc(4);

/** A word that is often nearly right: those go deepest. */
function scribble(): void {
  const kind = random(4);
  if (kind === 0) word.writeUInt32LE(random(2 ** 32));
  else if (kind === 1) word.writeUInt32LE(random(8));
  else if (kind === 2) word.writeUInt32LE(ARENAS + random(REGION - ARENAS));
  else word.writeUInt32LE(0);
}

function position(): number {
  if (share === "all") return random(REGION / 4) * 4;
  if (share === "bodies") return ARENAS + (Math.random() < 0.5 ? 0 : (REGION - ARENAS) / 2) + random(0x8000 / 4) * 4;
  return Math.random() < 0.3 ? CONTROL + random(12) * 128 : ENTRIES + random((2 * CAPACITY * 64) / 4) * 4;
}

let writes = 0;
const deadline = performance.now() + seconds * 1000;
while (performance.now() < deadline) {
  const own = openRegions();
  // The rings are so small that writing all the time would leave no call a chance.
  const burst = share === "all" ? 20_000 : 20;
  for (let i = 0; i < burst; i++) {
    scribble();
    for (const fd of own) writeSync(fd, word, 0, 4, position());
    writes++;
  }
  for (const fd of own) closeSync(fd);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, share === "all" ? 1 : 5);
}
parentPort?.postMessage(writes);
