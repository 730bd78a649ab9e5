import {
  type Caller,
  type Client,
  ClosedError,
  connect,
  GoError,
  type Implementation,
  inspect,
  provide,
  TimeoutError,
  Ts2goError,
  WorkerDiedError,
} from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Everything } from "./src/gen/trust.js";
import { Host, Missing, Nest, nest } from "./src/gen/trust.js";
import { until } from "./src/resources.js";
import { runNode } from "./src/run-node.js";

/** An implementation that keeps what happens to it. */
class Keeper implements Implementation<Host> {
  readonly notes: string[] = [];
  readonly aborted: unknown[] = [];
  /** The callers of calls that wait for their end. */
  readonly callers: Caller[] = [];
  /** Who calls Go on behalf of Go. */
  client: Client<Nest> | undefined;

  note(line: string): void {
    if (line === "throw") throw new RangeError("a note that is thrown");
    this.notes.push(line);
  }
  echo(value: Everything) {
    return value;
  }
  async add(a: number, b: number) {
    return (a + b) | 0;
  }
  join(words: string[], separator: string | undefined) {
    return words.join(separator ?? "");
  }
  async bytes(data: Uint8Array) {
    return data;
  }
  async paint(color: "red" | "green" | "blue"): Promise<"red" | "green" | "blue"> {
    return color === "red" ? "green" : "blue";
  }
  async nothing() {}
  misbehave(how: string, caller: Caller): number | Promise<number> {
    switch (how) {
      case "reject":
        return Promise.reject(new TypeError("it is not like that"));
      case "throw":
        throw Object.assign(new Error("thrown at once"), { code: "E_OWN" });
      case "string":
        throw "only a string";
      case "nothing":
        throw undefined;
      case "go":
        return (this.client as Client<Nest>).misbehave("throw");
      case "pass on":
        return (this.client as Client<Nest>).misbehave("forever", caller);
      case "goError":
        throw new GoError("from Go", "*main.own", "GO_CODE", "Some.method");
      case "surrogate":
        throw new Error("half \ud800 of it");
      case "odd":
        throw {
          message: "odd",
          get stack() {
            throw new Error("no stack");
          },
          get code(): string {
            throw new Error("no code");
          },
        };
      case "too large":
        return 256;
      case "no number":
        return "7" as unknown as number;
      case "badly thenable":
        return Promise.resolve({
          // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
          get then() {
            throw new Error("no then");
          },
        } as unknown as number);
      case "wait":
        this.callers.push(caller);
        return new Promise((_, reject) => {
          caller.signal.addEventListener("abort", () => {
            this.aborted.push(caller.signal.reason);
            reject(caller.signal.reason);
          });
        });
      case "forever":
        this.callers.push(caller);
        return new Promise(() => {});
      default:
        return 7;
    }
  }
  async down(depth: number): Promise<number> {
    return (await (this.client as Client<Nest>).down(depth - 1)) + 1;
  }
  async patience(caller: Caller) {
    return caller.timeout ?? 0;
  }
}

let client: Client<Nest>;
const keeper = new Keeper();
const onewayErrors: Error[] = [];
beforeAll(async () => {
  client = await connect(Nest, { provide: [Host.with(keeper)], onOnewayError: (error) => onewayErrors.push(error) });
  keeper.client = client;
});
afterAll(() => client.close());

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error as Ts2goError,
  );

/** A client of its own with an implementation of its own. */
async function own(options: Parameters<typeof connect>[1] = {}) {
  const keeper = new Keeper();
  const client = await connect(Nest, { provide: [Host.with(keeper)], ...options });
  keeper.client = client;
  return { client, keeper };
}

const everything: Everything = {
  yes: true,
  text: "grüße, 世界",
  numbers: { a: 1, b: -2, c: 3, d: -4, e: 5, f: -6, g: 0.5, h: 1.5, i: 2n ** 63n, j: -(2n ** 62n), k: -9 },
  arrays: {
    u8: Uint8Array.of(1),
    i8: Int8Array.of(-1),
    u16: Uint16Array.of(2),
    i16: Int16Array.of(-2),
    u32: Uint32Array.of(3),
    i32: Int32Array.of(-3),
    f32: Float32Array.of(0.25),
    f64: Float64Array.of(0.1),
    u64: BigUint64Array.of(4n),
    i64: BigInt64Array.of(-4n),
  },
  list: ["a", "", "c".repeat(1000)],
  nested: [[1, 2], [], [3]],
  color: "green",
  colors: ["red", "blue"],
  maybe: "there",
  orNull: null,
  chain: { value: 1, next: { value: 2 } },
};

describe("a method that TypeScript implements", () => {
  test("gets and gives every type", async () => {
    expect(await client.echo(everything)).toEqual(everything);
  });

  test("gets several arguments, inline and in a body, and one that is left out", async () => {
    expect(await client.add(40, 2)).toBe(42);
    expect(await client.join(["a", "b"], "-")).toBe("a-b");
    expect(await client.join(["a", "b"], "")).toBe("ab");
    expect(await client.paint("red")).toBe("green");
    expect(await client.nothing()).toBeUndefined();
  });

  test.each([0, 1, 40, 300, 100_000, 5_000_000])("carries %i bytes both ways", async (size) => {
    const data = new Uint8Array(size).map((_, i) => i);
    expect(Buffer.compare(await client.bytes(data), data)).toBe(0);
  });

  test("may be one-way: such calls come in their order, before the answer of who made them", async () => {
    const before = keeper.notes.length;
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i}`);
    await client.note(lines);
    expect(keeper.notes.slice(before)).toEqual(lines);
  });
});

describe("what an implementation throws", () => {
  test.each([
    ["reject", ["TypeError", "it is not like that", ""]],
    ["throw", ["Error", "thrown at once", "E_OWN"]],
    ["string", ["", "only a string", ""]],
    ["nothing", ["", "undefined", ""]],
    ["surrogate", ["Error", "half \ufffd of it", ""]],
    ["odd", ["", "odd", ""]],
    ["badly thenable", ["Error", "no then", ""]],
  ])("%s is a NodeError in Go", async (how, [name, message, code]) => {
    const lines = (await client.look(how)).split("\n");
    expect(lines.slice(0, 4)).toEqual([name, message, code, "Host.misbehave"]);
  });

  test("has JavaScript's stack in Go, and in what Go's handler hands on", async () => {
    const [, , , , , head, frame] = (await client.look("throw")).split("\n");
    expect(head).toBe("Error: thrown at once");
    expect(frame).toMatch(/Keeper\.misbehave.*node-services\.test\.ts/);
    const error = await rejection(client.misbehave("throw"));
    expect(error).toMatchObject({ code: "E_OWN", goType: "*ts2go.NodeError" });
    expect(error.message).toBe("Host.misbehave: thrown at once");
    expect(error.stack).toMatch(/^GoError: Host.misbehave: thrown at once\n.*Keeper\.misbehave/);
    expect(error.stack).toContain("at Nest.misbehave (in Go)\n");
  });

  test("and came from Go keeps its code and its type, as far as it travels", async () => {
    const lines = (await client.look("goError")).split("\n");
    expect(lines.slice(0, 5)).toEqual(["GoError", "from Go", "GO_CODE", "Host.misbehave", "*main.own"]);
    expect(await rejection(client.misbehave("goError"))).toMatchObject({ code: "GO_CODE", goType: "*main.own" });
    // Go, TypeScript, Go, TypeScript, Go, and here.
    const far = await rejection(client.misbehave("go"));
    expect(far).toMatchObject({ code: "E_OWN", goType: "*ts2go.NodeError" });
    expect(far.message).toBe("Host.misbehave: GoError: Host.misbehave: thrown at once");
  });

  test("in a one-way method goes to onOnewayError", async () => {
    onewayErrors.length = 0;
    await client.note(["throw"]);
    await until("the error", () => onewayErrors.length > 0);
    expect(onewayErrors[0]).toMatchObject({
      code: "ERR_CALLBACK",
      message: "Host.note: RangeError: a note that is thrown",
    });
  });
});

describe("a result that does not fit", () => {
  test.each([
    ["too large", "Host.misbehave: result: expected u8 (0 to 255), got 256"],
    ["no number", "Host.misbehave: result: expected u8 (0 to 255), got a string"],
  ])("%s is refused with its path", async (how, message) => {
    const lines = (await client.look(how)).split("\n");
    expect(lines.slice(0, 3)).toEqual(["EncodeError", message, "ERR_ENCODE"]);
  });

  test("in its depth is named there; a getter that throws is its own error", async () => {
    const { client: mine, keeper } = await own();
    let list: unknown = ["a", 3];
    keeper.echo = () => ({
      ...everything,
      get list() {
        return list as string[];
      },
    });
    expect((await rejection(mine.echo(everything))).message).toContain("Host.echo: result.list[1]: expected string");
    keeper.echo = () => ({
      ...everything,
      get list(): string[] {
        throw new Error("a getter's own");
      },
    });
    expect((await rejection(mine.echo(everything))).message).toBe("Host.echo: a getter's own");
    // A getter that calls Go while its result is being encoded.
    let inner: Promise<number> | undefined;
    list = ["x"];
    keeper.echo = () => ({
      ...everything,
      get list(): string[] {
        inner ??= mine.add(1, 2);
        return ["from a getter"];
      },
    });
    expect((await mine.echo(everything)).list).toEqual(["from a getter"]);
    expect(await inner).toBe(3);
    expect(inspect(mine)).toMatchObject({ inFlight: 0, queued: 0, answering: 0 });
    await until("no body", () => inspect(mine).bodiesInUse === 0);
    await mine.close();
  });

  test("into the arena is refused, and a small one fits afterwards", async () => {
    const { client: mine, keeper } = await own({ regionSize: 2 << 20, capacity: 64 });
    keeper.bytes = async () => new Uint8Array(1 << 20);
    const error = await rejection(mine.bytes(new Uint8Array(1)));
    expect(error.code).toBe("ERR_BODY_TOO_LARGE");
    expect(error.message).toContain("Host.bytes: the reply takes at least");
    keeper.bytes = async () => new Uint8Array(1000);
    expect((await mine.bytes(new Uint8Array(1))).length).toBe(1000);
    await mine.close();
  });
});

describe("a method that nobody provides", () => {
  test("fails by name; a one-way call to it is reported", async () => {
    const error = await rejection(client.missing());
    expect(error).toMatchObject({ code: "ERR_NOT_PROVIDED", goType: "*ts2go.NodeError" });
    expect(error.message).toContain("Missing.call: Ts2goError: nobody provides it: provide(Missing, ");
    onewayErrors.length = 0;
    await client.tellMissing();
    await until("the error", () => onewayErrors.length > 0);
    expect(onewayErrors[0]).toMatchObject({ code: "ERR_NOT_PROVIDED" });
  });

  test("is refused when it is provided", () => {
    expect(() => Host.with({} as Keeper)).not.toThrow();
    expect(() => provide(Missing, { call() {} } as unknown as Implementation<Missing>)).toThrow(
      "provide Missing: expected an object with a method for each of the interface's, but `tell` is missing",
    );
  });

  test("by the default client can be provided before or after Go has started, and again", async () => {
    expect(await rejection(nest.nothing())).toMatchObject({ code: "ERR_NOT_PROVIDED" });
    provide(Host, Object.assign(new Keeper(), { add: () => 1 }));
    expect(await nest.add(5, 5)).toBe(1);
    provide(Host, Object.assign(new Keeper(), { add: () => 2 }));
    expect(await nest.add(5, 5)).toBe(2);
    await nest.close();
  });
});

describe("a caller in Go that gives up", () => {
  test.each([
    [true, "context deadline exceeded", "context deadline exceeded"],
    [false, "context canceled", "enough of it"],
  ])(
    "by a deadline: %s, gets its context's error at once, and the signal is aborted",
    async (deadline, said, reason) => {
      keeper.aborted.length = 0;
      expect(await client.giveUp("wait", 20, deadline)).toBe(said);
      await until("the signal", () => keeper.aborted.length > 0);
      expect(keeper.aborted[0]).toBeInstanceOf(Ts2goError);
      expect(keeper.aborted[0]).toMatchObject({
        code: "ERR_CANCELED",
        message: `the caller in Go has given up: ${reason}`,
      });
      expect(inspect(client).answering).toBe(0);
    },
  );

  test("does so though the implementation never answers", async () => {
    expect(await client.giveUp("forever", 10, true)).toBe("context deadline exceeded");
    const signal = keeper.callers.at(-1)?.signal as AbortSignal;
    await until("the signal", () => signal.aborted);
    expect(inspect(client)).toMatchObject({ inFlight: 0, answering: 0, bodiesInUse: 0 });
  });

  test("because its own caller has: the end goes through both", async () => {
    keeper.aborted.length = 0;
    const error = await rejection(client.misbehave("wait", { timeout: 20 }));
    expect(error).toBeInstanceOf(TimeoutError);
    await until("the signal", () => keeper.aborted.length > 0);
    await until("nothing in flight", () => inspect(client).inFlight === 0);
  });

  test("ends what is called on its behalf, where the caller is passed on as the options", async () => {
    const before = keeper.callers.length;
    expect(await client.giveUp("pass on", 50, false)).toBe("context canceled");
    expect(keeper.callers.length).toBe(before + 1);
    const { signal } = keeper.callers[before] as Caller;
    await until("the inner signal", () => signal.aborted);
    await until("nothing in flight", () => inspect(client).inFlight === 0 && inspect(client).answering === 0);
  });

  test("tells how long it waits", async () => {
    expect(await client.patience(0)).toBe(0);
    const left = await client.patience(50_000);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(50_000);
  });
});

describe("calls from Go", () => {
  test("are made from 1000 goroutines at once", async () => {
    // Sum over g, i of g + i.
    const [g, n] = [1000, 10];
    expect(await client.many(g, n)).toBe((n * g * (g - 1)) / 2 + (g * n * (n - 1)) / 2);
    expect(await client.left()).toBe("0 calls, 0 bodies");
  });

  test("are made while the ring has hardly any room for them", async () => {
    const { client: mine } = await own({ capacity: 1, regionSize: 1 << 20 });
    expect(await mine.many(100, 10)).toBe((10 * 100 * 99) / 2 + (100 * 10 * 9) / 2);
    await mine.note(Array.from({ length: 500 }, () => "narrow"));
    await mine.close();
  });

  test.each([
    [undefined, 1000],
    [1, 1000],
    [64, 1000],
  ])("nest to any depth: with a capacity of %s, %i deep", async (capacity, depth) => {
    const { client: mine } = await own(capacity === undefined ? {} : { capacity });
    expect(await mine.down(depth)).toBe(2 * depth);
    expect(inspect(mine)).toMatchObject({ inFlight: 0, queued: 0, answering: 0 });
    await until("no body", () => inspect(mine).bodiesInUse === 0);
    // What was lent is not given out again.
    const all = Array.from({ length: 300 }, () => mine.down(3));
    expect(await Promise.all(all)).toEqual(all.map(() => 6));
    await mine.close();
  });

  test("are made during streams, in both directions", async () => {
    async function* numbers() {
      for (let i = 1; i <= 1000; i++) yield i;
    }
    expect(await client.total(numbers())).toBe(500_500);
    const got: number[] = [];
    for await (const value of client.called(1000)) got.push(value);
    expect(got).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  test("are refused at once while the thread is blocked by a sync call", async () => {
    expect(() => client.sync.add(1, 2)).toThrow(/Host\.add: Ts2goError: the JavaScript thread is blocked/);
    const error = (() => {
      try {
        return client.sync.nothing();
      } catch (error) {
        return error;
      }
    })();
    expect(error).toMatchObject({ code: "ERR_WOULD_BLOCK" });
    // One-way calls wait until it is over.
    const before = keeper.notes.length;
    client.sync.note(["one", "two"]);
    expect(keeper.notes.length).toBe(before);
    await undefined;
    await undefined;
    expect(keeper.notes.slice(before)).toEqual(["one", "two"]);
    expect(await client.add(1, 2)).toBe(3);
  });

  test("go on after the handler has returned, also when its caller had a signal", async () => {
    await client.goOn(100, { signal: new AbortController().signal });
    expect(await client.later()).toBe("100 calls");
  });

  test("do not keep Node alive", async () => {
    const { code, stdout } = await runNode("callbacks-idle");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "answered\n" });
  });
});

describe("at the end", () => {
  test("close completes the calls in flight with the calls that they make, and fails the others in Go", async () => {
    const { client: mine, keeper } = await own();
    await mine.goOn(2 ** 31);
    const call = mine.many(50, 50);
    const later = rejection(mine.down(1));
    const closed = mine.close();
    expect(await call).toBe((50 * 50 * 49) / 2 + (50 * 50 * 49) / 2);
    // What an implementation calls is a later call, as every other.
    expect((await later).message).toBe("Host.down: ClosedError: the client is closed");
    await closed;
    expect(keeper.callers).toEqual([]);
  });

  test("close does not wait for what only Go waits for: its signal is aborted", async () => {
    const { client: mine, keeper } = await own();
    await mine.waitLater();
    await until("the call", () => keeper.callers.length === 1);
    const { signal } = keeper.callers[0] as Caller;
    const closed = mine.close();
    await until("the signal", () => signal.aborted);
    expect(signal.reason).toBeInstanceOf(ClosedError);
    await closed;
  });

  test("the worker's death ends the signals of the calls it made, and the next worker is answered", async () => {
    const { client: mine, keeper } = await own();
    const calls = Array.from({ length: 20 }, () => mine.misbehave("wait"));
    const outcome = Promise.allSettled(calls);
    await until("the calls", () => keeper.callers.length === 20);
    const signals = keeper.callers.map((caller) => caller.signal);
    process.kill(inspect(mine).pid as number, "SIGKILL");
    for (const result of await outcome)
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(WorkerDiedError);
    await until("the signals", () => signals.every((signal) => signal.aborted));
    expect(keeper.aborted[0]).toBeInstanceOf(WorkerDiedError);
    expect(await mine.add(1, 1)).toBe(2);
    expect(inspect(mine)).toMatchObject({ starts: 2, answering: 0, bodiesInUse: 0 });
    await mine.close();
  });

  test("options that leave no room are refused by name", async () => {
    const regionSize = 3 * 65_536;
    await expect(connect(Nest, { capacity: 1, regionSize })).rejects.toMatchObject({ code: "ERR_INVALID_OPTION" });
    await expect(connect(Nest, { capacity: 1, regionSize })).rejects.toThrow(/option regionSize: expected at least/);
  });
});

test("100,000 mixed calls leave nothing behind on either side", async () => {
  const { client: mine } = await own({ capacity: 256 });
  for (let round = 0; round < 5; round++) expect(await mine.mix(100, 200)).toBe(20_000);
  await until("nothing in Node", () => inspect(mine).bodiesInUse === 0 && inspect(mine).answering === 0);
  expect(await mine.left()).toBe("0 calls, 0 bodies");
  expect(inspect(mine)).toMatchObject({ inFlight: 0, queued: 0 });
  await mine.close();
});
