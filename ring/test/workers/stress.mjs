// The Node end of the two-process tests: sends numbered entries to a Go program, or receives them from it, through a
// region of its own, and prints what both ends have seen. A run in which nothing moves any more is ended from a second
// thread, which wakes nobody and says how the words stand.
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { Doorbell, native, RawConsumer, Reason, Region, toGo, toNode, Waiter } from "@x/mem-ring/channel";
import { producers } from "./mutants.mjs";

if (isMainThread) {
  const { peer, direction, count, capacity, patience, spin, pending, stallMs, producer } = JSON.parse(process.argv[2]);
  const region = Region.create({ size: 1 << 20, toGoCapacity: capacity, toNodeCapacity: capacity }, new Uint8Array(32));
  const { buffer, header } = region;
  const words = new Int32Array(buffer);
  const ring = direction === "toGo" ? toGo(header) : toNode(header);
  for (const way of [toGo(header), toNode(header)]) {
    for (const at of [way.tail, way.head]) words[at >>> 2] = 0xffffff00;
  }
  const go = spawn(peer, [direction === "toGo" ? "read" : "write", String(count), String(patience)], {
    stdio: ["ignore", "pipe", "inherit", region.fd, region.nodeDoorbell, region.goDoorbell],
  });
  let out = "";
  go.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const watch = new Worker(new URL(import.meta.url), { workerData: { buffer, ring, stallMs, child: go.pid } });
  watch.unref();

  const node = { count: 0, checksum: 0, sleeps: 0, ticks: 0 };
  const ended = direction === "toGo" ? send : receive;
  const stats = ended({
    go,
    region,
    ring,
    count,
    capacity,
    patience,
    spin,
    pending,
    node,
    RawProducer: producers[producer],
  });
  go.on("close", (code, signal) => {
    if (code !== 0 || node.count !== count) {
      console.error(`the peer ended with ${code ?? signal} after ${node.count} entries`);
      process.exit(1);
    }
    console.log(JSON.stringify({ node: { ...node, ...stats() }, go: JSON.parse(out) }));
    process.exit(0);
  });
} else {
  const { buffer, ring, stallMs, child } = workerData;
  const words = new Int32Array(buffer);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const read = () => ["tail", "head", "sleeping", "space"].map((name) => Atomics.load(words, ring[name] >>> 2) >>> 0);
  let last = "";
  let since = performance.now();
  for (;;) {
    Atomics.wait(clock, 0, 0, stallMs / 20);
    const [tail, head, sleeping, space] = read();
    const now = `${tail} ${head}`;
    if (now !== last) {
      last = now;
      since = performance.now();
    } else if (performance.now() - since > stallMs) {
      writeSync(1, JSON.stringify({ lost: { tail, head, sleeping, space } }));
      process.kill(child, "SIGKILL");
      process.kill(process.pid, "SIGKILL");
    }
  }
}

/** Looks again so often before it sleeps: often not at all, at times for as long as a wake-up takes. */
function hesitate(patience) {
  return Math.floor(Math.random() * patience) >> Math.floor(Math.random() * 12);
}

function send({ region, ring, count, capacity, patience, node, RawProducer: Kind }) {
  const { buffer, header } = region;
  const words = new Int32Array(buffer);
  const producer = new Kind(buffer, ring, new Doorbell(region.goDoorbell));
  let portion = 1;
  let spins = 0;
  let n = 0;
  let waiting = false;
  const pump = () => {
    while (n < count) {
      const at = producer.claim();
      if (at >= 0) {
        const word = at >>> 2;
        words[word + 1] = n;
        // The ref has 64 bits.
        words[word + 4] = n * 3;
        words[word + 5] = (n * 3) / 2 ** 32;
        words[word + 15] = ~n;
        node.checksum = (Math.imul(node.checksum, 31) + n) | 0;
        n++;
        if (producer.unpublished >= portion || n === count) {
          producer.publish();
          portion = 1 + Math.floor(Math.random() * capacity);
        }
        continue;
      }
      producer.publish();
      if (spins > 0) {
        spins--;
        continue;
      }
      spins = hesitate(patience);
      if (!producer.arm()) continue;
      node.sleeps++;
      waiting = true;
      return;
    }
    node.count = n;
    node.checksum >>>= 0;
  };
  // Nothing is expected on the other ring, so nothing ticks: only the doorbell wakes this loop.
  new Waiter(buffer, toNode(header), region.nodeDoorbell, 0xffffff00, false, (reason) => {
    if (reason !== Reason.doorbell) throw new Error(`woken for the reason ${reason}`);
    if (!waiting) return;
    waiting = false;
    pump();
  });
  pump();
  return () => ({ doorbells: producer.doorbells });
}

function receive({ go, region, ring, count, capacity, spin, pending, node }) {
  const { buffer } = region;
  const words = new Int32Array(buffer);
  const consumer = new RawConsumer(buffer, ring, new Doorbell(region.goDoorbell));
  const waiter = new Waiter(buffer, ring, region.nodeDoorbell, consumer.index, spin, (reason) => {
    if (reason === Reason.tick) {
      node.ticks++;
      lookForLostWake();
    }
    let n = Math.min(consumer.available(), 1024);
    while (n > 0) {
      // Slots are given back in portions of any size.
      const portion = Math.min(n, 1 + Math.floor(Math.random() * capacity));
      for (let i = 0; i < portion; i++) {
        const word = consumer.at(i) >>> 2;
        const got = words[word + 1];
        const ref = (words[word + 4] >>> 0) + (words[word + 5] >>> 0) * 2 ** 32;
        if (got !== node.count || ref !== got * 3 || words[word + 15] !== ~got) {
          console.error(`entry ${node.count} came out as ${got}, ref ${ref}, last word ${words[word + 15]}`);
          process.exit(1);
        }
        node.checksum = (Math.imul(node.checksum, 31) + got) | 0;
        node.count++;
      }
      consumer.advance(portion);
      n -= portion;
    }
    waiter.head = consumer.index;
    if (node.count === count) {
      node.checksum >>>= 0;
      waiter.pending = 0;
    }
  });
  waiter.pending = pending;

  // The tick would heal a lost wake-up. It may find entries; but then the producer is about to take the flag back.
  function lookForLostWake() {
    const sleeping = ring.sleeping >>> 2;
    const end = performance.now() + 5000;
    while (consumer.available() > 0 && Atomics.load(words, sleeping) === 1) {
      if (performance.now() > end) {
        writeSync(1, JSON.stringify({ lost: { healed: "by the tick" } }));
        go.kill("SIGKILL");
        process.exit(1);
      }
      native.futexWait(words, sleeping, 1, 1);
    }
  }
  return () => waiter.stats;
}
