import { readFileSync } from "node:fs";
import { connect, inspect, OverloadedError } from "@x/ts2go";
import { expect, test } from "vitest";
import { Trust } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

test("calls wait in a bounded queue, then are refused, and nothing is lost", async () => {
  await using client = await connect(Trust, { capacity: 8, maxQueue: 100 });
  const calls = Array.from({ length: 200 }, (_, i) =>
    client.add(i, 0).then(
      (n) => n,
      (e: Error) => e,
    ),
  );
  expect(inspect(client)).toMatchObject({ inFlight: 8, queued: 100 });
  const results = await Promise.all(calls);
  expect(results.slice(0, 108)).toEqual(Array.from({ length: 108 }, (_, i) => i));
  for (const error of results.slice(108)) expect(error).toBeInstanceOf(OverloadedError);
  expect(results[199]).toMatchObject({ code: "ERR_OVERLOADED", limit: 100 });
});

for (const capacity of [1, 2, 64]) {
  test(`a channel of capacity ${capacity} carries 5,000 calls`, async () => {
    await using client = await connect(Trust, { capacity });
    const results = await Promise.all(Array.from({ length: 5000 }, (_, i) => client.add(i, 1)));
    expect(results).toEqual(results.map((_, i) => i + 1));
  });
}

test("a full request arena makes calls wait", async () => {
  // Two arenas of about 1 MiB: three bodies of 300 KB at a time.
  await using client = await connect(Trust, { regionSize: 2 << 20, capacity: 64 });
  const data = new Uint8Array(300_000).fill(1);
  const sums = await Promise.all(Array.from({ length: 50 }, () => client.sum({ name: "", data })));
  expect(sums).toEqual(Array(50).fill(300_000));
});

test("a full response arena makes handlers wait", async () => {
  await using client = await connect(Trust, { regionSize: 2 << 20, capacity: 64 });
  const results = await Promise.all(Array.from({ length: 60 }, () => client.zeros(400_000)));
  expect(results.every((r) => r.length === 400_000)).toBe(true);
});

test("a million calls submitted in one go all settle, and memory falls back", async () => {
  const client = await connect(Trust, { maxQueue: 1_000_000 });
  const pid = inspect(client).pid as number;
  const gc = (globalThis as { gc?: () => void }).gc as () => void;
  const shmem = () => Number(/^RssShmem:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  await Promise.all(Array.from({ length: 1000 }, () => client.add(1, 1)));
  gc();
  const heap = process.memoryUsage().heapUsed;
  let wrong = 0;
  await (async () => {
    const calls: Promise<void>[] = [];
    for (let i = 0; i < 1_000_000; i++) {
      calls.push(
        client.sum({ name: "", data: new Uint8Array(i & 63).fill(1) }).then((sum) => {
          if (sum !== (i & 63)) wrong++;
        }),
      );
    }
    await Promise.all(calls);
  })();
  expect(wrong).toBe(0);
  await until("the arena to be empty", () => inspect(client).bodiesInUse === 0);
  await until("the heap to fall back", () => {
    gc();
    return process.memoryUsage().heapUsed < heap + (40 << 20);
  });
  expect(shmem()).toBeLessThan(32);
  expect(inspect(client).pid).toBe(pid);
  await client.close();
});

test("large bodies: the region's memory is given back when all is done", async () => {
  await using client = await connect(Trust);
  const shmem = () => Number(/^RssShmem:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  const big = new Uint8Array(32 << 20).fill(3);
  await Promise.all(Array.from({ length: 8 }, () => client.bytes(big)));
  await until("the pages to be given back", () => shmem() < 64);
});
