import { native } from "@x/mem-ring/channel";
import { describe, expect, test } from "vitest";

const filled = (bytes: Uint8Array) => bytes.map((_, i) => (i * 7) % 251);

describe("copyBytes", () => {
  const memories = {
    "ordinary memory": (size: number) => new Uint8Array(size),
    "shared memory": (size: number) => new Uint8Array(new SharedArrayBuffer(size)),
  };
  for (const [to, target] of Object.entries(memories)) {
    for (const [from, source] of Object.entries(memories)) {
      test(`copies from ${from} to ${to}, at any alignment, and nothing beside`, () => {
        for (const [at, start, count] of [
          [0, 0, 0],
          [1, 2, 1],
          [3, 5, 4096],
          [24, 0, 5000],
          [7, 8, 1_000_000],
        ] as const) {
          const a = target(at + count + 9);
          const b = source(start + count + 9);
          b.set(filled(b));
          const expected = new Uint8Array(a.length);
          expected.set(b.subarray(start, start + count), at);
          native.copyBytes(a, at, b, start, count);
          expect(Buffer.compare(Buffer.from(a), expected)).toBe(0);
        }
      });
    }
  }

  test("copies within one array as if through another", () => {
    const a = filled(new Uint8Array(100));
    const expected = a.slice();
    expected.copyWithin(10, 0, 80);
    native.copyBytes(a, 10, a, 0, 80);
    expect(a).toEqual(expected);
  });

  test.each([
    [-1, 0, 1],
    [0, -1, 1],
    [0, 0, -1],
    [9, 0, 2],
    [0, 9, 2],
    [11, 0, 0],
    [0, 0, 2 ** 52],
    [2 ** 53, 0, 1],
    [Number.NaN, 0, 11],
  ])("refuses what lies outside: at %d, from %d, %d bytes of 10", (at, from, count) => {
    const a = new Uint8Array(10);
    const b = filled(new Uint8Array(10));
    expect(() => native.copyBytes(a, at, b, from, count)).toThrow(RangeError);
    expect(a).toEqual(new Uint8Array(10));
  });

  test.each([
    ["an Int32Array", new Int32Array(4)],
    ["an ArrayBuffer", new ArrayBuffer(4)],
    ["nothing", undefined],
  ])("refuses %s", (_, wrong) => {
    expect(() => native.copyBytes(wrong as never, 0, new Uint8Array(4), 0, 1)).toThrow(TypeError);
    expect(() => native.copyBytes(new Uint8Array(4), 0, wrong as never, 0, 1)).toThrow(TypeError);
  });
});
