/** What a program does with policies; values and failures are held against cel-go alone. */
import { fileURLToPath } from "node:url";
import { type Client, ClosedError, connect, EncodeError, GoError, inspect, TimeoutError } from "@x/ts2go";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Policies } from "../src/gen/policy.js";
import type { Outcome, Policy, Scalar, Type, Value } from "../src/policy.js";
import { type Plain, toPlain, toValue, toValues } from "../src/value.js";
import { compare } from "./compare.js";
import { comparable } from "./equal.js";
import { type Case, reference } from "./reference.js";

const RANDOM = 200;
const cwd = fileURLToPath(new URL("..", import.meta.url));
const seed = Number(process.env.TS2GO_SEED ?? Math.floor(Math.random() * 2 ** 31));
const scalar = (of: Scalar): Type => ({ kind: "scalar", of });
const int = scalar("int");
const dyn = scalar("dyn");

let policies: Client<Policies>;
beforeAll(async () => {
  policies = await connect(Policies);
});
afterAll(() => policies.close());

/** That Go has ended every call and stream, too. */
const nothingLeft = (client = policies) =>
  expect.poll(() => inspect(client), { timeout: 20_000 }).toMatchObject({ inFlight: 0, bodiesInUse: 0 });

const ENDS = [0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const whole = fc.oneof(fc.constantFrom(...ENDS), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
const SUMS = ["a + b", "a - b", "a * b", "a / b", "a % b", "-a", "a < b", "uint(a)", "double(a)", "[a, b]", "{a: b}"];

const one = (source: string, types: Record<string, Type> = {}, values: Record<string, Value> = {}): Case => ({
  name: "case",
  source,
  types,
  values,
});
const people: Plain = { ada: { age: 36n, tags: ["a", "b"] }, bob: { age: 3n, tags: [] } };
const byHand: Case[] = [
  one(""),
  one("1 +"),
  one("1 + 'a'"),
  one("a.b +\n  c(\n 'grüße 🌍' + ü)"),
  one('"🌍" + 1 + x'),
  one(
    "x",
    { x: { kind: "list", of: { kind: "map", from: "int", to: { kind: "list", of: scalar("uint") } } } },
    {
      x: toValue([new Map([[-1n, []]])]),
    },
  ),
  one("p.filter(name, p[name].age > 18).map(name, name.upperAscii())", { p: dyn }, { p: toValue(people) }),
  one("p.ada.tags + [p.bob.age]", { p: dyn }, { p: toValue(people) }),
  one("p.eve.age", { p: dyn }, { p: toValue(people) }),
  one("p.ada.age + ' years'", { p: dyn }, { p: toValue(people) }),
  one(
    "t + d",
    { t: scalar("timestamp"), d: scalar("duration") },
    {
      t: { kind: "timestamp", value: new Date("2024-02-28T23:00:00.001Z") },
      d: { kind: "duration", value: 3_600_000.5 },
    },
  ),
  one("{true: b'x', 1: 2.5, 'k': null, 2u: type(1)}"),
  one("a || b", { a: scalar("bool"), b: scalar("bool") }, { b: toValue(true) }),
  one("a && b", { a: scalar("bool"), b: scalar("bool") }, { b: toValue(true) }),
  one("p.ada.age > min && max > 3", { p: dyn, min: int, max: int }, { p: toValue(people) }),
  { ...one("[1, 2, 3].all(x, [1, 2, 3].all(y, x + y > 0))"), costLimit: 20n },
  { ...one("[1, 2, 3].all(x, [1, 2, 3].all(y, x + y > 0))"), costLimit: 10_000n },
];

describe("what comes of a policy is what cel-go makes of it", () => {
  const random = fc
    .sample(fc.tuple(fc.constantFrom(...SUMS), whole, whole), { numRuns: RANDOM, seed })
    .map(([source, a, b]) => one(source, { a: int, b: int }, toValues({ a, b })));
  let expected: ReturnType<typeof reference>;
  beforeAll(() => {
    expected = reference([...byHand, ...random]);
  });

  test.each(byHand.map(({ source }, i) => [source, i] as const))("%s", async (_, i) => {
    await compare(policies, byHand[i] as Case, expected[i] as (typeof expected)[number]);
  });

  test(`${RANDOM} sums of 64-bit numbers (TS2GO_SEED=${seed})`, async () => {
    for (const [i, sum] of random.entries())
      await compare(policies, sum, expected[byHand.length + i] as (typeof expected)[number]);
    expect(expected.some(({ error }) => error === "integer overflow")).toBe(true);
  });
});

describe("a value", () => {
  const key = fc.oneof(fc.boolean(), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.string({ unit: "grapheme" }));
  const { plain } = fc.letrec<{ plain: Plain; leaf: Plain }>((tie) => ({
    leaf: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
      fc.double(),
      fc.string({ unit: "grapheme" }),
      fc.uint8Array(),
      fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    ),
    plain: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      fc.array(tie("plain"), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: "grapheme" }), tie("plain"), { maxKeys: 4 }),
      fc.array(fc.tuple(key, tie("plain")), { minLength: 1, maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  }));

  test(`of any kind comes back as it went, 64 bits and all (TS2GO_SEED=${seed})`, async () => {
    await policies.put({ name: "same", source: "x", variables: { x: dyn } });
    const values = fc.sample(plain, { numRuns: 500, seed }).map(toValue);
    const outcomes = await Promise.all(values.map((x) => policies.evaluate("same", { x })));
    for (const [i, outcome] of outcomes.entries()) {
      const x = comparable(asGiven(values[i] as Value));
      expect(outcome.kind === "value" && comparable(outcome.value)).toEqual(x);
    }
  });

  test("is plain JavaScript, both ways", () => {
    const values: Plain = { a: [1n, 2n ** 64n - 1n, 0.5, "x", null, true], b: new Map([[1n, new Date(7)]]) };
    expect(toPlain(toValue(values))).toEqual(values);
    expect(toValue([1n, 2n ** 63n])).toEqual({
      kind: "list",
      values: [
        { kind: "int", value: 1n },
        { kind: "uint", value: 2n ** 63n },
      ],
    });
  });

  test.each<[Value, unknown]>([
    [
      { kind: "int", value: 2n ** 63n },
      { path: /^variables.*x.*\.value$/, expected: /i64/ },
    ],
    [
      { kind: "uint", value: -1n },
      { path: /^variables.*x.*\.value$/, expected: /u64/ },
    ],
    [{ kind: "list", values: [{ kind: "int", value: 1 as unknown as bigint }] }, { path: /values\[0\]\.value$/ }],
    [{ kind: "object", fields: { a: { kind: "none" } as unknown as Value } }, { path: /fields.*a/ }],
  ])("that does not fit is refused here: %o", async (x, about) => {
    const error = await policies.evaluate("same", { x }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(EncodeError);
    for (const [property, pattern] of Object.entries(about as Record<string, RegExp>))
      expect((error as unknown as Record<string, string>)[property]).toMatch(pattern);
  });

  test.each<[Value, string]>([
    [{ kind: "type", name: "int" }, "variable x: a type can be a result, and not a variable"],
    [
      { kind: "map", entries: [{ key: toValue(0.5), value: toValue(null) }] },
      "variable x: a key of a map cannot be of the type double",
    ],
  ])("that the language has not is refused in Go: %o", async (x, message) => {
    await policies.put({ name: "same", source: "x", variables: { x: dyn } });
    await expect(policies.evaluate("same", { x })).rejects.toThrow(message);
  });
});

/** A map of which all keys are strings is an object. */
function asGiven(value: Value): Value {
  if (value.kind === "list") return { kind: "list", values: value.values.map(asGiven) };
  if (value.kind === "object") {
    const fields = Object.entries(value.fields).map(([name, field]) => [name, asGiven(field)]);
    return { kind: "object", fields: Object.fromEntries(fields) };
  }
  if (value.kind !== "map") return value;
  const entries = value.entries.map(({ key, value }) => ({ key, value: asGiven(value) }));
  if (!entries.every(({ key }) => key.kind === "string")) return { kind: "map", entries };
  return { kind: "object", fields: Object.fromEntries(entries.map(({ key, value }) => [toPlain(key), value])) };
}

describe("policies by name", () => {
  const policy = (source: string): Policy => ({ name: "mine", source, variables: {} });
  const result = async () => policies.evaluate("mine", {});

  test("take the place of those before, and can be removed", async () => {
    await policies.put(policy("1"));
    expect(await result()).toMatchObject({ value: { kind: "int", value: 1n } });
    await policies.put(policy("2u"));
    expect(await result()).toMatchObject({ value: { kind: "uint", value: 2n } });
    await expect(policies.put(policy("2u +"))).rejects.toMatchObject({ code: "ERR_POLICY" });
    expect(await result()).toMatchObject({ value: { kind: "uint", value: 2n } });
    expect(await policies.remove("mine")).toBe(true);
    expect(await policies.remove("mine")).toBe(false);
    const error = await result().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(GoError);
    expect(error).toMatchObject({ code: "ERR_NO_POLICY", message: 'there is no policy "mine": put it first' });
  });

  test("are evaluated a thousand at a time, while they are put anew", async () => {
    const sums = Array.from({ length: 1000 }, async (_, i) => {
      const name = `sum ${i % 7}`;
      await policies.put({ name, source: `x + ${i % 7}`, variables: { x: int } });
      return policies.evaluate(name, toValues({ x: BigInt(i) }));
    });
    for (const [i, outcome] of (await Promise.all(sums)).entries())
      expect(outcome).toMatchObject({ value: { kind: "int", value: BigInt(i + (i % 7)) } });
  });
});

describe("an evaluation that takes for ever", () => {
  const n = Array.from({ length: 3000 }, (_, i) => BigInt(i));
  const forever = toValues({ n });
  beforeAll(async () => {
    const source = "n.all(a, n.all(b, n.all(c, a + b + c >= 0)))";
    await policies.put({ name: "forever", source, variables: { n: { kind: "list", of: int } } });
  });

  test("ends in Go, too, when its signal says so", async () => {
    const controller = new AbortController();
    const outcome = policies.evaluate("forever", forever, { signal: controller.signal });
    // Another one has been answered: this one is on its way in Go.
    await policies.check({ name: "", source: "1", variables: {} });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    await nothingLeft();
  });

  test("ends in Go, too, when its time is over", async () => {
    await expect(policies.evaluate("forever", forever, { timeout: 50 })).rejects.toBeInstanceOf(TimeoutError);
    await nothingLeft();
  });

  test("ends when the stream is left", async () => {
    await using mine = await connect(Policies);
    const source = "n.all(a, n.all(b, n.all(c, a + b + c >= 0)))";
    await mine.put({ name: "forever", source, variables: { n: { kind: "list", of: int } } });
    let ended = false;
    async function* each() {
      try {
        yield toValues({ n: [] });
        for (;;) yield forever;
      } finally {
        ended = true;
      }
    }
    for await (const outcome of mine.evaluateAll("forever", each())) {
      expect(outcome).toMatchObject({ kind: "value", value: { kind: "bool", value: true } });
      break;
    }
    await expect.poll(() => ended).toBe(true);
    await nothingLeft(mine);
  });
});

describe("a stream of evaluations", () => {
  async function* each(count: number) {
    for (let i = 0; i < count; i++) yield toValues({ x: BigInt(i) });
  }

  test("gives an outcome for each, in order, failures among them", async () => {
    await policies.put({ name: "sevens", source: "70 / (x % 7)", variables: { x: int } });
    const outcomes: Outcome[] = [];
    for await (const outcome of policies.evaluateAll("sevens", each(1000))) outcomes.push(outcome);
    expect(outcomes.length).toBe(1000);
    for (const [i, outcome] of outcomes.entries()) {
      if (i % 7 === 0) {
        expect(outcome).toMatchObject({ kind: "failed", message: "division by zero", place: { line: 1, column: 4 } });
      } else expect(outcome).toMatchObject({ value: { kind: "int", value: BigInt(Math.trunc(70 / (i % 7))) } });
    }
  });

  test("of a policy that is not there fails at its first", async () => {
    const outcomes = policies.evaluateAll("never put", each(10));
    await expect(outcomes[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ERR_NO_POLICY" });
    await nothingLeft();
  });

  test("ends with the error of the stream that it reads", async () => {
    const error = new RangeError("no more of them");
    async function* failing() {
      yield* each(3);
      throw error;
    }
    await policies.put({ name: "same", source: "x", variables: { x: int } });
    const reading = (async () => {
      for await (const _ of policies.evaluateAll("same", failing()));
    })();
    await expect(reading).rejects.toBe(error);
    await nothingLeft();
  });
});

test("a closed client says so", async () => {
  const mine = await connect(Policies);
  await mine.close();
  await expect(mine.remove("")).rejects.toBeInstanceOf(ClosedError);
});

describe("the program", () => {
  const run = (...args: string[]) => execa(process.execPath, ["dist/main.js", ...args], { cwd, timeout: 60_000 });

  test("shows all of it, and ends by itself", async () => {
    const { stdout, stderr } = await run();
    expect(stderr).toBe("");
    for (const shown of [
      /transfer: string, costs 2 to any amount/,
      /9007199254740993 to Chile {2}pay/,
      /9007199254740994 to Chile {2}review/,
      /unknown without to /,
      / {2}2:3 undeclared reference to 'currency'/,
      /GoError ERR_POLICY: ERROR: wrong:1:8: /,
      /failed: 1:3 integer overflow/,
      /TimeoutError: Policies\.evaluate: no answer within /,
      /20,000 in a stream, both ways: [\d,]+ a second/,
    ]) {
      expect(stdout).toMatch(shown);
    }
  });

  test("evaluates what is typed", async () => {
    const { stdout } = await run("{1: [2u, 0.5]}");
    expect(stdout).toMatch(/expression: map\(int, list\(dyn\)\).*\n {2}Map\(1\) \{ 1n => \[ 2n, 0\.5 \] \}/);
    const wrong = await execa(process.execPath, ["dist/main.js", "1 + 2u"], { cwd, timeout: 60_000, reject: false });
    expect(wrong).toMatchObject({ exitCode: 1, stderr: "" });
    expect(wrong.stdout).toMatch(/^ {2}1:3 found no matching overload.*\n {6}1 \+ 2u\n {8}\^$/);
  });
});

test("the generated files are those of the interface", async () => {
  const { stdout } = await execa("ts2go", ["gen", "--check"], { cwd, preferLocal: true });
  expect(stdout).toBe("generated code is up to date");
});
