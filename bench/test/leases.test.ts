import { describe, expect, it } from "vitest";
import type { Leases } from "../src/contender.js";
import { byCopies, Spare } from "../src/contenders/spare.js";
import { LEASE_WAYS, leaseCall, markEnds, readEnds, wrongLeases } from "../src/leases.js";

/** The handlers of bench/go once more, in JavaScript. */
function honest(): Leases {
  const receive = async (size: number, mark: number) => {
    const bytes = new Uint8Array(size);
    markEnds(bytes, mark);
    return bytes;
  };
  return byCopies(async (bytes) => readEnds(bytes.slice()), receive);
}

describe("the answers of leases", () => {
  it("are right where they are", async () => {
    expect(await wrongLeases(honest())).toEqual([]);
    expect(await wrongLeases(undefined)).toEqual([]);
  });

  it("are named where they are wrong", async () => {
    const stale: Leases = { ...honest(), receive: (size) => honest().receive(size, 7) };
    const wrong = await wrongLeases(stale);
    expect(wrong[0]).toMatch(/^wrong bytes, out 16: got \d+, expected \d+$/);
    expect(wrong.every((one) => one.includes("out"))).toBe(true);
    const short: Leases = { ...honest(), send: async (bytes) => readEnds(bytes.subarray(0, -1)) };
    expect((await wrongLeases(short)).every((one) => one.startsWith("wrong bytes, in"))).toBe(true);
    const failing: Leases = { ...honest(), send: () => Promise.reject(new Error("no room")) };
    expect(await wrongLeases(failing)).toContain("no room");
  });

  it("are found wrong where memory is used twice at a time", async () => {
    const one = new Uint8Array(4096);
    const shared: Leases = {
      ...honest(),
      alloc: () => one,
      send: async (bytes) => {
        await Promise.resolve();
        return readEnds(bytes);
      },
    };
    const call = leaseCall(shared, "in", 4096);
    await expect(Promise.all([call(), call()])).rejects.toThrow("wrong bytes, in 4096");
  });
});

it("reads both ends and the length, and nothing between them", () => {
  const bytes = new Uint8Array(100);
  markEnds(bytes, 255);
  expect([...bytes.subarray(0, 8)]).toEqual([255, 0, 1, 2, 3, 4, 5, 6]);
  expect([...bytes.subarray(-8)]).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
  const before = readEnds(bytes);
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.slice();
    changed[i] = (changed[i] as number) ^ 1;
    expect(readEnds(changed) === before, `byte ${i}`).toBe(i >= 8 && i < 92);
  }
});

it("uses what was given back, by its size, and else makes more", () => {
  const made: number[] = [];
  const spare = new Spare((size) => ({ size, number: made.push(size) }));
  const first = spare.take(5);
  const second = spare.take(5);
  expect(second).not.toBe(first);
  spare.put(5, first);
  expect(spare.take(6)).toEqual({ size: 6, number: 3 });
  expect(spare.take(5)).toBe(first);
  expect(made).toEqual([5, 5, 6]);
});

it("is left out of where nobody lends anything", async () => {
  for (const way of LEASE_WAYS) {
    await expect(leaseCall(undefined, way, 16)()).rejects.toThrow("left out: it offers no leases");
  }
});
