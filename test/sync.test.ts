import { Worker } from "node:worker_threads";
import {
  type Client,
  ClosedError,
  connect,
  EncodeError,
  GoError,
  GoPanicError,
  inspect,
  WorkerDiedError,
} from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything } from "./src/everything.js";
import { Patience, Trouble, Trust } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

let trust: Client<Trust>;
beforeAll(async () => {
  trust = await connect(Trust);
});
afterAll(() => trust.close());

const thrown = (f: () => unknown): Error & { code?: string } => {
  try {
    f();
  } catch (error) {
    return error as Error;
  }
  return expect.fail("nothing was thrown");
};

describe("a sync call", () => {
  test("returns what the promise would have", () => {
    expect(trust.sync.echo(everything)).toEqual(everything);
    expect(trust.sync.add(2, 3)).toBe(5);
    expect(trust.sync.ping()).toBeUndefined();
    expect(trust.sync.zeros(100_000)).toEqual(new Uint8Array(100_000));
  });

  test("waits for a handler that sleeps, longer than anything spins", () => {
    expect(trust.sync.sleep(150)).toBe(150);
  });

  test("throws what the promise would reject with", async () => {
    await using trouble = await connect(Trouble);
    expect(thrown(() => trouble.sync.fail("no", "E_NO"))).toMatchObject({
      name: "GoError",
      message: "no",
      code: "E_NO",
    });
    expect(thrown(() => trouble.sync.fail("no", "E_NO"))).toBeInstanceOf(GoError);
    expect(thrown(() => trouble.sync.panic("ouch"))).toBeInstanceOf(GoPanicError);
    expect(thrown(() => trust.sync.add(1.5, 2))).toBeInstanceOf(EncodeError);
  });

  test("serves the calls of others meanwhile; their promises settle afterwards, in the order of their answers", async () => {
    const order: string[] = [];
    const others = [
      trust.add(1, 1).then(() => order.push("first")),
      trust.sleep(5).then(() => order.push("second")),
      trust.sleep(200, { timeout: 1 }).catch(() => order.push("given up")),
    ];
    expect(trust.sync.sleep(50)).toBe(50);
    order.push("sync");
    await Promise.all(others);
    await until("the one given up is done", () => inspect(trust).inFlight === 0);
    expect(order.slice(0, 3)).toEqual(["sync", "first", "second"]);
  });

  test("waits behind calls that wait for room", async () => {
    const narrow = await connect(Trust, { capacity: 1 });
    const sums = Array.from({ length: 50 }, (_, i) => narrow.add(i, 1));
    expect(inspect(narrow).queued).toBeGreaterThan(0);
    expect(narrow.sync.add(100, 1)).toBe(101);
    expect(await Promise.all(sums)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await narrow.close();
  });

  test("100,000 times, mixed with others, leaves nothing behind", async () => {
    let sum = 0;
    const others: Promise<number>[] = [];
    for (let i = 0; i < 100_000; i++) {
      if (i % 1000 === 0) others.push(trust.add(i, 0));
      sum += trust.sync.add(i, 1);
    }
    expect(sum).toBe((100_000 * 100_001) / 2);
    await Promise.all(others);
    expect(inspect(trust)).toMatchObject({ inFlight: 0, queued: 0, bodiesInUse: 0 });
  });

  test("works without spinning, and in a worker_thread", async () => {
    const calm = await connect(Trust, { spin: false });
    for (let i = 0; i < 100; i++) expect(calm.sync.add(i, 1)).toBe(i + 1);
    await calm.close();
    const worker = new Worker(new URL("dist/programs/sync-thread.js", import.meta.url));
    const result = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    expect(result).toBe(5000);
    await worker.terminate();
  });
});

describe("a sync call is refused", () => {
  test("before Go runs, since starting it takes the event loop", async () => {
    const { trouble } = await import("./src/gen/trust.js");
    const error = thrown(() => trouble.sync.fail("a", "b"));
    expect(error).toMatchObject({ code: "ERR_WOULD_BLOCK" });
    expect(error.message).toContain("await connect");
    await expect(trouble.fail("a", "b")).rejects.toBeInstanceOf(GoError);
    expect(thrown(() => trouble.sync.fail("a", "b"))).toBeInstanceOf(GoError);
    await trouble.close();
  });

  test("inside a getter of another call's argument", async () => {
    let inner: Error | undefined;
    const payload = {
      get name() {
        inner = thrown(() => trust.sync.add(1, 2));
        return "abc";
      },
      data: Uint8Array.of(1),
    };
    expect(await trust.sum(payload)).toBe(4);
    expect(inner).toMatchObject({ code: "ERR_WOULD_BLOCK" });
  });

  test("after the client was closed", async () => {
    const own = await connect(Trust);
    await own.close();
    expect(thrown(() => own.sync.add(1, 2))).toBeInstanceOf(ClosedError);
  });

  test("when the worker ends meanwhile, at once and with no promise left over", async () => {
    const own = await connect(Trouble);
    const error = thrown(() => own.sync.exit(3));
    expect(error).toBeInstanceOf(WorkerDiedError);
    await expect(own.fail("again", "")).rejects.toBeInstanceOf(GoError);
    expect(thrown(() => own.sync.fatal())).toBeInstanceOf(WorkerDiedError);
    await own.close();
  });
});

test("a signal that is aborted meanwhile, by nobody: the call is only given up when the event loop runs again", async () => {
  const own = await connect(Patience);
  const timed = own.ignore(new Uint8Array(1), 300, { timeout: 20 });
  timed.catch(() => {});
  own.sync.ignore(new Uint8Array(1), 50);
  await expect(timed).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
  await own.close();
});
