import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { layout, native, type Region } from "@x/mem-ring/channel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { smallRegion, workerUrl } from "./support.js";

// A word that the protocol does not use.
const AT = (layout.CONTROL_GO_BEAT >>> 2) + 1;

let region: Region;
let words: Int32Array;
beforeEach(() => {
  region = smallRegion();
  words = new Int32Array(region.buffer);
});
afterEach(() => region.close());

describe("futexWait", () => {
  it("does not sleep on a word that has another value", () => {
    words[AT] = 5;
    expect(native.futexWait(words, AT, 4, 20_000)).toBe("not-equal");
    words[AT] = -1;
    expect(native.futexWait(words, AT, 0xfffffffe, 20_000)).toBe("not-equal");
    // The same 32 bits, signed or not.
    expect(native.futexWait(words, AT, 0xffffffff, 1)).toBe("timed-out");
    expect(native.futexWait(words, AT, -1, 1)).toBe("timed-out");
  });

  it.each([0, 0.5, 1, 20, 1999.999999999 / 100])("sleeps for %d ms and not less", (ms) => {
    const start = performance.now();
    expect(native.futexWait(words, AT, 0, ms)).toBe("timed-out");
    // The two clocks may differ by a tick.
    expect(performance.now() - start).toBeGreaterThanOrEqual(ms - 1);
  });

  it("takes a time in the past for no time, as Atomics.wait does", () => {
    expect(native.futexWait(words, AT, 0, -1)).toBe("timed-out");
    expect(native.futexWait(words, AT, 0, Number.NEGATIVE_INFINITY)).toBe("timed-out");
  });

  it("refuses an index outside the view", () => {
    for (const index of [words.length, -1, 2 ** 31, 2 ** 32 - 1]) {
      expect(() => native.futexWait(words, index, 0, 1)).toThrow(RangeError);
      expect(() => native.futexWake(words, index, 1)).toThrow(RangeError);
    }
    expect(() => native.futexWait(words, words.length - 1, 0, 1)).not.toThrow();
  });

  it("wakes nobody where nobody sleeps", () => {
    expect(native.futexWake(words, AT, 1)).toBe(0);
  });
});

/** Wakes until somebody was there: between saying so and sleeping, a sleeper takes its time. */
async function wakeOne(count = 1): Promise<number> {
  for (let i = 0; i < 10_000; i++) {
    const woken = native.futexWake(words, AT, count);
    if (woken > 0) return woken;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return 0;
}

describe("a futex between two threads", () => {
  const sleeper = async (timeout: number) => {
    const thread = new Worker(workerUrl("futex-thread.mjs"), {
      workerData: { buffer: region.buffer, at: AT, timeout },
    });
    const answer = once(thread, "message").then(([message]) => message as string);
    await once(thread, "online");
    return { thread, answer };
  };

  it.each([20_000, Number.POSITIVE_INFINITY, Number.NaN])("wakes a thread that waits for %d ms", async (timeout) => {
    const { thread, answer } = await sleeper(timeout);
    expect(await wakeOne()).toBe(1);
    expect(await answer).toBe("ok");
    await thread.terminate();
  });

  it("hands a word to and fro", async () => {
    const rounds = 2000;
    const thread = new Worker(workerUrl("futex-thread.mjs"), {
      workerData: { buffer: region.buffer, at: AT, rounds },
    });
    await once(thread, "online");
    for (let n = 0; n < rounds * 2; n += 2) {
      expect(Atomics.compareExchange(words, AT, n, n + 1)).toBe(n);
      native.futexWake(words, AT, 1);
      while (Atomics.load(words, AT) === n + 1) {
        expect(native.futexWait(words, AT, n + 1, 20_000)).not.toBe("timed-out");
      }
    }
    await once(thread, "exit");
  });

  it("wakes as many as it is told to", async () => {
    const sleepers = await Promise.all([sleeper(20_000), sleeper(20_000), sleeper(20_000)]);
    let woken = 0;
    while (woken < 3) {
      const n = await wakeOne(2);
      expect(n).toBeLessThanOrEqual(2);
      if (n === 0) break;
      woken += n;
    }
    expect(woken).toBe(3);
    expect(await Promise.all(sleepers.map((s) => s.answer))).toEqual(["ok", "ok", "ok"]);
    for (const s of sleepers) await s.thread.terminate();
  });
});

it("a futex wakes a process that has mapped the region by itself", async () => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(workerUrl("futex-process.mjs")), String(region.buffer.byteLength), String(AT)],
    { stdio: ["ignore", "pipe", "inherit", region.fd, region.nodeDoorbell, region.goDoorbell] },
  );
  let out = "";
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  expect(await wakeOne()).toBe(1);
  const [code] = await once(child, "close");
  expect({ code, out }).toEqual({ code: 0, out: "ok\n" });
  expect(Atomics.load(words, AT)).toBe(42);
});
