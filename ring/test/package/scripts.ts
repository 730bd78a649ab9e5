import type { Example } from "./readme.js";

/** What waits in every way that needs more than plain JavaScript. As the README's examples: a file, and what it prints. */
export const scripts: Example[] = [
  {
    file: "there-and-back.mjs",
    prints: "100000 entries, 4999950000\n",
    code: `
      import { spawn } from "node:child_process";
      import { fileURLToPath } from "node:url";
      import { SharedRing, u32 } from "@x/mem-ring/process";
      const COUNT = 100_000;
      if (process.argv[2] === "child") {
        const requests = SharedRing.open([3, 4, 5], u32).consumer();
        const replies = SharedRing.open([6, 7, 8], u32).producer();
        for await (const n of requests) await replies.push(n);
        replies.close();
      } else {
        const [there, back] = [16, 16].map((capacity) => SharedRing.create({ entry: u32, capacity }));
        const stdio = ["inherit", "inherit", "inherit", ...there.fds, ...back.fds];
        spawn(process.execPath, [fileURLToPath(import.meta.url), "child"], { stdio });
        const producer = there.producer();
        const pushed = producer.pushMany(Uint32Array.from({ length: COUNT }, (_, i) => i)).then(() => producer.close());
        let [count, sum] = [0, 0];
        for await (const n of back.consumer()) {
          count++;
          sum += n;
        }
        await pushed;
        console.log(count + " entries, " + sum);
      }`,
  },
  {
    file: "death.mjs",
    prints: "1 2 3 ERR_RING_PEER_DIED\n",
    code: `
      import { spawn } from "node:child_process";
      import { fileURLToPath } from "node:url";
      import { SharedRing, u32 } from "@x/mem-ring/process";
      if (process.argv[2] === "child") {
        await SharedRing.open([3, 4, 5], u32).producer().pushMany([1, 2, 3]);
        process.kill(process.pid, "SIGKILL");
      } else {
        const ring = SharedRing.create({ entry: u32, capacity: 8 });
        const stdio = ["inherit", "inherit", "inherit", ...ring.fds];
        spawn(process.execPath, [fileURLToPath(import.meta.url), "child"], { stdio });
        const seen = [];
        try {
          for await (const n of ring.consumer()) seen.push(n);
        } catch (error) {
          seen.push(error.code);
        }
        console.log(seen.join(" "));
      }`,
  },
  {
    file: "thread.mjs",
    prints: "1 2 3 ERR_RING_PEER_DIED\n",
    code: `
      import { isMainThread, Worker, workerData } from "node:worker_threads";
      import { SharedRing, u32 } from "@x/mem-ring/process";
      if (isMainThread) {
        const ring = SharedRing.create({ entry: u32, capacity: 8 });
        const worker = new Worker(new URL(import.meta.url), { workerData: ring.handle });
        const seen = [];
        try {
          for await (const n of ring.consumer()) {
            seen.push(n);
            if (n === 3) worker.terminate();
          }
        } catch (error) {
          seen.push(error.code);
        }
        console.log(seen.join(" "));
      } else {
        const producer = SharedRing.open(workerData, u32).producer();
        await producer.pushMany([1, 2, 3]);
        setInterval(() => {}, 1000);
      }`,
  },
  {
    file: "idle.mjs",
    prints: "an end that nobody waits at keeps nothing alive\n",
    code: `
      import { SharedRing, u32 } from "@x/mem-ring/process";
      const ring = SharedRing.create({ entry: u32, capacity: 8 });
      const [producer, consumer] = [ring.producer(), ring.consumer({ wait: "sleep" })];
      const popped = consumer.pop();
      setTimeout(() => producer.push(1), 1);
      await popped;
      console.log("an end that nobody waits at keeps nothing alive");`,
  },
];
