import { createRequire } from "node:module";
import { type Caller, type Client, connect, EncodeError, type Implementation, inspect, type Metadata } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Context, type Seen, Trust, Witness } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

/** Says what came with calls from Go. */
const witness: Implementation<Witness> = {
  look: (words, caller) => ({ metadata: { ...caller.metadata }, words }),
  count: (n, caller) => ({ metadata: { ...caller.metadata }, words: [`${n}`] }),
  nothing: (caller) => ({ metadata: { ...caller.metadata }, words: [] }),
  tell: (line) => {
    told.push(line);
  },
};
const told: string[] = [];

let client: Client<Context>;
beforeAll(async () => {
  client = await connect(Context, { provide: [Witness.with(witness)] });
});
afterAll(async () => {
  expect(inspect(client)).toMatchObject({ inFlight: 0, queued: 0, answering: 0 });
  await until("no body", () => inspect(client).bodiesInUse === 0);
  await client.close();
});

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error as EncodeError,
  );

const metadata: Metadata = { tenant: "a", "x-trace.id_1": "grüße, 世界", empty: "" };
const pairs = (n: number): Metadata => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, `${i}`]));

describe("metadata of a call to Go", () => {
  test("is in the context of its handler, whatever the arguments are", async () => {
    expect(await client.look(["b", "c"], { metadata })).toEqual({ metadata, words: ["b", "c"] });
    expect(await client.count(-3, { metadata })).toEqual({ metadata, words: ["-3"] });
    expect(await client.nothing({ metadata })).toEqual({ metadata, words: [] });
    expect(client.sync.look(["d"], { metadata })).toEqual({ metadata, words: ["d"] });
    expect(client.sync.nothing({ metadata })).toEqual({ metadata, words: [] });
  });

  test("stands before what a handler borrows, and before what it owns, of any size", async () => {
    const trust = await connect(Trust, { stderr: "ignore" });
    for (const size of [0, 1, 7, 200, 5000, 1_000_000]) {
      const payload = { name: "é".repeat(size % 50), data: new Uint8Array(size).fill(3) };
      expect(await trust.sum(payload, { metadata })).toBe(3 * size + 2 * (size % 50));
      expect(await trust.bytes(payload.data, { metadata })).toEqual(payload.data);
    }
    expect(inspect(trust).bodiesInUse).toBe(0);
    await trust.close();
  });

  test("is not there where none was given, and another call's is not", async () => {
    const [with_, without, empty] = await Promise.all([
      client.count(1, { metadata }),
      client.count(2),
      client.count(3, { metadata: {} }),
    ]);
    expect(with_.metadata).toEqual(metadata);
    expect(without).toEqual({ metadata: {}, words: ["2"] });
    expect(empty).toEqual({ metadata: {}, words: ["3"] });
  });

  test("goes with a signal and a timeout", async () => {
    const { signal } = new AbortController();
    expect(await client.look(["e"], { metadata, signal, timeout: 60_000 })).toEqual({ metadata, words: ["e"] });
  });

  test("of a one-way method, and of one with streams", async () => {
    client.note("with", { metadata });
    await expect.poll(() => client.notes()).toEqual([{ metadata, words: ["with"] }]);
    client.note("without");
    await expect.poll(async () => (await client.notes()).at(1)).toEqual({ metadata: {}, words: ["without"] });
    const got: string[] = [];
    for await (const word of client.items(["one", "two"] as never, { metadata })) got.push(word);
    expect(got).toEqual(["empty=", "tenant=a", "x-trace.id_1=grüße, 世界", "one", "two"]);
  });

  test("waits with its call, in the queue and for the worker", async () => {
    const mine = await connect(Context, { capacity: 1 });
    const answers = Array.from({ length: 50 }, (_, i) => mine.count(i, { metadata: { n: `${i}` } }));
    expect(await Promise.all(answers)).toEqual(answers.map((_, i) => ({ metadata: { n: `${i}` }, words: [`${i}`] })));
    process.kill(inspect(mine).pid as number, "SIGKILL");
    await until("its end", () => inspect(mine).pid === undefined);
    expect(await mine.nothing({ metadata })).toEqual({ metadata, words: [] });
    await mine.close();
  });

  test("may be as much as the limits say", async () => {
    expect((await client.nothing({ metadata: pairs(64) })).metadata).toEqual(pairs(64));
    const large = { large: "x".repeat(8192 - "large".length) };
    expect((await client.look(["f"], { metadata: large })).metadata).toEqual(large);
    const odd = JSON.parse('{ "__proto__": "a key as every other", "!#$%&\'*+-.^_`|~09az": "all signs" }') as Metadata;
    expect(Object.entries((await client.nothing({ metadata: odd })).metadata).sort()).toEqual(
      Object.entries(odd).sort(),
    );
  });

  test.each([
    [pairs(65), "metadata", "at most 64 pairs", "65"],
    [{ a: "x".repeat(8192) }, "metadata", "at most 8192 bytes of keys and values together", "8193"],
    [{ Tenant: "a" }, 'metadata["Tenant"]', /^a key of lower-case letters/, '"Tenant"'],
    [{ "": "a" }, 'metadata[""]', /^a key of lower-case letters/, '""'],
    [{ "a b": "a" }, 'metadata["a b"]', /^a key of lower-case letters/, '"a b"'],
    [{ n: 7 }, 'metadata["n"]', "string", "number"],
    [{ n: "half \ud800" }, 'metadata["n"]', "well-formed text", "a lone surrogate"],
    [new Map([["a", "b"]]), "metadata", "an object with strings", "[object Map]"],
    [null, "metadata", "an object with strings", "null"],
  ])(
    "that does not keep to the rules is refused with its path, and nothing is sent: %o",
    async (wrong, path, expected, received) => {
      const options = { metadata: wrong as unknown as Metadata };
      const error = await rejection(client.nothing(options));
      expect(error).toBeInstanceOf(EncodeError);
      expect(error).toMatchObject({ code: "ERR_ENCODE", method: "Context.nothing", path, received });
      expect(error.expected).toMatch(expected);
      expect(() => client.note("never", options)).toThrow(EncodeError);
      expect(() => client.sync.nothing(options)).toThrow(EncodeError);
      await expect(client.items([] as never, options).next()).rejects.toThrow(EncodeError);
      expect((await client.notes()).some(({ words }) => words[0] === "never")).toBe(false);
    },
  );
});

describe("metadata of a call from Go", () => {
  test.each<[string, string[]]>([
    ["look", ["from", "Go"]],
    ["count", ["-7"]],
    ["nothing", []],
  ])("is the caller's, whatever the arguments are: %s", async (how, words) => {
    expect(await client.back(how, metadata as Seen["metadata"])).toEqual({ metadata, words });
    expect(await client.back(how, {})).toEqual({ metadata: {}, words });
  });

  test("goes with a one-way call", async () => {
    await client.back("a line", metadata as Seen["metadata"]);
    expect(told).toEqual(["a line"]);
  });

  test("adds to what the context has, and does not go back by itself", async () => {
    const outer = { tenant: "outer", other: "kept" };
    expect((await client.back("added", outer)).metadata).toEqual({ tenant: "inner", other: "kept" });
    expect((await client.back("count", {}, { metadata })).metadata).toEqual({});
    expect((await client.forward({ metadata })).metadata).toEqual(metadata);
  });

  test("is handed on with the caller as options", async () => {
    const mine = await connect(Context, {
      provide: [Witness.with({ ...witness, nothing: (caller: Caller): Promise<Seen> => mine.nothing(caller) })],
    });
    expect((await mine.back("nothing", metadata as Seen["metadata"])).metadata).toEqual(metadata);
    await mine.close();
  });

  test.each([
    [pairs(65), "expected at most 64 pairs, got 65"],
    [{ a: "x".repeat(8192) }, "expected at most 8192 bytes of keys and values together, got 8193"],
    [{ Tenant: "a" }, 'the key "Tenant": expected lower-case letters'],
    [{ "": "a" }, 'the key "": expected lower-case letters'],
  ])("that does not keep to the rules fails the call: %o", async (wrong, message) => {
    for (const how of ["look", "count", "nothing"]) {
      const error = await rejection(client.back(how, wrong as Seen["metadata"]));
      expect(error).toMatchObject({ code: "ERR_ENCODE", goType: "*ts2go.NodeError" });
      expect(error.message).toContain(message);
    }
    const before = told.length;
    await client.back("never", wrong as Seen["metadata"]);
    expect(told.length).toBe(before);
    expect((await rejection(client.back("invalid", {}))).message).toContain('the value of "text": expected UTF-8');
  });

  test("takes no more than the arena has", async () => {
    const mine = await connect(Context, {
      provide: [Witness.with(witness)],
      regionSize: 1 << 20,
      capacity: 16,
    });
    const large = { large: "x".repeat(8000) };
    const answers = Array.from({ length: 300 }, () => mine.back("look", large));
    for (const { metadata } of await Promise.all(answers)) expect(metadata).toEqual(large);
    await until("no body", () => inspect(mine).bodiesInUse === 0);
    await mine.close();
  });
});

test("OpenTelemetry is not looked for where the program does not use it", () => {
  const { cache } = createRequire(import.meta.url);
  expect(Object.keys(cache).filter((file) => file.includes("@opentelemetry"))).toEqual([]);
});
