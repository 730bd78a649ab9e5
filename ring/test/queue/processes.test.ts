import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { PeerDiedError, Ring, RoleTakenError, u32 } from "@x/mem-ring";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";
import { afterEach, describe, expect, it } from "vitest";
import { openFds } from "../support.js";
import { L } from "./kinds.js";

const script = fileURLToPath(new URL("./other-end.mjs", import.meta.url));
const children: ChildProcess[] = [];
const workers: Worker[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const worker of workers.splice(0)) await worker.terminate();
});

/** The other end in a process of its own; its lines so far. */
function child(what: string, fds: readonly number[] = []) {
  const process_ = spawn(process.execPath, ["--expose-gc", script, what], {
    stdio: ["ignore", "pipe", "inherit", ...fds],
  });
  children.push(process_);
  let out = "";
  process_.stdout?.on("data", (data) => {
    out += data;
  });
  const exited = once(process_, "close").then(([code, signal]) => ({ code, signal, out }));
  /** Until it has printed this. */
  const said = async (text: string) => {
    while (!out.includes(text)) await once(process_.stdout as NodeJS.ReadableStream, "data");
  };
  return { process: process_, exited, said };
}

function thread(what: string, ring: unknown) {
  const worker = new Worker(script, { argv: [what], workerData: ring });
  workers.push(worker);
  return { worker, said: () => once(worker, "message").then(([text]) => text as string) };
}

const create = (capacity = 4) => SharedRing.create({ entry: u32, capacity });

describe("what keeps a process alive", () => {
  it.each(["Ring", "SharedRing"])("an idle %s does not, with both ends, even after they have waited", async (kind) => {
    const { code, out } = await child(`idle ${kind}`).exited;
    expect([code, out]).toEqual([0, "waited\nidle\n"]);
  });

  it.each([
    ["pop", "Ring"],
    ["pop", "SharedRing"],
    ["push", "Ring"],
    ["push", "SharedRing"],
  ])("a %s that waits on a %s does", async (what, kind) => {
    const { process: p, said, exited } = child(`${what} ${kind}`);
    // It says so in an unref'd timer's callback: nothing but the wait has kept it alive until then.
    await said("still here");
    p.kill("SIGKILL");
    expect((await exited).signal).toBe("SIGKILL");
  });

  it.each(["Ring", "SharedRing"])("a process that waits on a %s sleeps", async (kind) => {
    const { out } = await child(`sleeps ${kind}`).exited;
    const { switches, cpuMs, waits } = JSON.parse(out) as { switches: number; cpuMs: number; waits: number };
    // The ring of whoever takes the other role may come in between.
    expect(waits).toBeLessThanOrEqual(2);
    // A thread that polls, or spins, does so thousands of times in this time.
    expect(switches).toBeLessThan(100);
    expect(cpuMs).toBeLessThan(150);
  });
});

describe("a second end is refused", () => {
  it("in another process and in another thread", async () => {
    const ring = create();
    const producer = ring.producer();
    const { out } = await child("take producer", ring.fds).exited;
    expect(out).toContain(`ERR_RING_ROLE_TAKEN: the ring has a producer already (process ${process.pid})`);
    expect(await thread("take producer", ring.handle).said()).toContain("ERR_RING_ROLE_TAKEN");
    const plain = Ring.create({ entry: u32, capacity: 1 });
    const other = plain.consumer();
    expect(await thread("take consumer", plain.memory).said()).toContain("ERR_RING_ROLE_TAKEN");
    const first = child("take consumer", ring.fds);
    expect((await first.exited).out).toBe("taken\n");
    expect(() => ring.consumer()).toThrow(RoleTakenError);
    expect(() => ring.consumer()).toThrow(`(process ${first.process.pid})`);
    producer.close();
    other.close();
    ring.close();
  });
});

describe("an end that dies", () => {
  it.each(["sleep", "adaptive", "spin"] as const)(
    "a killed producer: what it had published is read first, by %s",
    async (wait) => {
      const ring = create(8);
      const consumer = ring.consumer({ wait });
      const pop = consumer.pop();
      const { process: p, said } = child("push three", ring.fds);
      expect(await pop).toBe(1);
      await said("pushed");
      p.kill("SIGKILL");
      expect([await consumer.pop(), await consumer.pop()]).toEqual([2, 3]);
      const waiting = [consumer.pop(), consumer.popMany(3)];
      for (const one of waiting) await expect(one).rejects.toBeInstanceOf(PeerDiedError);
      expect(() => consumer.tryPop()).toThrow(PeerDiedError);
      expect(() => consumer.popSync()).toThrow(PeerDiedError);
      consumer.close();
      ring.close();
    },
  );

  it.each(["sleep", "spin"] as const)("a killed producer ends a popSync, by %s", async (wait) => {
    const ring = create(8);
    const consumer = ring.consumer({ wait });
    const { said, exited } = child("push three and die", ring.fds);
    await said("pushed");
    expect([consumer.popSync(), consumer.popSync(), consumer.popSync()]).toEqual([1, 2, 3]);
    expect(() => consumer.popSync()).toThrow(PeerDiedError);
    await exited;
    consumer.close();
    ring.close();
  });

  it("a killed consumer: pushes that wait are refused", async () => {
    const ring = create(1);
    const producer = ring.producer();
    const { process: p, said } = child("pop one", ring.fds);
    await producer.push(1);
    await said("popped 1");
    await producer.push(2);
    const waiting = Promise.allSettled([producer.push(3), producer.pushMany([4, 5])]);
    p.kill("SIGKILL");
    const died = { status: "rejected", reason: expect.any(PeerDiedError) };
    expect(await waiting).toEqual([died, died]);
    expect(() => producer.tryPush(1)).toThrow(PeerDiedError);
    producer.close();
    ring.close();
  });

  it.each(["pop", "popSync"] as const)("a terminated worker leaves word, to a %s", async (how) => {
    const ring = create(4);
    const consumer = ring.consumer();
    const { worker, said } = thread("push three", ring.handle);
    expect(await said()).toBe("pushed");
    expect([await consumer.pop(), await consumer.pop(), await consumer.pop()]).toEqual([1, 2, 3]);
    const pop = how === "pop" ? expect(consumer.pop()).rejects.toBeInstanceOf(PeerDiedError) : undefined;
    await worker.terminate();
    await pop;
    expect(() => consumer.popSync()).toThrow(PeerDiedError);
    expect(new Int32Array(ring.memory)[L.WORD_CLOSED >>> 2]).toBe(L.DIED);
    consumer.close();
    ring.close();
  });

  it("a terminated worker of a plain Ring: whoever has started it says so", async () => {
    const ring = Ring.create({ entry: u32, capacity: 4 });
    const consumer = ring.consumer();
    const { worker, said } = thread("push three", ring.memory);
    expect(await said()).toBe("pushed");
    worker.once("exit", () => consumer.peerDied());
    expect(await consumer.popMany(3)).toEqual([1, 2, 3]);
    const pop = expect(consumer.pop()).rejects.toBeInstanceOf(PeerDiedError);
    await worker.terminate();
    await pop;
    consumer.close();
  });

  it("an end that closes before its thread ends has closed, and not died", async () => {
    const ring = create(4);
    const consumer = ring.consumer();
    thread("push three and close", ring.handle);
    const got: number[] = [];
    for await (const value of consumer) got.push(value);
    expect(got).toEqual([1, 2, 3]);
    consumer.close();
    ring.close();
  });
});

describe("nothing is left behind", () => {
  // In a process of its own: a test runner holds on to what it has awaited.
  it.each([
    ["closed", "at once"],
    ["dropped with their ends closed", "when they are collected"],
  ])("rings that are %s give back their file descriptors %s, and their memory when collected", async (how) => {
    const { out } = await child(how === "closed" ? "leaks closed" : "leaks dropped").exited;
    const { before, atOnce, after } = JSON.parse(out) as Record<"before" | "atOnce" | "after", [number, number]>;
    if (how === "closed") expect(atOnce[0]).toBe(before[0]);
    expect(after).toEqual(before);
  });

  it("what is no ring stays the caller's", () => {
    const ring = create(2);
    const before = openFds();
    for (let i = 0; i < 10; i++) {
      expect(() => SharedMessageRing.open(ring.fds)).toThrow(
        "queue header: shape is entries (1), expected messages (2)",
      );
      expect(() => SharedRing.open([ring.fds[1], ring.fds[0], ring.fds[2]], u32)).toThrow(
        expect.objectContaining({ code: "ERR_RING_BAD_HEADER" }),
      );
    }
    expect(openFds()).toBe(before);
    ring.close();
  });
});
