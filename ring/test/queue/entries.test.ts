import { bytes, type Entry, f64, i32, i64, Ring, RingError, u32, u64 } from "@x/mem-ring";
import { describe, expect, it } from "vitest";
import { NEAR_WRAP } from "../support.js";
import { ends, KINDS, rings } from "./kinds.js";

const misuse = expect.objectContaining({ code: "ERR_RING_MISUSE" });
const refused = (f: () => unknown): RingError => {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(RingError);
    return error as RingError;
  }
  throw new Error("nothing was refused");
};

/** A point in a plane, and a name of four letters: what a user may write. */
const point: Entry<{ x: number; y: number; name: string }> = {
  size: 12,
  write(views, at, { x, y, name }) {
    if (name.length !== 4) throw new RangeError("a name has four letters");
    views.data.setFloat32(at, x, true);
    views.data.setInt32(at + 4, y, true);
    for (let i = 0; i < 4; i++) views.u8[at + 8 + i] = name.charCodeAt(i);
  },
  read: (views, at) => ({
    x: views.data.getFloat32(at, true),
    y: views.data.getInt32(at + 4, true),
    name: String.fromCharCode(...views.u8.slice(at + 8, at + 12)),
  }),
};

const bytes3 = bytes(3);
const CODECS: [string, Entry<unknown>, unknown[], [unknown, string][]][] = [
  [
    "f64",
    f64 as Entry<unknown>,
    [0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324],
    [
      ["1", 'string "1"'],
      [1n, "bigint 1"],
    ],
  ],
  [
    "u32",
    u32 as Entry<unknown>,
    [0, 1, 2 ** 31, 2 ** 32 - 1],
    [
      [-1, "number -1"],
      [2 ** 32, "number 4294967296"],
      [1.5, "number 1.5"],
      [Number.NaN, "number NaN"],
      ["5", 'string "5"'],
      [1n, "bigint 1"],
      [undefined, "undefined undefined"],
      [Symbol("s"), "symbol Symbol(s)"],
    ],
  ],
  [
    "i32",
    i32 as Entry<unknown>,
    [0, -1, 2 ** 31 - 1, -(2 ** 31)],
    [
      [2 ** 31, "number 2147483648"],
      [0.5, "number 0.5"],
      [1n, "bigint 1"],
      [null, "object null"],
    ],
  ],
  [
    "u64",
    u64 as Entry<unknown>,
    [0n, 1n, 2n ** 64n - 1n],
    [
      [-1n, "bigint -1"],
      [2n ** 64n, "bigint 18446744073709551616"],
      [1, "number 1"],
    ],
  ],
  [
    "i64",
    i64 as Entry<unknown>,
    [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
    [
      [2n ** 63n, "bigint 9223372036854775808"],
      [1, "number 1"],
    ],
  ],
  [
    "bytes",
    bytes3 as Entry<unknown>,
    [Uint8Array.of(1, 2, 3), Uint8Array.of(255, 0, 128)],
    [
      [Uint8Array.of(1, 2), "one of 2 bytes"],
      ["abc", 'string "abc"'],
    ],
  ],
];

describe.each(KINDS)("entries of a %s", (kind) => {
  it.each(CODECS)(
    "%s: go through at every slot, and what is none is refused and leaves no trace",
    (_, entry, good, bad) => {
      for (const capacity of [1, 2, 4]) {
        const { producer, consumer } = ends(kind, capacity, "sleep", entry);
        for (let round = 0; round <= capacity; round++) {
          for (const value of good) {
            for (const [none, received] of bad) {
              const error = refused(() => producer.tryPush(none));
              expect(error).toEqual(misuse);
              expect(error.message).toMatch(/^push: expected /);
              expect(error.message.endsWith(`got ${received}`)).toBe(true);
              const many = capacity === 1 ? [none] : [value, none];
              expect(refused(() => producer.tryPushMany(many))).toBeInstanceOf(RingError);
              expect(producer.stats.length).toBe(0);
            }
            expect(producer.tryPush(value)).toBe(true);
            expect(consumer.tryPop()).toEqual(value);
          }
          const some = good.slice(0, capacity);
          expect(producer.tryPushMany(good)).toBe(some.length);
          expect(consumer.tryPopMany(good.length)).toEqual(some);
          // So that the next round begins at another slot.
          producer.tryPush(good[0]);
          consumer.tryPop();
        }
      }
    },
  );

  it("of one's own: a record", () => {
    const { producer, consumer } = ends(kind, 4, "sleep", point);
    for (let i = 0; i < 10; i++) {
      const value = { x: i / 2, y: 3 - i, name: `pt_${i}` };
      expect(() => producer.tryPush({ ...value, name: `long${i}` })).toThrow(RangeError);
      expect(producer.tryPush(value)).toBe(true);
      expect(consumer.tryPop()).toEqual(value);
    }
  });

  it("a popped Uint8Array is a copy", () => {
    const { producer, consumer } = ends(kind, 1, "sleep", bytes(2));
    producer.tryPush(Uint8Array.of(1, 2));
    const first = consumer.tryPop();
    producer.tryPush(Uint8Array.of(3, 4));
    expect(first).toEqual(Uint8Array.of(1, 2));
    expect(first?.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it.each([
    [{ size: 0 }, /1 to 65536 bytes, got 0/],
    [{ size: 65537 }, /got 65537/],
    [{ size: 1.5 }, /got 1.5/],
    [{ size: 4, array: "f64" as const }, /elements of its size, 4 bytes; those of f64 have 8/],
  ])("an entry that is none is refused: %o", (shape, text) => {
    const error = refused(() => rings[kind]({ ...u32, array: undefined, ...shape } as unknown as Entry<number>, 1));
    expect(error.code).toBe("ERR_RING_INVALID_OPTION");
    expect(error.message).toMatch(text);
  });
});

describe.each(KINDS)("the capacity of a %s", (kind) => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 4],
    [5, 8],
    [33, 64],
    [64, 64],
  ])("of %d is %d", (asked, capacity) => {
    const { ring, producer, consumer } = ends(kind, asked);
    expect(ring.capacity).toBe(capacity);
    expect(producer.stats.capacity).toBe(capacity);
    for (let round = 0; round < 600 / capacity; round++) {
      for (let i = 0; i < capacity; i++) {
        expect(producer.tryPush(i)).toBe(true);
        expect(producer.stats.length).toBe(i + 1);
        expect(consumer.stats.length).toBe(i + 1);
      }
      expect(producer.tryPush(9)).toBe(false);
      for (let i = 0; i < capacity; i++) expect(consumer.tryPop()).toBe(i);
      expect(consumer.tryPop()).toBeUndefined();
      expect(consumer.ended).toBe(false);
    }
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 30 + 1, "8"])("of %s is refused", (capacity) => {
    const error = refused(() => rings[kind](u32, capacity as number));
    expect(error.code).toBe("ERR_RING_INVALID_OPTION");
    expect(error.message).toContain(`from 1 to 1073741824, got ${capacity}`);
  });

  it("is refused where positions would go beyond 32 bits", () => {
    expect(refused(() => rings[kind](f64, 2 ** 29)).code).toBe("ERR_RING_INVALID_OPTION");
    expect(refused(() => rings[kind](bytes(65536), 2 ** 30)).message).toMatch(/at most 4294901760 bytes/);
  });
});

describe.each(KINDS)("many at once through a %s", (kind) => {
  it.each([1, 2, 4, 8])("in two pieces around the end of a ring of %d", (capacity) => {
    for (let offset = 0; offset < capacity; offset++) {
      for (let count = 0; count <= capacity + 2; count++) {
        const { producer, consumer } = ends(kind, capacity, "sleep", u32, NEAR_WRAP + offset);
        const values = Array.from({ length: count }, (_, i) => i + 1);
        const fits = values.slice(0, capacity);
        const ways: [string, ArrayLike<number>][] = [
          ["array", values],
          ["its own kind", Uint32Array.from(values)],
          ["another", Float64Array.from(values)],
        ];
        for (const [, source] of ways) {
          expect(producer.tryPushMany(source)).toBe(fits.length);
          expect(consumer.tryPopMany(Number.POSITIVE_INFINITY)).toEqual(fits);
          expect(producer.tryPushMany(source, 1)).toBe(Math.max(Math.min(count - 1, capacity), 0));
          expect(consumer.tryPopMany(count)).toEqual(values.slice(1, 1 + capacity));
          expect(producer.tryPushMany(source)).toBe(fits.length);
          const target = new Uint32Array(capacity + 1);
          expect(consumer.tryPopInto(target)).toBe(fits.length);
          expect([...target]).toEqual([...fits, ...new Array(capacity + 1 - fits.length).fill(0)]);
        }
      }
    }
  });

  it("what is no number of entries is refused, and moves nothing", async () => {
    const { producer, consumer } = ends(kind, 4);
    producer.tryPushMany([1, 2, 3]);
    for (const max of [-1, 0.5, Number.NaN, Number.NEGATIVE_INFINITY, "2" as never]) {
      expect(refused(() => consumer.tryPopMany(max)).code).toBe("ERR_RING_MISUSE");
      await expect(consumer.popMany(max)).rejects.toEqual(misuse);
    }
    await expect(consumer.popMany(0)).rejects.toEqual(misuse);
    expect(consumer.tryPopMany(0)).toEqual([]);
    for (const from of [-1, 0.5, Number.NaN]) {
      expect(refused(() => producer.tryPushMany(Uint32Array.of(7), from)).code).toBe("ERR_RING_MISUSE");
    }
    expect(producer.tryPushMany([7], 2)).toBe(0);
    expect(consumer.tryPopMany(9)).toEqual([1, 2, 3]);
  });

  it("tryPopInto takes only an array of the entry's kind", () => {
    const { producer, consumer } = ends(kind, 2);
    producer.tryPush(1);
    const error = refused(() => consumer.tryPopInto(new Float64Array(1)));
    expect(error).toEqual(misuse);
    expect(error.message).toBe("tryPopInto: expected Uint32Array, got Float64Array");
    expect(refused(() => ends(kind, 1, "sleep", point).consumer.tryPopInto(new Uint8Array(1))).code).toBe(
      "ERR_RING_MISUSE",
    );
    expect(consumer.tryPopInto(new Uint32Array(0))).toBe(0);
    expect(consumer.tryPop()).toBe(1);
  });
});

it("the memory of a Ring is as large as the format says", () => {
  for (const [entry, capacity] of [
    [u32, 1],
    [bytes3, 4],
    [f64, 8],
  ] as [Entry<unknown>, number][]) {
    expect(Ring.create({ entry, capacity }).memory.byteLength).toBe(4096 + capacity * entry.size);
  }
});
