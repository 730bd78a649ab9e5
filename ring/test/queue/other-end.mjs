// One end of a ring, or both, in a process or a thread of its own: for processes.test.ts.
import { readdirSync, readFileSync } from "node:fs";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { Ring, u32 } from "@x/mem-ring";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";

const [what, name] = process.argv[2].split(" ");
const request = process.argv[2];
const say = (text) => (isMainThread ? process.stdout.write(`${text}\n`) : parentPort.postMessage(text));

/** The ring that was handed over: fds 3 to 5, a handle, or plain memory. */
function opened() {
  if (isMainThread) return SharedRing.open([3, 4, 5], u32);
  return workerData instanceof SharedArrayBuffer ? Ring.open(workerData, u32) : SharedRing.open(workerData, u32);
}

const create = () => (name === "Ring" ? Ring : SharedRing).create({ entry: u32, capacity: 1 });

/** How often this thread has given up the processor by itself. */
const switches = () => Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync("/proc/thread-self/status"))[1]);

/** For as long as the test wants: only where what is waited for must not keep the thread alive, or it would not end. */
const keepAlive = () => setInterval(() => {}, 1_000_000);

if (what === "idle") {
  const ring = create();
  const [producer, consumer] = [ring.producer(), ring.consumer()];
  const pop = consumer.pop();
  await producer.push(1);
  await pop;
  const controller = new AbortController();
  const aborted = consumer.pop(controller);
  controller.abort();
  await aborted.catch(() => say("waited"));
  process.on("exit", () => say(`idle`));
} else if (request.startsWith("pop ") && name !== "one") {
  const ring = create();
  ring.producer();
  ring.consumer().pop();
  setTimeout(() => say("still here"), 300).unref();
} else if (request.startsWith("push ") && !request.startsWith("push three")) {
  const ring = create();
  const producer = ring.producer();
  ring.consumer();
  producer.tryPush(1);
  producer.push(2);
  setTimeout(() => say("still here"), 300).unref();
} else if (what === "sleeps") {
  const ring = create();
  ring.producer();
  const consumer = ring.consumer();
  consumer.pop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [before, cpu] = [switches(), process.cpuUsage()];
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { user, system } = process.cpuUsage(cpu);
  const { waits } = consumer.stats;
  say(JSON.stringify({ switches: switches() - before, cpuMs: (user + system) / 1000, waits }));
  process.exit();
} else if (what === "take") {
  try {
    opened()[name]().close();
    say("taken");
  } catch (error) {
    say(`${error.code}: ${error.message}`);
  }
} else if (what === "push") {
  const producer = opened().producer();
  await producer.pushMany([1, 2, 3]);
  say("pushed");
  if (request.endsWith("close")) producer.close();
  else if (request.endsWith("die")) process.kill(process.pid, "SIGKILL");
  else keepAlive();
} else if (what === "pop") {
  const consumer = opened().consumer();
  say(`popped ${await consumer.pop()}`);
  keepAlive();
} else if (what === "leaks") {
  const maps = () => readFileSync("/proc/self/maps", "utf8").split("memfd:mem-ring").length - 1;
  const held = () => [readdirSync("/proc/self/fd").length, maps()];
  const use = async () => {
    for (let i = 0; i < 50; i++) {
      const ring = SharedRing.create({ entry: u32, capacity: 2 });
      const messages = SharedMessageRing.create({ capacity: 64 });
      const ends = [ring.producer(), ring.consumer(), messages.producer(), messages.consumer()];
      const [producer, consumer, messageProducer, messageConsumer] = ends;
      const pops = [consumer.pop(), messageConsumer.pop()];
      await Promise.all([producer.push(i), messageProducer.push(new Uint8Array(3)), ...pops]);
      const controller = new AbortController();
      const aborted = consumer.pop(controller);
      controller.abort();
      await aborted.catch(() => {});
      for (const end of ends) end.close();
      if (name === "closed") {
        ring.close();
        messages.close();
      }
    }
  };
  // What the first use of all makes stays.
  await use();
  const settle = async () => {
    for (let i = 0; i < 30; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await settle();
  const before = held();
  await use();
  const atOnce = held();
  await settle();
  say(JSON.stringify({ before, atOnce, after: held() }));
}
