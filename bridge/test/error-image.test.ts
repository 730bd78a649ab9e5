import fc from "fast-check";
import { expect, test } from "vitest";
import { describeThrown, thrownSpec } from "../dist/call/callbacks/thrown.js";
import { readFailure } from "../dist/call/failure.js";
import * as P from "../dist/call/protocol.js";
import { DecodeError, GoError, Ts2goError } from "../dist/errors.js";
import { Reader } from "../dist/image/reader.js";
import { Views } from "../dist/image/views.js";
import { Writer } from "../dist/image/writer.js";

// What Go reads and what Node reads is one image: so what Node writes is read here as if Go had sent it.
const START = 256;
const HIGH = 7;
const { write } = thrownSpec(0);

function imageOf(thrown: unknown): { views: Views; end: number } {
  const views = new Views(new ArrayBuffer(1 << 20));
  const writer = new Writer(views, HIGH);
  writer.begin(START, P.ERROR_IMAGE_SIZE, 1 << 20);
  write(writer, START, describeThrown(thrown));
  return { views, end: START + writer.length };
}

function read(views: Views, end: number, failure = P.FAILURE_HANDLER): Error {
  const reader = new Reader(views, HIGH, 0, views.u8.length);
  reader.begin(START, P.ERROR_IMAGE_SIZE, end);
  return readFailure(reader, START, failure, "Test.method");
}

const notFound = () =>
  new GoError("not found", "*main.notFound", "NOT_FOUND", "Test.method", {
    details: { id: 2n ** 60n, list: [1, "two", { three: null }] },
    cause: new TypeError("inner", { cause: new Error("innermost") }),
    errors: [new Error("one"), new AggregateError([new Error("three")], "two")],
  });

test("an error image is read as it was written", () => {
  const { views, end } = imageOf(notFound());
  const error = read(views, end) as GoError;
  expect(error).toMatchObject({ message: "not found", goType: "*main.notFound", code: "NOT_FOUND" });
  expect(error.details).toEqual({ id: 2n ** 60n, list: [1, "two", { three: null }] });
  expect(error.cause).toBeInstanceOf(TypeError);
  expect((error.cause as Error).cause).toMatchObject({ message: "innermost" });
  expect(error.errors?.map(({ message }) => message)).toEqual(["one", "two"]);
  const [, two] = error.errors as [Error, AggregateError];
  expect(two.errors).toMatchObject([{ message: "three" }]);
});

test("a damaged one is an error of that call, whatever is in it", () => {
  const { views, end } = imageOf(notFound());
  const whole = views.u8.slice();
  const words = (end - START) >> 2;
  const value = fc.oneof(
    fc.nat({ max: 40 }),
    fc.integer({ min: START, max: end }),
    fc.constant(HIGH),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  );
  const damage = fc.array(fc.tuple(fc.nat({ max: words - 1 }), value), { minLength: 1, maxLength: 4 });
  let refused = 0;
  fc.assert(
    fc.property(damage, fc.constantFrom(1, 1, 1, 2, 3, 4, 5, 6), (writes, failure) => {
      views.u8.set(whole);
      for (const [word, value] of writes) views.u32[(START >> 2) + word] = value;
      try {
        expect(read(views, end, failure)).toBeInstanceOf(Ts2goError);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        refused++;
      }
    }),
    { numRuns: 5000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test.each<[string, (views: Views, nodes: number) => void, string]>([
  ["no error at all", (views) => views.u32.set([0, 0], (START + 8) >> 2), "an error image of 0 errors"],
  [
    "an error that wraps itself",
    (views, at) => views.u32.set([1], (at + P.ERROR_NODE_SIZE + P.ERROR_PARENT) >> 2),
    "error 1 is wrapped by 1",
  ],
  [
    "an error that a later one wraps",
    (views, at) => views.u32.set([5], (at + P.ERROR_NODE_SIZE + P.ERROR_PARENT) >> 2),
    "error 1 is wrapped by 5",
  ],
  [
    "an error that nothing wraps",
    (views, at) => views.u32.set([0xffff_ffff], (at + P.ERROR_NODE_SIZE + P.ERROR_PARENT) >> 2),
    "error 1 is wrapped by 4294967295",
  ],
])("%s is refused", (_, damage, message) => {
  const { views, end } = imageOf(notFound());
  damage(views, views.u32[START >> 2] as number);
  expect(() => read(views, end)).toThrow(message);
});

test("more errors than there may be are refused", () => {
  const { views, end } = imageOf(new AggregateError(Array.from({ length: 50 }, () => new Error("x"))));
  expect(views.u32[(START + 8) >> 2]).toBe(P.ERROR_NODES);
  expect((read(views, end) as GoError).errors?.length).toBe(P.ERROR_NODES - 1);
  views.u32[(START + 8) >> 2] = P.ERROR_NODES + 1;
  expect(() => read(views, end)).toThrow("an error image of 33 errors");
});

test("details that are no JSON, or have keys that errors use themselves, do no harm", () => {
  for (const [details, properties] of [
    ["{", {}],
    ["7", {}],
    ['"text"', {}],
    ['{"message":"other","stack":1,"name":"n","own":12345678901234567890}', { own: 12345678901234567890n }],
    ['{"__proto__":{"polluted":true}}', JSON.parse('{"__proto__":{"polluted":true}}')],
    ['"12345678901234567890"', {}],
  ] as const) {
    const [outer, inner] = describeThrown(new Error("outer", { cause: new Error("inner") }));
    const views = new Views(new ArrayBuffer(1 << 16));
    const writer = new Writer(views, HIGH);
    writer.begin(START, P.ERROR_IMAGE_SIZE, 1 << 16);
    write(writer, START, [outer, { ...(inner as typeof outer), details }]);
    const error = read(views, START + writer.length).cause as Error & { polluted?: boolean };
    expect(error).toMatchObject({ name: "Error", message: "inner" });
    expect(typeof error.stack).toBe("string");
    expect(error.polluted).toBeUndefined();
    expect(Object.fromEntries(Object.entries(error))).toEqual(properties);
  }
});
