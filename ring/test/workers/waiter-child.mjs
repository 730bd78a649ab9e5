// One waiter (or many) in the main thread of a process that does nothing else: what wakes the event loop is the waiter.
// Prints JSON. No timers where a lost wake-up must not be healed by one.
import { Worker } from "node:worker_threads";
import {
  Doorbell,
  layout,
  native,
  RawConsumer,
  RawProducer,
  Reason,
  Region,
  toNode,
  Waiter,
} from "@x/mem-ring/channel";

const [mode, ...args] = process.argv.slice(2);
const print = (value) => console.log(JSON.stringify(value));
const names = Object.fromEntries(Object.entries(Reason).map(([name, value]) => [value, name]));

function open(spin, callback, capacity = 8) {
  const region = Region.create({ size: 1 << 20, toGoCapacity: 8, toNodeCapacity: capacity }, new Uint8Array(32));
  const { buffer, header, nodeDoorbell, goDoorbell } = region;
  const direction = toNode(header);
  const words = new Int32Array(buffer);
  for (const at of [direction.tail, direction.head]) words[at >>> 2] = 0xffffff00;
  const end = {
    region,
    words,
    direction,
    producer: new RawProducer(buffer, direction, new Doorbell(nodeDoorbell)),
    consumer: new RawConsumer(buffer, direction, new Doorbell(goDoorbell)),
    received: 0,
    waiter: undefined,
    /** Takes up to `max` entries, which have to be numbered. */
    drain(max = Number.POSITIVE_INFINITY) {
      const n = Math.min(this.consumer.available(), max);
      for (let i = 0; i < n; i++) {
        const got = words[(this.consumer.at(i) + layout.ENTRY_CALL_ID) >>> 2];
        if (got !== this.received) throw new Error(`entry ${this.received} came out as ${got}`);
        this.received++;
      }
      if (n > 0) this.consumer.advance(n);
      this.waiter.head = this.consumer.index;
      return n;
    },
    sent: 0,
    send() {
      const at = this.producer.claim();
      if (at < 0) return false;
      words[(at + layout.ENTRY_CALL_ID) >>> 2] = this.sent++;
      this.producer.publish();
      return true;
    },
  };
  end.waiter = new Waiter(buffer, direction, nodeDoorbell, end.consumer.index, spin, (reason) =>
    callback(end, names[reason]),
  );
  return end;
}

/** A thread that produces on the ends' rings; it keeps quiet when it is done, and keeps nothing alive. */
function feeder(ends, options) {
  const thread = new Worker(new URL("./feeder.mjs", import.meta.url), {
    workerData: {
      rings: ends.map(({ region }) => ({
        buffer: region.buffer,
        header: region.header,
        nodeDoorbell: region.nodeDoorbell,
      })),
      ...options,
    },
  });
  thread.unref();
  return thread;
}

const modes = {
  // Nothing is expected: the process ends, though nobody closes the waiter.
  "ends when idle"() {
    open("adaptive", () => {});
  },

  // Something is expected and never comes.
  "stays while pending"() {
    open("adaptive", () => {}).waiter.pending = 1;
    print("up");
  },

  // Something is expected, comes, and then nothing is any more.
  "ends when the last has come"() {
    const end = open("adaptive", () => {
      end.drain();
      if (end.received === 100) end.waiter.pending = 0;
    });
    end.waiter.pending = 1;
    feeder([end], { count: 100 });
    process.on("exit", () => print({ received: end.received }));
  },

  // pending goes up and down in one turn, and from timers: only its last value counts.
  "pending to and fro"() {
    const end = open("adaptive", () => {});
    for (let i = 0; i < 10; i++) {
      end.waiter.pending = 5;
      end.waiter.pending = 0;
    }
    setTimeout(() => {
      end.waiter.pending = 1;
      setTimeout(() => {
        end.waiter.pending = 0;
      }, 5);
    }, 5);
  },

  // Asleep: how much processor time in one second? The best of three, should the machine be busy with other things.
  async "idle cpu"() {
    const end = open(args[1] ?? "adaptive", () => end.drain());
    end.waiter.pending = Number(args[0]);
    end.send();
    const used = [];
    for (let i = 0; i < 3 && !(used.at(-1) < 20_000); i++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const start = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { user, system } = process.cpuUsage(start);
      used.push(user + system);
    }
    print({ us: Math.min(...used), stats: end.waiter.stats, received: end.received });
    end.waiter.pending = 0;
  },

  // One entry after the other, from another thread that waits for each to be read.
  "one by one"() {
    const [spin, pending, count] = JSON.parse(args[0]);
    const end = open(spin, () => {
      end.drain();
      if (end.received < count) return;
      print({ received: end.received, stats: end.waiter.stats, cpus: native.cpuCount() });
      end.waiter.close();
      process.exit();
    });
    end.waiter.pending = pending;
    const thread = feeder([end], { count, lockstep: true });
    // Where the waiter keeps nothing alive, the thread does.
    if (pending === 0) thread.ref();
  },

  // Somebody overwrites `sleeping` while the loop sleeps: the producer does not ring.
  "flag overwritten"() {
    const reasons = [];
    const end = open(false, (_, reason) => {
      const n = end.drain();
      if (n === 0) return;
      reasons.push(reason);
      print({ reasons, received: end.received });
      process.exit();
    });
    end.waiter.pending = 1;
    feeder([end], { count: 1, mute: true });
  },

  // close() inside the callback, for each reason that it can have.
  "close in the callback"() {
    const [wanted] = args;
    let calls = 0;
    let after = 0;
    const end = open(wanted === "entries" ? 5000 : false, (_, reason) => {
      if (calls > 0) after++;
      if (reason !== wanted) return;
      calls++;
      end.waiter.close();
      end.waiter.close();
      end.waiter.pending = 1;
      end.region.close();
      Promise.resolve().then(() => end.waiter.close());
    });
    end.waiter.pending = 1;
    // Doorbells and no entries; or an entry that is there before the loop looks; or nothing at all.
    if (wanted === "doorbell") native.ringDoorbell(end.region.nodeDoorbell);
    if (wanted === "entries") end.send();
    process.on("exit", () => print({ calls, after }));
  },

  many() {
    const count = 50;
    let left = 0;
    const ends = Array.from({ length: 100 }, (_, i) => {
      left++;
      return open([false, "adaptive", 20][i % 3], (end) => {
        if (end.drain() === 0 || end.received !== count) return;
        end.waiter.pending = 0;
        if (i % 2 === 0) end.waiter.close();
        left--;
      });
    });
    for (const end of ends) end.waiter.pending = 1;
    feeder(ends, { count });
    process.on("exit", () => print({ left, received: ends.reduce((sum, end) => sum + end.received, 0) }));
  },

  "callback throws"() {
    const errors = [];
    const end = open(false, () => {
      if (end.drain() === 0) return;
      if (end.received === 3) end.waiter.pending = 0;
      else end.send();
      throw new Error(`after ${end.received}`);
    });
    process.on("uncaughtException", (error) => errors.push(error.message));
    process.on("exit", () => print({ errors, received: end.received }));
    end.waiter.pending = 1;
    end.send();
  },

  "callback throws, uncaught"() {
    const end = open(false, () => {
      throw new Error("on purpose");
    });
    end.waiter.pending = 1;
    end.send();
  },

  "exit in the callback"() {
    const end = open("adaptive", () => process.exit(7));
    end.waiter.pending = 1;
    end.send();
  },

  // Continuations run when the callback is done, not a turn of the event loop later.
  microtasks() {
    const order = [];
    const end = open(false, () => {
      if (end.drain() === 0) return;
      order.push(`callback ${end.received}`);
      Promise.resolve().then(() => order.push(`then ${end.received}`));
      process.nextTick(() => order.push(`tick ${end.received}`));
      if (end.received < 2) end.send();
      else {
        end.waiter.pending = 0;
        process.on("exit", () => print(order));
      }
    });
    end.waiter.pending = 1;
    end.send();
  },

  // A flood, of which every callback takes one: how many turns did the rest of the loop have meanwhile?
  flood() {
    const spin = JSON.parse(args[0]);
    let turns = 0;
    let callbacks = 0;
    let running = true;
    const end = open(
      spin,
      () => {
        const until = performance.now() + 0.5;
        while (performance.now() < until);
        callbacks++;
        if (end.drain(1) === 1 && end.received < 200) return;
        if (end.received < 200) return;
        running = false;
        end.waiter.pending = 0;
      },
      256,
    );
    end.waiter.pending = 1;
    for (let i = 0; i < 200; i++) end.send();
    const turn = () => {
      turns++;
      if (running) setImmediate(turn);
      else print({ turns, callbacks, received: end.received });
    };
    setImmediate(turn);
  },
};

await modes[mode]();
