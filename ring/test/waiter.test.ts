import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  Doorbell,
  layout,
  native,
  RawProducer,
  Reason,
  type Region,
  RingError,
  type Spin,
  toNode,
  Waiter,
  type WaiterStats,
} from "@x/mem-ring/channel";
import { describe, expect, it } from "vitest";
import { childJson, oneCpu, runChild, smallRegion, until, withoutTaskset, workerUrl } from "./support.js";

const child = <T>(mode: string, ...args: string[]) => childJson<T>("waiter-child.mjs", [mode, ...args]);

describe("a waiter and the life of its process", () => {
  it("keeps nothing alive while nothing is expected", async () => {
    expect(await runChild("waiter-child.mjs", ["ends when idle"])).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(await runChild("waiter-child.mjs", ["pending to and fro"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("keeps the process alive while something is expected", async () => {
    const process_ = spawn(process.execPath, [fileURLToPath(workerUrl("waiter-child.mjs")), "stays while pending"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(process_.stdout, "data");
    await sleep(500);
    expect(process_.exitCode).toBe(null);
    process_.kill("SIGKILL");
    await once(process_, "close");
  });

  it("lets the process end when the last has come", async () => {
    expect(await child("ends when the last has come")).toEqual({ received: 100 });
  });

  it("lets process.exit() do what it says, in the middle of a callback", async () => {
    expect(await runChild("waiter-child.mjs", ["exit in the callback"])).toMatchObject({ code: 7, stderr: "" });
  });

  it.each([
    ["nothing is expected", "0"],
    ["something is expected", "1"],
  ])("uses no processor time while it sleeps and %s", async (_, pending) => {
    const { us, received, stats } = await child<{ us: number; received: number; stats: WaiterStats }>(
      "idle cpu",
      pending,
    );
    expect(received).toBe(1);
    // A hundredth of one processor would be 10 ms. A loop that turns without sleeping uses 1,000.
    expect(us).toBeLessThan(20_000);
    expect(stats.sleeps).toBeGreaterThan(0);
  });
});

describe("every entry is delivered, in order, when they come one by one", () => {
  const count = 3000;
  const run = async (spin: Spin, pending: number, cpu?: number) => {
    const args = ["one by one", JSON.stringify([spin, pending, count])];
    const result = await childJson<{ received: number; stats: WaiterStats; cpus: number }>(
      "waiter-child.mjs",
      args,
      cpu === undefined ? {} : { cpu },
    );
    expect(result.received).toBe(count);
    return result;
  };

  it.each<[Spin, number]>([
    [false, 1],
    [50, 1],
    [5000, 1],
    ["adaptive", 1],
    // Nothing expected: no spin and no tick, only the doorbell.
    ["adaptive", 0],
  ])("spin: %s, pending: %d", async (spin, pending) => {
    const { stats, cpus } = await run(spin, pending);
    expect(stats.spinHits).toBeLessThanOrEqual(stats.spins);
    if (spin === false || pending === 0 || cpus === 1) {
      expect(stats.spins).toBe(0);
      expect(stats.wakes).toBeGreaterThan(0);
      expect(stats.sleeps).toBeGreaterThan(0);
    } else expect(stats.spins).toBeGreaterThan(0);
  });

  it.skipIf(oneCpu === undefined).each<[Spin]>([[50], ["adaptive"], [false]])(
    `on one processor, without ever spinning, spin: %s${withoutTaskset}`,
    async (spin) => {
      const { stats, cpus } = await run(spin, 1, oneCpu as number);
      expect(cpus).toBe(1);
      expect(stats.spins).toBe(0);
      expect(stats.wakes).toBeGreaterThan(0);
    },
  );
});

describe("a waiter's callback", () => {
  it("comes with the tick when somebody has overwritten the flag, and no doorbell rings", async () => {
    expect(await child("flag overwritten")).toEqual({ reasons: ["tick"], received: 1 });
  });

  it.each(["entries", "doorbell", "tick"])("may close the waiter, when its reason is %s", async (reason) => {
    expect(await child("close in the callback", reason)).toEqual({ calls: 1, after: 0 });
  });

  it("may throw: the error is the process's, and the next entries come all the same", async () => {
    expect(await child("callback throws")).toEqual({ errors: ["after 1", "after 2", "after 3"], received: 3 });
    const uncaught = await runChild("waiter-child.mjs", ["callback throws, uncaught"]);
    expect(uncaught.code).toBe(1);
    expect(uncaught.stderr).toContain("on purpose");
  });

  it("is followed at once by what waits for it", async () => {
    expect(await child("microtasks")).toEqual(["callback 1", "tick 1", "then 1", "callback 2", "tick 2", "then 2"]);
  });

  it.each<[Spin]>([[false], [100], ["adaptive"]])(
    "that leaves entries behind does not hold the event loop, spin: %s",
    async (spin) => {
      const { turns, callbacks, received } = await child<{ turns: number; callbacks: number; received: number }>(
        "flood",
        JSON.stringify(spin),
      );
      expect(received).toBe(200);
      // Each callback takes longer than any budget here: after each the others have their turn.
      expect(turns).toBeGreaterThanOrEqual(callbacks / 2);
    },
  );
});

describe("many waiters", () => {
  it("in one event loop all get what is theirs", async () => {
    expect(await child("many")).toEqual({ left: 0, received: 5000 });
  });

  it("one in each of two worker_threads, at once", async () => {
    const count = 20_000;
    const threads = ["adaptive", false].map((spin) => {
      const region = smallRegion(64);
      const { buffer, header, nodeDoorbell, goDoorbell } = region;
      const thread = new Worker(workerUrl("waiting-thread.mjs"), {
        workerData: { buffer, header, nodeDoorbell, goDoorbell, spin, pending: 1, mood: "reads", expected: count },
      });
      const messages: { received: number }[] = [];
      thread.on("message", (message) => message !== "ready" && messages.push(message));
      const producer = new RawProducer(buffer, toNode(header), new Doorbell(nodeDoorbell));
      return { region, thread, messages, producer, words: new Int32Array(buffer), sent: 0 };
    });
    const gone = threads.map(({ thread }) => once(thread, "exit"));
    while (threads.some((t) => t.sent < count)) {
      for (const t of threads) {
        for (let at = 0; t.sent < count; ) {
          at = t.producer.claim();
          if (at < 0) break;
          t.words[(at + layout.ENTRY_CALL_ID) >>> 2] = t.sent++;
        }
        t.producer.publish();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    // With nothing expected any more, the threads end by themselves.
    await Promise.all(gone);
    for (const t of threads) {
      expect(t.messages).toMatchObject([{ received: count }]);
      t.region.close();
    }
  });
});

describe("a waiter is refused", () => {
  const make = (region: Region, spin: Spin, doorbell = region.nodeDoorbell) =>
    new Waiter(region.buffer, toNode(region.header), doorbell, 0, spin, () => {});

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e9, "always", true, null])("with spin: %s", (spin) => {
    const region = smallRegion();
    let error: unknown;
    try {
      make(region, spin as Spin).close();
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(RingError);
    expect(error).toMatchObject({ code: "ERR_RING_INVALID_OPTION" });
    region.close();
  });

  it("with a doorbell that is none", () => {
    const region = smallRegion();
    expect(() => make(region, false, 1 << 20)).toThrow(/createWaiter/);
    expect(() => make(region, false, -1)).toThrow(/createWaiter/);
    region.close();
  });

  it("on a doorbell that has a waiter, until that is closed", async () => {
    const region = smallRegion();
    const first = make(region, false);
    expect(() => make(region, false)).toThrow(/createWaiter/);
    first.close();
    first.close();
    make(region, false).close();
    region.close();
  });

  it("with words outside the region", () => {
    const region = smallRegion();
    const bytes = new Uint8Array(region.buffer);
    const create = (tail: number, sleeping: number, words = 9) =>
      native.createWaiter(bytes, tail, sleeping, region.nodeDoorbell, new Uint32Array(words), () => {});
    for (const offset of [bytes.length, bytes.length - 2, 2 ** 32 - 4, 4097, -4]) {
      expect(() => create(offset, 4096)).toThrow(RangeError);
      expect(() => create(4096, offset)).toThrow(RangeError);
    }
    expect(() => create(4096, 4224, 8)).toThrow(RangeError);
    region.close();
  });
});

it("a waiter in the process of the test hears the doorbell and says why", async () => {
  const region = smallRegion();
  const reasons: number[] = [];
  const direction = toNode(region.header);
  const producer = new RawProducer(region.buffer, direction, new Doorbell(region.nodeDoorbell));
  const waiter: Waiter = new Waiter(region.buffer, direction, region.nodeDoorbell, 0xffffff00, false, (reason) => {
    reasons.push(reason);
    waiter.head = 0xffffff01;
  });
  expect(waiter.stats).toEqual({ sleeps: 0, wakes: 0, spins: 0, spinHits: 0 });
  expect(await until(() => waiter.stats.sleeps > 0)).toBe(true);
  expect(reasons).toEqual([]);
  producer.claim();
  producer.publish();
  // Published to a sleeper: only the doorbell tells.
  expect(producer.doorbells).toBe(1);
  expect(await until(() => reasons.length > 0)).toBe(true);
  expect([Reason.doorbell, Reason.entries]).toContain(reasons[0]);
  const sleeps = waiter.stats.sleeps;
  expect(await until(() => waiter.stats.sleeps > sleeps || sleeps > 1)).toBe(true);
  waiter.close();
  region.close();
});
