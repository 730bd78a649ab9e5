import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import {
  type CallInfo,
  type Client,
  connect,
  GoError,
  GoPanicError,
  type Implementation,
  type Interceptor,
  inspect,
  intercept,
  OverloadedError,
  provide,
  TimeoutError,
  type Ts2goError,
  WorkerDiedError,
  withMetadata,
} from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Context, context, Guarded, type Seen, Streams, Trouble, Trust, trust, Witness } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error as Ts2goError,
  );

/** Keeps what it sees. */
function recorder(name: string, log: string[]): Interceptor {
  return async (call, next) => {
    log.push(`${name} > ${call.kind} ${call.service}.${call.method}(${JSON.stringify(call.args)})`);
    try {
      return await next(call);
    } finally {
      log.push(`${name} <`);
    }
  };
}

// As docs/interceptors.md has it: a test compares.
const retrying =
  (harmless: ReadonlySet<string>, attempts: number): Interceptor =>
  async (call, next) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(call);
      } catch (error) {
        // Of an OverloadedError nothing was sent.
        const may = error instanceof OverloadedError || (error instanceof WorkerDiedError && harmless.has(call.method));
        if (call.kind !== "unary" || !may || attempt === attempts) throw error;
        await setTimeout(10 * 2 ** attempt, undefined, { signal: call.options.signal });
      }
    }
  };

describe("interceptors of a client", () => {
  test("stand around every call, the first of them outermost", async () => {
    const log: string[] = [];
    const client = await connect(Context, { interceptors: [recorder("outer", log), recorder("inner", log)] });
    expect(await client.count(1)).toEqual({ metadata: {}, words: ["1"] });
    const args = "unary Context.count([1])";
    expect(log).toEqual([`outer > ${args}`, `inner > ${args}`, "inner <", "outer <"]);
    log.length = 0;
    client.note("a");
    await client.notes();
    expect(log.filter((line) => line.startsWith("inner >"))).toEqual([
      'inner > oneway Context.note(["a"])',
      "inner > unary Context.notes([])",
    ]);
    await client.close();
  });

  test("change arguments, options and results, and leave the caller's objects alone", async () => {
    const client = await connect(Context, {
      interceptors: [
        async (call, next) => {
          const seen = (await next(withMetadata(call, { tenant: "b", more: "c" }))) as Seen;
          return { ...seen, words: [...seen.words, "after"] };
        },
        (call, next) => next({ ...call, args: [["before", ...(call.args[0] as string[])]] }),
      ],
    });
    const options = Object.freeze({ metadata: Object.freeze({ tenant: "a", own: "d" }) });
    const words = Object.freeze(["x"]) as string[];
    expect(await client.look(words, options)).toEqual({
      metadata: { tenant: "b", own: "d", more: "c" },
      words: ["before", "x", "after"],
    });
    await client.close();
  });

  test("keep the caller's signal and timeout", async () => {
    const client = await connect(Trust, { interceptors: [(call, next) => next(withMetadata(call, { a: "b" }))] });
    expect(await rejection(client.sleep(60_000, { timeout: 5 }))).toBeInstanceOf(TimeoutError);
    expect(await rejection(client.sleep(60_000, { signal: AbortSignal.abort(new RangeError("no")) }))).toBeInstanceOf(
      RangeError,
    );
    process.kill(inspect(client).pid as number, "SIGKILL");
    await client.close();
  });

  test("answer by themselves, refuse, and see errors", async () => {
    const errors: unknown[] = [];
    const client = await connect(Trouble, {
      interceptors: [
        async (call, next) => {
          if (call.method === "unsafeInt") return 42;
          if (call.method === "cycle") throw new RangeError("not allowed");
          try {
            return await next(call);
          } catch (error) {
            errors.push(error);
            throw error;
          }
        },
      ],
    });
    expect(await client.unsafeInt()).toBe(42);
    expect(await rejection(client.cycle())).toBeInstanceOf(RangeError);
    const error = await rejection(client.fail("as expected", "E_OWN"));
    expect(error).toMatchObject({ message: "as expected", code: "E_OWN" });
    expect(errors).toEqual([error]);
    await client.close();
  });

  test("that throw at once reject the call; of a one-way call the error is reported", async () => {
    const reported: Error[] = [];
    const client = await connect(Context, {
      onOnewayError: (error) => reported.push(error),
      interceptors: [
        () => {
          throw new RangeError("thrown at once");
        },
      ],
    });
    expect(await rejection(client.nothing())).toBeInstanceOf(RangeError);
    client.note("a");
    await until("the report", () => reported.length > 0);
    expect(reported[0]).toBeInstanceOf(RangeError);
    await client.close();
  });

  test("call again what failed because the worker died", async () => {
    let attempts = 0;
    const client = await connect(Trust, {
      interceptors: [
        retrying(new Set(["sleep"]), 3),
        (call, next) => {
          if (attempts++ > 0) return next(call);
          until("the call", () => inspect(client).inFlight === 1).then(() =>
            process.kill(inspect(client).pid as number, "SIGKILL"),
          );
          return next({ ...call, args: [60_000] });
        },
      ],
    });
    expect(await client.sleep(1)).toBe(1);
    expect(attempts).toBe(2);
    expect(inspect(client)).toMatchObject({ starts: 2, inFlight: 0 });
    await client.close();
  });

  test("call again what there was no room for, and not what failed otherwise or too often", async () => {
    const client = await connect(Trust, { capacity: 1, maxQueue: 1, interceptors: [retrying(new Set(), 10)] });
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => client.add(i, 1)));
    expect(answers).toEqual([1, 2, 3, 4, 5, 6]);
    await client.close();
    expect(await rejection(client.add(1, 1))).toMatchObject({ code: "ERR_CLOSED" });

    let attempts = 0;
    const counting: Interceptor = (call, next) => {
      attempts++;
      return next(call);
    };
    const failing = await connect(Trouble, {
      stderr: "ignore",
      interceptors: [retrying(new Set(["exit"]), 2), counting],
    });
    expect(await rejection(failing.fail("no", ""))).toBeInstanceOf(GoError);
    expect(attempts).toBe(1);
    expect(await rejection(failing.exit(3))).toBeInstanceOf(WorkerDiedError);
    expect(attempts).toBe(3);
    // What may do harm is not called again.
    expect(await rejection(failing.fatal())).toBeInstanceOf(WorkerDiedError);
    expect(attempts).toBe(4);
    await failing.close();
  });

  test("call again as the documentation says", () => {
    const [, code] =
      /```ts\n(const retrying =\n.*?\n {2}\};\n)/s.exec(readFileSync("docs/interceptors.md", "utf8")) ?? [];
    expect(code).toBeDefined();
    expect(readFileSync("test/interceptors.test.ts", "utf8")).toContain(code);
  });

  test("stand around streams: their beginning, their items, their end", async () => {
    const log: string[] = [];
    const client = await connect(Streams, {
      interceptors: [
        recorder("stream", log),
        async (call, next) => {
          const result = await next(call);
          if (call.method !== "count") return result;
          async function* doubled() {
            try {
              for await (const item of result as AsyncIterable<number>) yield item * 2;
            } finally {
              log.push("over");
            }
          }
          return doubled();
        },
      ],
    });
    const stream = client.count(3);
    expect(log).toEqual([]);
    const got: number[] = [];
    for await (const item of stream) got.push(item);
    expect(got).toEqual([0, 2, 4]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log).toEqual(["stream > stream Streams.count([3])", "stream <", "over"]);
    // Left early: Go hears of it.
    for await (const item of client.count(1_000_000)) if (item > 10) break;
    expect(log.filter((line) => line === "over")).toHaveLength(2);
    await until("nothing in flight", () => inspect(client).inFlight === 0);
    // Errors, and streams as arguments.
    const failing = client.failing(1, "that was it");
    await failing.next();
    await expect(failing.next()).rejects.toThrow("that was it");
    expect(await failing.next()).toEqual({ done: true, value: undefined });
    expect(await client.sum([1, 2, 3] as never)).toBe(6);
    // Given up before it was begun: nobody is called.
    const before = log.length;
    await client.count(1).return?.();
    expect(log.length).toBe(before);
    await client.close();
  });

  test("of a stream have to resolve with one", async () => {
    const client = await connect(Streams, { interceptors: [async () => 7] });
    await expect(client.count(1).next()).rejects.toThrow(
      "Streams.count: an interceptor has to resolve with an AsyncIterable, as next does",
    );
    await client.close();
  });

  test("and sync calls do not go together", async () => {
    const client = await connect(Trust, { interceptors: [(call, next) => next(call)] });
    expect(() => client.sync.add(1, 2)).toThrow(/sync call of Trust\.add: the client has interceptors/);
    await client.close();
  });

  test("have to be functions", async () => {
    await expect(connect(Trust, { interceptors: ["log" as never] })).rejects.toThrow(
      "connect: option interceptors: expected functions, got log",
    );
  });

  test("know the methods of their interface by type", async () => {
    const seen: string[] = [];
    const interceptor: Interceptor<Context> = (call, next) => {
      if (call.method === "look") {
        // Does not compile unless these are strings.
        const words: readonly string[] = call.args[0];
        seen.push(...words);
      }
      // @ts-expect-error: no method of the interface.
      if (call.method === "no such method") seen.push("never");
      return next(call);
    };
    const anyInterface: Interceptor = (call: CallInfo, next) => next(call);
    const client = await connect(Context, { interceptors: [interceptor, anyInterface] });
    await client.look(["a", "b"]);
    expect(seen).toEqual(["a", "b"]);
    await client.close();
  });

  test("of a default client come before or after its first call, and go again", async () => {
    const log: string[] = [];
    intercept(Context, recorder("first", log));
    await context.count(1);
    expect(log).toEqual(["first > unary Context.count([1])", "first <"]);
    // Another interface of the same worker has its own.
    await trust.ping();
    expect(log).toHaveLength(2);
    intercept(Context, recorder("second", log));
    await context.count(2);
    expect(log.slice(2)).toEqual(["second > unary Context.count([2])", "second <"]);
    expect(() => context.sync.count(3)).toThrow("the client has interceptors");
    intercept(Context);
    expect(context.sync.count(3)).toEqual({ metadata: {}, words: ["3"] });
    expect(log).toHaveLength(4);
    await context.close();
  });
});

describe("interceptors of an implementation", () => {
  const witness: Implementation<Witness> = {
    look: (words) => ({ metadata: {}, words }),
    count: (n, { metadata }) => ({ metadata: { ...metadata }, words: [`${n}`] }),
    nothing: (caller) => ({ metadata: { ...caller.metadata }, words: [`${caller.timeout !== undefined}`] }),
    tell: (line) => {
      told.push(line);
    },
  };
  const told: string[] = [];

  test("stand around calls from Go", async () => {
    const log: string[] = [];
    const client = await connect(Context, {
      provide: [
        Witness.with(witness, {
          interceptors: [
            recorder("outer", log),
            (call, next) => {
              if (call.options.metadata?.token === "")
                throw Object.assign(new Error("who are you?"), { code: "E_AUTH" });
              return next(withMetadata(call, { user: "ada" }));
            },
          ],
        }),
      ],
    });
    expect(await client.back("count", { token: "t" })).toEqual({
      metadata: { token: "t", user: "ada" },
      words: ["-7"],
    });
    expect((await client.back("nothing", {}, { timeout: 60_000 })).words).toEqual(["true"]);
    expect((await client.back("look", {})).words).toEqual(["from", "Go"]);
    await client.back("a line", {});
    expect(told).toEqual(["a line"]);
    expect(await rejection(client.back("count", { token: "" }))).toMatchObject({
      code: "E_AUTH",
      message: "Witness.count: who are you?",
    });
    expect(log.filter((line) => line.startsWith("outer >"))).toEqual([
      "outer > unary Witness.count([-7])",
      "outer > unary Witness.nothing([])",
      'outer > unary Witness.look([["from","Go"]])',
      'outer > oneway Witness.tell(["a line"])',
      "outer > unary Witness.count([-7])",
    ]);
    await client.close();
  });

  test("of the default clients are given to provide", async () => {
    const log: string[] = [];
    provide(Witness, witness, { interceptors: [recorder("default", log)] });
    expect((await context.back("count", {}).catch((error: Error) => error)) as unknown).toMatchObject({
      code: "ERR_CLOSED",
    });
    const client = await connect(Context, { provide: [Witness.with(witness)] });
    await client.back("count", {});
    expect(log).toEqual([]);
    await client.close();
  });
});

describe("interceptors of Go", () => {
  let client: Client<Guarded>;
  const reported: Error[] = [];
  const authorization = "ada";
  beforeAll(async () => {
    client = await connect(Guarded, { onOnewayError: (error) => reported.push(error) });
  });
  afterAll(async () => {
    expect(inspect(client)).toMatchObject({ inFlight: 0, bodiesInUse: 0 });
    await client.close();
  });
  const log = () => client.log();
  /** The next `n` lines: one-way calls and streams end when they do. */
  const lines = async (n: number) => {
    const all: string[] = [];
    await expect.poll(async () => all.push(...(await log()))).toBe(n);
    return all;
  };

  test("refuse by an error with a code", async () => {
    expect(await rejection(client.large(1))).toMatchObject({
      code: "E_UNAUTHENTICATED",
      message: "who are you?",
      goType: "*main.codedError",
      method: "Guarded.large",
    });
    expect(await log()).toEqual(["Guarded.large streams=false err=who are you?"]);
    client.tell("nobody");
    await until("the report", () => reported.length > 0);
    expect(reported[0]).toMatchObject({ code: "E_UNAUTHENTICATED" });
    await expect(client.count(3).next()).rejects.toMatchObject({ code: "E_UNAUTHENTICATED" });
    await log();
  });

  test("see the result's error, and give the handler another context", async () => {
    const metadata = { authorization };
    expect((await client.large(70_000, { metadata })).length).toBe(70_000);
    await rejection(client.flaky(1, { metadata }));
    await client.flaky(1, { metadata });
    expect(await lines(3)).toEqual([
      "Guarded.large streams=false err=<nil>",
      "Guarded.flaky streams=false err=failure 1",
      "Guarded.flaky streams=false err=<nil>",
    ]);
    client.tell("a secret", { metadata });
    expect(await lines(2)).toEqual(["told a secret by ada", "Guarded.tell streams=false err=<nil>"]);
    const items: number[] = [];
    for await (const item of client.count(3, { metadata })) items.push(item);
    expect(items).toEqual([0, 1, 2]);
    expect(await lines(1)).toEqual(["Guarded.count streams=true err=<nil>"]);
  });

  test("run a handler again, whose first result is given back; those of an earlier With are inside", async () => {
    expect(await client.flaky(3, { metadata: { authorization, odd: "retry" } })).toBe("at last");
    expect(await log()).toEqual(["Guarded.flaky streams=false err=<nil>"]);
    // More than the arena has, if anything of it were kept.
    const narrow = await connect(Guarded, { regionSize: 8 << 20 });
    for (let i = 0; i < 20; i++) {
      const metadata = { authorization, odd: i % 2 === 0 ? "twice" : "late" };
      const result = await narrow.large(1 << 20, { metadata, timeout: 20_000 }).catch((error: Error) => error.message);
      expect(i % 2 === 0 ? result.length : result).toBe(i % 2 === 0 ? 1 << 20 : "refused after all");
    }
    await narrow.close();
  });

  test("cannot make a result by saying nothing", async () => {
    for (const odd of ["silent", "swallow"]) {
      const error = await rejection(client.flaky(1000, { metadata: { authorization, odd } }));
      expect(error).toBeInstanceOf(GoError);
      expect(error.message).toContain("an interceptor of Guarded.flaky has returned nil, but there is no result");
    }
    await log();
  });

  test("may refuse after the handler, whose result is dropped", async () => {
    const error = await rejection(client.large(100_000, { metadata: { authorization, odd: "late" } }));
    expect(error.message).toBe("refused after all");
  });

  test("cannot run a handler with streams again", async () => {
    const stream = client.count(2, { metadata: { authorization, odd: "twice" } });
    expect([await stream.next(), await stream.next()]).toEqual([
      { done: false, value: 0 },
      { done: false, value: 1 },
    ]);
    await expect(stream.next()).rejects.toThrow("has called next twice for Guarded.count");
  });

  test("that panic fail that call", async () => {
    const error = await rejection(client.large(1, { metadata: { authorization: "panic" } }));
    expect(error).toBeInstanceOf(GoPanicError);
    expect(error.stack).toContain("main.(*guarded).auth");
    expect((await client.large(1, { metadata: { authorization } })).length).toBe(1);
  });
});

test("a client without interceptors has none of their code in the way", async () => {
  const client = await connect(Trust);
  const error = await client.add(1.5, 1).catch((e: Ts2goError) => e);
  expect((error as Ts2goError).stack).not.toContain("/interceptors/");
  await client.close();
});
