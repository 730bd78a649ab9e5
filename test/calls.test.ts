import { type Client, connect, EncodeError, inspect, Ts2goError } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything } from "./src/everything.js";
import { type Everything, Trust } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

let client: Client<Trust>;
beforeAll(async () => {
  client = await connect(Trust);
});
afterAll(() => client.close());

test("a value of every type comes back equal", async () => {
  expect(await client.echo(everything)).toEqual(everything);
});

test("absent, null and empty values come back as they went", async () => {
  const { maybe, chain, ...rest } = everything;
  const sparse: Everything = {
    ...rest,
    list: [],
    nested: [],
    colors: [],
    text: "",
    arrays: { ...everything.arrays, u8: new Uint8Array(), f64: new Float64Array() },
  };
  const back = await client.echo(sparse);
  expect(back).toEqual(sparse);
  expect("maybe" in back).toBe(false);
  expect(back.orNull).toBe(null);
});

// On both sides of every size at which another way to copy takes over.
test.each([1, 24, 25, 64, 255, 256, 511, 2047, 2048, 4097, 100_003])("%d elements of every number type", async (n) => {
  const numbers = Array.from({ length: n }, (_, i) => (i * 31) % 127);
  const arrays: Everything["arrays"] = {
    u8: Uint8Array.from(numbers),
    i8: Int8Array.from(numbers),
    u16: Uint16Array.from(numbers),
    i16: Int16Array.from(numbers),
    u32: Uint32Array.from(numbers),
    i32: Int32Array.from(numbers),
    f32: Float32Array.from(numbers),
    f64: Float64Array.from(numbers),
    u64: BigUint64Array.from(numbers, BigInt),
    i64: BigInt64Array.from(numbers, BigInt),
  };
  const back = (await client.echo({ ...everything, arrays })).arrays;
  for (const [kind, sent] of Object.entries(arrays)) {
    const came = back[kind as keyof typeof back];
    expect(came.constructor).toBe(sent.constructor);
    expect(Buffer.compare(Buffer.from(came.buffer, came.byteOffset, came.byteLength), Buffer.from(sent.buffer))).toBe(
      0,
    );
  }
});

test("a subarray sends only its own part", async () => {
  const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
  expect(await client.bytes(whole.subarray(10, 90))).toEqual(whole.slice(10, 90));
});

test("what comes back is a copy of one's own", async () => {
  const first = await client.bytes(Uint8Array.of(1, 2, 3));
  await client.bytes(Uint8Array.of(9, 9, 9));
  expect(first).toEqual(Uint8Array.of(1, 2, 3));
  expect(first.buffer).toBeInstanceOf(ArrayBuffer);
});

test("several parameters, and none", async () => {
  expect(await client.add(40, 2)).toBe(42);
  expect(await client.add(-2147483648, 1)).toBe(-2147483647);
  expect(await client.join(["a", "b", "c"], ", ")).toBe("a, b, c");
  expect(await client.ping()).toBe(undefined);
});

test("a borrowed request is read in place", async () => {
  expect(await client.sum({ name: "abcd", data: Uint8Array.of(1, 2, 3) })).toBe(10);
});

test("a handler may keep what it owns", async () => {
  const names = Array.from({ length: 100 }, (_, i) => `name-${i}-${"x".repeat(i)}`);
  for (const name of names) await client.keep({ name, data: new Uint8Array(100).fill(7) });
  // Later requests take the same memory.
  await Promise.all(names.map(() => client.bytes(new Uint8Array(200).fill(8))));
  expect(await client.kept()).toEqual(names);
});

test("one-way calls arrive in order", async () => {
  for (let i = 0; i < 1000; i++) client.note(`note ${i}`);
  let notes: string[] = [];
  await until("the notes", () => {
    client.notes().then((list) => {
      notes = list;
    });
    return notes.length === 1000;
  });
  expect(new Set(notes).size).toBe(1000);
});

describe("bodies of every size", () => {
  for (const size of [0, 1, 7, 8, 127, 128, 129, 255, 256, 257, 4095, 4096, 65535, 65536, 65537, 1 << 20, 16 << 20]) {
    test(`${size} bytes`, async () => {
      const data = new Uint8Array(size);
      for (let i = 0; i < size; i += 1 + (i >> 6)) data[i] = i * 31;
      const back = await client.bytes(data);
      expect(Buffer.compare(back, data)).toBe(0);
    });
  }
});

test("strings of every length and kind around the fast path's end", async () => {
  const words: string[] = [];
  for (const unit of ["a", "é", "世", "🌍"]) for (let n = 0; n < 40; n++) words.push(unit.repeat(n));
  expect(await client.join(words, "|")).toBe(words.join("|"));
});

test("growing and shrinking requests of one method", async () => {
  for (const size of [10, 100_000, 10, 3_000_000, 1, 300, 40_000]) {
    expect(await client.sum({ name: "", data: new Uint8Array(size).fill(1) })).toBe(size);
  }
});

test("10,000 calls at once, out of order, all answered rightly", async () => {
  const answers = await Promise.all(
    Array.from({ length: 10_000 }, (_, i) => (i % 100 === 0 ? client.sleep(i % 7) : client.add(i, 1))),
  );
  expect(answers).toEqual(answers.map((_, i) => (i % 100 === 0 ? i % 7 : i + 1)));
});

test("after a drain no body is in use", async () => {
  await Promise.all(Array.from({ length: 5000 }, (_, i) => client.bytes(new Uint8Array(i % 3000))));
  await until("the arena to be empty", () => inspect(client).bodiesInUse === 0);
  expect(inspect(client)).toMatchObject({ state: "open", inFlight: 0, queued: 0 });
});

test("a call from a getter of an argument does not disturb the call around it", async () => {
  let inner: Promise<number> | undefined;
  const payload = {
    get name() {
      inner ??= client.add(1, 2);
      return "abc";
    },
    data: Uint8Array.of(1),
  };
  expect(await client.sum(payload)).toBe(4);
  expect(await inner).toBe(3);
});

test("a call from a getter is sent even if the call around it comes to nothing", async () => {
  await using own = await connect(Trust);
  let inner: Promise<number> | undefined;
  const payload = {
    get name(): string {
      inner = own.add(1, 2);
      throw new Error("no name");
    },
    data: Uint8Array.of(1),
  };
  await expect(own.sum(payload)).rejects.toThrow("no name");
  expect(await inner).toBe(3);
  expect(await own.add(3, 4)).toBe(7);
});

describe("what does not fit is refused with its path, and nothing is sent", () => {
  const bad = (change: object) => client.echo({ ...everything, ...change } as Everything);
  const cases: [string, () => Promise<unknown>, string][] = [
    ["300 as u8", () => bad({ numbers: { ...everything.numbers, a: 300 } }), "value.numbers.a"],
    ["1.5 as int", () => bad({ numbers: { ...everything.numbers, k: 1.5 } }), "value.numbers.k"],
    ["NaN as int", () => bad({ numbers: { ...everything.numbers, k: Number.NaN } }), "value.numbers.k"],
    ["2^64 as u64", () => bad({ numbers: { ...everything.numbers, i: 2n ** 64n } }), "value.numbers.i"],
    ["a number as u64", () => bad({ numbers: { ...everything.numbers, i: 1 } }), "value.numbers.i"],
    ["1e300 as f32", () => bad({ numbers: { ...everything.numbers, g: 1e300 } }), "value.numbers.g"],
    ["a missing field", () => bad({ text: undefined }), "value.text"],
    ["a wrong type", () => bad({ list: "no list" }), "value.list"],
    ["a wrong element", () => bad({ list: ["a", 5] }), "value.list[1]"],
    ["undefined among elements", () => bad({ nested: [[1], undefined, [2]] }), "value.nested[1]"],
    ["a lone surrogate", () => bad({ list: ["ok", `x${"y".repeat(50)}\ud800`] }), "value.list[1]"],
    ["a short lone surrogate", () => bad({ text: "\udc00" }), "value.text"],
    ["null where a struct is wanted", () => bad({ numbers: null }), "value.numbers"],
    ["another typed array", () => bad({ arrays: { ...everything.arrays, u16: Uint8Array.of(1) } }), "value.arrays.u16"],
    ["a word outside the union", () => bad({ color: "mauve" }), "value.color"],
    [
      "a cycle",
      () => {
        const chain: { value: number; next?: unknown } = { value: 1 };
        chain.next = { value: 2, next: chain };
        return bad({ chain });
      },
      "value.chain",
    ],
  ];
  for (const [name, call, path] of cases) {
    test(name, async () => {
      const before = inspect(client).bodiesInUse;
      const error = await call().then(
        () => expect.fail("it was accepted"),
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(EncodeError);
      expect((error as EncodeError).path.startsWith(path)).toBe(true);
      expect((error as EncodeError).code).toBe("ERR_ENCODE");
      expect(inspect(client).bodiesInUse).toBe(before);
    });
  }
});

test("a one-way call throws at once what does not fit", () => {
  expect(() => client.note(5 as unknown as string)).toThrow(EncodeError);
});

test("a body that can never fit is refused at once", async () => {
  await using small = await connect(Trust, { regionSize: 4 << 20, capacity: 16 });
  await expect(small.bytes(new Uint8Array(3 << 20))).rejects.toMatchObject({ code: "ERR_BODY_TOO_LARGE" });
  // The result: the request fits, the answer does not.
  await expect(small.zeros(3 << 20)).rejects.toMatchObject({ code: "ERR_RESULT_REFUSED" });
  expect(await small.bytes(new Uint8Array(1 << 20))).toHaveLength(1 << 20);
  expect(new Ts2goError("ERR_CLOSED", "")).toBeInstanceOf(Error);
});
