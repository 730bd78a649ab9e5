import { setTimeout as sleep } from "node:timers/promises";
import {
  type Client,
  connect,
  EncodeError,
  GoError,
  GoPanicError,
  inspect,
  TimeoutError,
  WorkerDiedError,
} from "@x/ts2go";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Reading, Streams } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

let client: Client<Streams>;
beforeAll(async () => {
  client = await connect(Streams);
});
afterAll(() => client.close());
afterEach(async () => {
  await until("nothing in flight", () => inspect(client).inFlight === 0);
  expect(inspect(client)).toMatchObject({ queued: 0, bodiesInUse: 0 });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield item;
}

/** A number that has stopped to grow; fails if it never does. */
async function still(look: () => Promise<number>): Promise<number> {
  let last = -1;
  let same = 0;
  for (let i = 0; i < 500 && same < 5; i++) {
    await sleep(20);
    const now = await look();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  expect(same).toBe(5);
  return last;
}

const readings = (n: number): Reading[] => upTo(n).map((value) => ({ name: `r${value}`, value }));

describe("a result stream", () => {
  test.each([0, 1, 2, 255, 256, 257, 1025, 20_000])("of %d items comes whole and in order", async (n) => {
    expect(await all(client.count(n))).toEqual(upTo(n));
  });

  test("of nothing, of bytes, of structs", async () => {
    expect(await all(client.nothing())).toEqual([]);
    const blobs = await all(client.blobs(40, 10_000));
    expect(blobs.map((blob) => [blob.length, blob[0], blob.at(-1)])).toEqual(upTo(40).map((i) => [10_000, i, i]));
  });

  test("of items that are larger than the arena together", async () => {
    const small = await connect(Streams, { regionSize: 16 << 20 });
    let bytes = 0;
    for await (const blob of small.blobs(40, 1 << 20)) bytes += blob.length;
    expect(bytes).toBe(40 << 20);
    await small.close();
  });

  test("gives single items at once when they come slowly", async () => {
    const seen: number[] = [];
    const stream = client.slowly(5, 10);
    for (let i = 0; i < 5; i++) {
      const { value } = await stream.next();
      seen.push(value as number);
      // Nothing gathers behind it.
      expect(seen.length).toBe(i + 1);
    }
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(seen).toEqual(upTo(5));
  });

  test("is not begun before it is read", async () => {
    const before = await client.yielded();
    const stream = client.count(10);
    expect(inspect(client).inFlight).toBe(0);
    await stream.return?.();
    expect(await all(stream)).toEqual([]);
    expect(await client.yielded()).toBe(before);
  });

  test("serves several readers in order", async () => {
    const stream = client.count(3);
    const results = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(results.map(({ value, done }) => (done ? "end" : value))).toEqual([0, 1, 2, "end", "end"]);
  });

  test("stops Go when its reader stops, with at most a window of batches ahead", async () => {
    const before = await client.yielded();
    const stream = client.count(1_000_000);
    for (let i = 0; i < 10; i++) await stream.next();
    const ahead = await still(() => client.yielded());
    expect(ahead - before).toBeLessThanOrEqual(7 * 256);
    await stream.return?.();
  });

  test("that is left by break cancels the handler", async () => {
    const [n] = (await client.ended()).split(" ");
    for await (const i of client.count(1_000_000)) if (i === 1000) break;
    await until("the handler has ended", () => inspect(client).inFlight === 0);
    expect(await client.ended()).toBe(`${Number(n) + 1} canceled by the caller: the reader of the stream has stopped`);
  });

  test("ends with Go's error, after the items before it; a panic likewise", async () => {
    const seen: Reading[] = [];
    const error = await (async () => {
      for await (const reading of client.failing(300, "no more")) seen.push(reading);
    })().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GoError);
    expect(error).toMatchObject({ message: "no more", method: "Streams.failing" });
    expect(seen).toHaveLength(300);
    const stream = client.panicking(1);
    expect(await stream.next()).toEqual({ done: false, value: 0 });
    await expect(stream.next()).rejects.toBeInstanceOf(GoPanicError);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test("ends by a signal or a timeout", async () => {
    const controller = new AbortController();
    const stream = client.count(1_000_000, { signal: controller.signal });
    await stream.next();
    controller.abort(new Error("enough"));
    // What had come before is still there.
    await expect(all(stream)).rejects.toThrow("enough");
    await expect(all(client.slowly(1000, 5, { timeout: 30 }))).rejects.toBeInstanceOf(TimeoutError);
    await expect(all(client.count(5, { signal: AbortSignal.abort("no") }))).rejects.toBe("no");
  });

  test("is disposed of by await using", async () => {
    {
      await using stream = client.count(1_000_000);
      await stream.next();
    }
    await until("the handler has ended", () => inspect(client).inFlight === 0);
  });
});

describe("an argument stream", () => {
  test.each([0, 1, 2, 256, 257, 10_000])("of %d items reaches the handler whole", async (n) => {
    expect(await client.sum(from(upTo(n)))).toBe(n === 0 ? 0 : (n * (n - 1)) / 2);
  });

  test("may be an ordinary iterable, and stands at any place among the parameters", async () => {
    expect(await client.sum([1, 2, 3] as unknown as AsyncIterable<number>)).toBe(6);
    expect(await client.join("-", from(readings(3)), 99)).toBe("r0-r1-r2");
  });

  test("is stopped when the handler has enough, and its source is told", async () => {
    let left = false;
    let made = 0;
    async function* endless(): AsyncGenerator<Reading> {
      try {
        for (;;) yield { name: `r${made++}`, value: 0 };
      } finally {
        left = true;
      }
    }
    expect(await client.join("", endless(), 2)).toBe("r0r1");
    await until("the source was left", () => left);
    expect(made).toBeLessThan(10_000);
  });

  test("waits for a handler that does not read, with at most a window of batches ahead", async () => {
    let made = 0;
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Reading> {
      for (;;) yield { name: "r", value: made++ };
    }
    const stream = client.twice(endless(), { signal: controller.signal });
    await stream.next();
    expect(await still(async () => made)).toBeLessThan(30 * 256);
    await stream.return?.();
  });

  test("that throws rejects the call with what it threw, and the handler hears of it", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new RangeError("the source is dry");
    }
    const error = await client.fate(broken()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RangeError);
    await until("the handler has ended", () => inspect(client).inFlight === 0);
    expect(await client.ended()).toContain("canceled by the caller: the source is dry");
  });

  test("with an item that does not fit is refused with its path", async () => {
    const error = await client
      .join(",", from([{ name: "a", value: 1 }, { name: 7, value: 2 } as unknown as Reading]), 9)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EncodeError);
    expect(error).toMatchObject({ method: "Streams.join", expected: "string" });
    expect((error as EncodeError).path).toMatch(/^readings\[\d\]\.name$/);
    await expect(client.sum(5 as unknown as AsyncIterable<number>)).rejects.toMatchObject({ path: "values" });
  });
});

describe("both ways at once", () => {
  test("every item comes back twice", async () => {
    const back = await all(client.twice(from(readings(2000))));
    expect(back).toEqual(readings(2000).flatMap((r) => [r, r]));
  });

  test("one at a time, as in a conversation", async () => {
    let say: (reading: Reading | undefined) => void = () => {};
    async function* mouth(): AsyncGenerator<Reading> {
      for (;;) {
        const next = await new Promise<Reading | undefined>((resolve) => {
          say = resolve;
        });
        if (next === undefined) return;
        yield next;
      }
    }
    const stream = client.twice(mouth());
    for (let i = 0; i < 50; i++) {
      const first = stream.next();
      await until("it listens", () => say !== undefined);
      await Promise.resolve();
      await sleep(0);
      say({ name: "x", value: i });
      expect((await first).value).toEqual({ name: "x", value: i });
      expect((await stream.next()).value).toEqual({ name: "x", value: i });
    }
    const last = stream.next();
    await sleep(1);
    say(undefined);
    expect(await last).toEqual({ done: true, value: undefined });
  });
});

test("streams in a ring that is nearly too small take turns", async () => {
  const narrow = await connect(Streams, { capacity: 4 });
  const sums = await Promise.all([
    ...upTo(6).map(() => all(narrow.count(3000)).then((list) => list.length)),
    ...upTo(6).map(() => narrow.sum(from(upTo(3000)))),
    ...upTo(3).map(() => all(narrow.twice(from(readings(600)))).then((list) => list.length)),
  ]);
  expect(sums).toEqual([...upTo(6).map(() => 3000), ...upTo(6).map(() => (3000 * 2999) / 2), 1200, 1200, 1200]);
  await narrow.close();
});

test("streams end with WorkerDiedError when the worker does, and the next one works", async () => {
  const own = await connect(Streams);
  const stream = own.count(1_000_000);
  await stream.next();
  let left = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) {
        yield 1;
        await sleep(1);
      }
    } finally {
      left = true;
    }
  }
  const sum = own.sum(endless());
  sum.catch(() => {});
  await sleep(20);
  process.kill(inspect(own).pid as number, "SIGKILL");
  await expect(all(stream)).rejects.toBeInstanceOf(WorkerDiedError);
  await expect(sum).rejects.toBeInstanceOf(WorkerDiedError);
  await until("the source was left", () => left);
  expect(await all(own.count(10))).toEqual(upTo(10));
  await own.close();
});

test("500 streams at once, left and failing at random, leave nothing behind", async () => {
  const own = await connect(Streams, { capacity: 256 });
  let ended = 0;
  await Promise.all(
    upTo(500).map(async (i) => {
      const controller = new AbortController();
      const stream =
        i % 3 === 0
          ? own.count(2000, { signal: controller.signal })
          : i % 3 === 1
            ? own.failing(i, "x", { signal: controller.signal })
            : own.twice(from(readings(i)), { signal: controller.signal });
      let n = 0;
      try {
        for await (const _ of stream) {
          n++;
          if (i % 7 === 0 && n === i) break;
          if (i % 11 === 0 && n === 300) controller.abort("stop");
        }
      } catch {}
      ended++;
    }),
  );
  expect(ended).toBe(500);
  await until("nothing in flight", () => inspect(own).inFlight === 0);
  expect(inspect(own)).toMatchObject({ queued: 0, bodiesInUse: 0 });
  await own.close();
});
