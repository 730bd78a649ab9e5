import { getEventListeners } from "node:events";
import { type Client, connect, inspect, TimeoutError, Ts2goError, WorkerDiedError } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Patience, patience, trust } from "./src/gen/trust.js";
import { until } from "./src/resources.js";
import { runNode } from "./src/run-node.js";

let client: Client<Patience>;
beforeAll(async () => {
  client = await connect(Patience);
});
afterAll(() => client.close());

/** A call that has reached its handler: entries are read in order, and the second call's answer says that it was read. */
async function reached<T>(call: Promise<T>): Promise<Promise<T>[]> {
  call.catch(() => {});
  await client.remaining();
  return [call];
}

const LONG_MS = 60_000;
const idle = () => inspect(client).inFlight === 0;

describe("a signal", () => {
  test("rejects the call at once with its reason, and cancels the handler's context with it as the cause", async () => {
    const controller = new AbortController();
    const [call] = await reached(client.wait("aborted", LONG_MS, { signal: controller.signal }));
    const reason = new Error("the user went away");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until("nothing in flight", idle);
    expect(await client.ends()).toContain("aborted: *ts2go.CanceledError canceled by the caller: the user went away");
  });

  test("that is aborted already: nothing is sent", async () => {
    const before = inspect(client).inFlight;
    const call = client.wait("never", LONG_MS, { signal: AbortSignal.abort("no") });
    expect(inspect(client).inFlight).toBe(before);
    await expect(call).rejects.toBe("no");
    expect((await client.ends()).some((end) => end.startsWith("never"))).toBe(false);
  });

  test("is not listened to any more once the call has settled", async () => {
    const { signal } = new AbortController();
    await client.wait("quick", 1, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    const controller = new AbortController();
    await reached(client.wait("listening", LONG_MS, { signal: controller.signal }));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("gives its reason in 40 bytes, whole characters only, whatever it is", async () => {
    for (const [name, reason] of [
      ["long", new Error("ü".repeat(39))],
      ["symbol", { toString: () => "an object" }],
      ["empty", new Error("")],
    ] as const) {
      const controller = new AbortController();
      const [call] = await reached(client.wait(name, LONG_MS, { signal: controller.signal }));
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
    }
    await until("nothing in flight", idle);
    const ends = await client.ends();
    expect(ends).toContain(`long: *ts2go.CanceledError canceled by the caller: ${"ü".repeat(20)}`);
    expect(ends).toContain("symbol: *ts2go.CanceledError canceled by the caller: an object");
    expect(ends).toContain("empty: *ts2go.CanceledError canceled by the caller: ");
  });

  test("may end many calls at once", async () => {
    const controller = new AbortController();
    const calls = Array.from({ length: 50 }, () => client.wait("many", LONG_MS, { signal: controller.signal }));
    const settled = Promise.allSettled(calls);
    // One listener for all: Node warns of a leak from the eleventh on.
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    await client.remaining();
    controller.abort("all");
    for (const result of await settled) expect(result).toEqual({ status: "rejected", reason: "all" });
    await until("nothing in flight", idle);
  });
});

describe("a timeout", () => {
  test("rejects with TimeoutError and is the deadline of the handler's context", async () => {
    const error = await client.wait("late", LONG_MS, { timeout: 20 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "ERR_TIMEOUT", method: "Patience.wait" });
    await until("nothing in flight", idle);
    expect((await client.ends()).filter((end) => end.startsWith("late"))).toHaveLength(1);
  });

  test("reaches Go with what is left of it; without one there is no deadline", async () => {
    const left = await client.remaining({ timeout: LONG_MS });
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(LONG_MS);
    expect(await client.remaining()).toBe(0);
    expect(await client.remaining({})).toBe(0);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "5" as unknown as number])(
    "of %s is refused by name",
    async (timeout) => {
      const error = await client.remaining({ timeout }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(Ts2goError);
      expect(error).toMatchObject({ code: "ERR_INVALID_OPTION" });
      expect((error as Error).message).toContain("Patience.remaining: option timeout");
    },
  );
});

describe("a call that was given up", () => {
  test("keeps its slot and its memory until Go is done with it, and only then gives them back", async () => {
    const narrow = await connect(Patience, { capacity: 2 });
    const controller = new AbortController();
    const call = narrow.ignore(new Uint8Array(5000), 300, { signal: controller.signal });
    call.catch(() => {});
    await narrow.remaining();
    controller.abort("x");
    await expect(call).rejects.toBe("x");
    expect(inspect(narrow)).toMatchObject({ inFlight: 1, bodiesInUse: 1 });
    // The other slot still serves.
    expect(await narrow.remaining()).toBe(0);
    await narrow.close();
    expect(inspect(narrow)).toMatchObject({ inFlight: 0 });
  });

  test("while it was waiting for room is never sent, and those behind it are", async () => {
    const narrow = await connect(Patience, { capacity: 1 });
    const first = narrow.ignore(new Uint8Array(1), 100);
    const controller = new AbortController();
    const given = narrow.wait("queued", 1, { signal: controller.signal });
    const timed = narrow.wait("queued", 1, { timeout: 1 });
    const behind = narrow.remaining();
    expect(inspect(narrow).queued).toBe(3);
    controller.abort("no more");
    await expect(given).rejects.toBe("no more");
    await expect(timed).rejects.toBeInstanceOf(TimeoutError);
    expect(inspect(narrow).queued).toBe(1);
    expect(await behind).toBe(0);
    await first;
    expect(await narrow.ends()).toEqual([]);
    await narrow.close();
  });

  test("does not keep Node alive, though its handler goes on", async () => {
    const { code, stdout } = await runNode("abandoned-call");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "enough\n" });
  });

  test("lets Node live on while another call waits for its place", async () => {
    const { code, stdout } = await runNode("behind-abandoned-call");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "enough\n0\n" });
  });

  test("from a getter of another call's argument is told to Go, and the other call goes on", async () => {
    const controller = new AbortController();
    const call = patience.wait("getter", LONG_MS, { signal: controller.signal });
    call.catch(() => {});
    await patience.remaining();
    const payload = {
      get name() {
        controller.abort("in between");
        return "abc";
      },
      data: Uint8Array.of(1),
    };
    // Both clients share one worker.
    expect(await trust.sum(payload)).toBe(4);
    await expect(call).rejects.toBe("in between");
    await until("nothing in flight", () => inspect(patience).inFlight === 0);
    expect(await patience.ends()).toContain("getter: *ts2go.CanceledError canceled by the caller: in between");
    await trust.close();
  });

  test("before its worker died stays rejected with the signal's reason, and nothing is unhandled", async () => {
    const own = await connect(Patience);
    const controller = new AbortController();
    const given = own.ignore(new Uint8Array(1), LONG_MS, { signal: controller.signal });
    given.catch(() => {});
    const other = own.ignore(new Uint8Array(1), LONG_MS);
    other.catch(() => {});
    await own.remaining();
    controller.abort("mine");
    process.kill(inspect(own).pid as number, "SIGKILL");
    await expect(given).rejects.toBe("mine");
    await expect(other).rejects.toBeInstanceOf(WorkerDiedError);
    await own.close();
  });
});

test("20,000 calls given up at any moment all settle, and leave nothing behind", async () => {
  const own = await connect(Patience, { capacity: 64 });
  let rejected = 0;
  let answered = 0;
  for (let round = 0; round < 100; round++) {
    const calls = Array.from({ length: 200 }, (_, i) => {
      const controller = new AbortController();
      const call = own.wait("r", i % 3, { signal: controller.signal, ...(i % 5 === 0 ? { timeout: 1 } : {}) });
      if (i % 4 === 0) controller.abort("now");
      else if (i % 4 === 1) queueMicrotask(() => controller.abort("soon"));
      else if (i % 4 === 2) setImmediate(() => controller.abort("later"));
      return call.then(
        () => answered++,
        () => rejected++,
      );
    });
    await Promise.all(calls);
  }
  expect(answered + rejected).toBe(20_000);
  expect(answered).toBeGreaterThan(0);
  await until("nothing in flight", () => inspect(own).inFlight === 0);
  expect(inspect(own)).toMatchObject({ queued: 0, bodiesInUse: 0 });
  await own.close();
});
