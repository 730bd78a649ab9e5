import {
  type Client,
  connect,
  type Implementation,
  inspect,
  type Lease,
  OverloadedError,
  WorkerDiedError,
} from "@x/ts2go";
import { describe, expect, test } from "vitest";
import { Host, Leases, Mix, Nest, Streams } from "./src/gen/trust.js";
import { until } from "./src/resources.js";
import { runNode } from "./src/run-node.js";

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What only does what is said here. */
const hostWith = (methods: Partial<Implementation<Host>>): Implementation<Host> => {
  const refuse = () => Promise.reject(new Error("not here"));
  const all = { note: () => {}, echo: refuse, add: refuse, join: refuse, bytes: refuse, paint: refuse };
  return { ...all, nothing: refuse, misbehave: refuse, down: refuse, patience: refuse, ...methods };
};

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const thrown = (f: () => unknown): Error & { code?: string } => {
  try {
    f();
  } catch (error) {
    return error as Error;
  }
  return expect.fail("nothing was thrown");
};

/** A call that is in flight until it is ended. */
class Lasting {
  private readonly controller = new AbortController();
  private readonly call: Promise<unknown>;

  constructor(private readonly client: Client<Mix>) {
    this.call = client.forever({ signal: this.controller.signal }).catch(() => {});
  }

  /** Ends it: its place is free afterwards, or somebody else's. */
  async end(): Promise<void> {
    const others = () => inspect(this.client).calls.filter(({ state }) => state === "abandoned").length;
    this.controller.abort();
    await this.call;
    await until("Go to be done with it", () => others() === 0);
  }
}

describe("a call beside open streams", () => {
  test("finds a place, where a stream is all that fits", async () => {
    await using client = await connect(Streams, { capacity: 4 });
    let n = 0;
    for await (const i of client.count(3000)) {
      expect(i).toBe(n++);
      if (i % 256 === 0) expect(await client.yielded()).toBeGreaterThan(i);
    }
    expect(n).toBe(3000);
  });

  test("finds a place, where more streams wait than fit; they come to theirs in turn", async () => {
    await using client = await connect(Streams, { capacity: 16 });
    const streams = upTo(6).map((i) => client.count(2000 + i));
    const firsts = streams.map((stream) => stream.next());
    await Promise.all(firsts.slice(0, 3));
    expect(inspect(client)).toMatchObject({ inFlight: 3, queued: 3 });
    expect(inspect(client).calls.filter(({ state }) => state === "queued")).toHaveLength(3);
    // At once, and as often as one likes.
    for (let i = 0; i < 100; i++) expect(await client.yielded()).toBeGreaterThan(0);
    for (const [i, stream] of streams.entries()) {
      expect(await firsts[i]).toEqual({ done: false, value: 0 });
      expect(await all(stream)).toHaveLength(2000 + i - 1);
    }
    expect(inspect(client)).toMatchObject({ inFlight: 0, queued: 0 });
  });

  test("finds a place beside a thousand streams with the capacity that is the default", async () => {
    await using client = await connect(Streams);
    const streams = upTo(1000).map(() => client.count(2000));
    const firsts = streams.map((stream) => stream.next());
    await Promise.all(firsts.slice(0, 700));
    expect(inspect(client).queued).toBeGreaterThan(0);
    const calls = await Promise.all(upTo(2000).map(() => client.yielded()));
    expect(calls.every((n) => n > 0)).toBe(true);
    const lengths = await Promise.all(streams.map((stream) => all(stream).then((list) => list.length)));
    expect(lengths).toEqual(streams.map(() => 1999));
  });

  test("blocks the thread for its answer", async () => {
    await using client = await connect(Streams, { capacity: 4 });
    const stream = client.count(10_000);
    await stream.next();
    expect(client.sync.yielded()).toBeGreaterThan(0);
    expect(await all(stream)).toHaveLength(9999);
  });

  test("and nested calls find places, where a stream is all that fits", async () => {
    const held: { client?: Client<Nest> } = {};
    const host = hostWith({
      add: async (a, b) => a + b,
      down: async (depth) => (await (held.client as Client<Nest>).down(depth - 1)) + 1,
    });
    const client = await connect(Nest, { capacity: 4, provide: [Host.with(host)] });
    held.client = client;
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    async function* none(): AsyncGenerator<number> {
      await ended;
      yield* [];
    }
    const total = client.total(none());
    expect(await client.down(20)).toBe(40);
    end();
    expect(await total).toBe(0);
    await client.close();
  });

  test("is an error where there can be no place for both", async () => {
    await using client = await connect(Streams, { capacity: 2 });
    const refusal = {
      code: "ERR_INVALID_OPTION",
      message: expect.stringContaining("connect with a capacity of at least 4, got 2"),
    };
    await expect(all(client.count(10))).rejects.toMatchObject(refusal);
    await expect(client.sum(new ReadableStream<number>())).rejects.toMatchObject(refusal);
  });
});

describe("a stream that waits for calls to end", () => {
  test("is passed by others, and gets its places from those that end, though calls never stop to wait", async () => {
    await using client = await connect(Mix, { capacity: 4 });
    const before = upTo(4).map(() => new Lasting(client));
    const stream = client.endless();
    const first = stream.next();
    const behind = upTo(4).map(() => new Lasting(client));
    expect(inspect(client)).toMatchObject({ inFlight: 4, queued: 5 });
    // The place of the first one goes to a call, those of the others to the stream.
    await before[0]?.end();
    await until("a call to pass", () => inspect(client).queued === 4);
    await before[1]?.end();
    await before[2]?.end();
    expect(inspect(client)).toMatchObject({ inFlight: 2, queued: 4 });
    await before[3]?.end();
    expect(await first).toEqual({ done: false, value: 0 });
    expect(inspect(client)).toMatchObject({ inFlight: 2, queued: 3 });
    await stream.return?.();
    for (const call of behind) await call.end();
  });

  test("lets a call pass that those wait for", async () => {
    await using client = await connect(Mix, { capacity: 16 });
    const lasting = upTo(14).map(() => new Lasting(client));
    const first = client.count(10)[Symbol.asyncIterator]().next();
    for (let i = 0; i < 10; i++) expect(await client.add(i, 1)).toBe(i + 1);
    expect(client.sync.add(1, 1)).toBe(2);
    for (const call of lasting) await call.end();
    expect(await first).toEqual({ done: false, value: 0 });
  });

  test("holds nobody back any more, once it is given up", async () => {
    await using client = await connect(Mix, { capacity: 4 });
    const before = upTo(2).map(() => new Lasting(client));
    const controller = new AbortController();
    const aborted = client.count(10, { signal: controller.signal })[Symbol.asyncIterator]().next();
    const left = client.count(10);
    const over = left.next();
    const behind = upTo(2).map(() => new Lasting(client));
    expect(inspect(client)).toMatchObject({ inFlight: 3, queued: 3 });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    await left.return?.();
    expect(await over).toMatchObject({ done: true });
    expect(inspect(client)).toMatchObject({ inFlight: 4, queued: 0 });
    for (const call of [...before, ...behind]) await call.end();
  });
});

describe("calls and streams that wait", () => {
  test("count together for maxQueue", async () => {
    await using client = await connect(Mix, { capacity: 4, maxQueue: 4 });
    const lasting = upTo(4).map(() => new Lasting(client));
    const streams = upTo(2).map(() => client.count(10));
    const firsts = streams.map((stream) => stream.next());
    const calls = upTo(2).map((i) => client.add(i, 0));
    expect(inspect(client).queued).toBe(4);
    await expect(client.add(1, 1)).rejects.toBeInstanceOf(OverloadedError);
    await expect(all(client.count(10))).rejects.toMatchObject({ code: "ERR_OVERLOADED", limit: 4 });
    for (const call of lasting) await call.end();
    expect(await Promise.all(calls)).toEqual([0, 1]);
    await Promise.all(firsts);
    expect(await Promise.all(streams.map((stream) => all(stream)))).toEqual([upTo(10).slice(1), upTo(10).slice(1)]);
  });

  test("are both completed by close", async () => {
    const client = await connect(Mix, { capacity: 4 });
    const lasting = upTo(4).map(() => new Lasting(client));
    const lists = upTo(3).map(() => all(client.count(1000)));
    const sums = upTo(3).map((i) => client.add(i, 1));
    const closed = client.close();
    for (const call of lasting) await call.end();
    expect(await Promise.all(sums)).toEqual([1, 2, 3]);
    for (const list of await Promise.all(lists)) expect(list).toEqual(upTo(1000));
    await closed;
  });

  test("both go to the next worker when one dies", async () => {
    await using client = await connect(Mix, { capacity: 4 });
    const lost = upTo(4).map(() => client.forever());
    const lists = upTo(3).map(() => all(client.count(1000)));
    const sums = upTo(3).map((i) => client.add(i, 1));
    expect(inspect(client).queued).toBe(6);
    process.kill(inspect(client).pid as number, "SIGKILL");
    for (const call of lost) await expect(call).rejects.toBeInstanceOf(WorkerDiedError);
    expect(await Promise.all(sums)).toEqual([1, 2, 3]);
    for (const list of await Promise.all(lists)) expect(list).toEqual(upTo(1000));
  });
});

/** Calls share some 750 kB. */
const SMALL = { regionSize: 2 << 20, capacity: 64 };
const bytes = (n: number) => new Uint8Array(n).fill(1) as Uint8Array as Lease<Uint8Array>;

describe("a sync call for which there is no memory", () => {
  test("is refused where only this thread could give it back: by its stream, or by bytes of its own", async () => {
    // In a process of its own: if it is not refused, nothing in it can time out.
    const { stdout, stderr, code } = await runNode("sync-without-memory");
    expect([code, stderr]).toEqual([0, ""]);
    const [stream, own] = JSON.parse(stdout) as Record<string, unknown>[];
    const refusal = {
      code: "ERR_WOULD_BLOCK",
      message: expect.stringMatching(/^sync call of Leases\.sum: .*await this call instead.*regionSize/),
      queued: 0,
    };
    expect(stream).toEqual({ ...refusal, afterwards: ["1000000", "400000"] });
    expect(own).toEqual({ ...refusal, afterwards: ["400000"] });
  });

  test("waits where a call in flight will give it back", async () => {
    await using client = await connect(Leases, SMALL);
    const held = client.hold(bytes(500_000), { timeout: 100 });
    expect(client.sync.sum(bytes(400_000))).toBe(400_000n);
    // Go's clock has ended it.
    expect(await held).toBe(0n);
  });
});

describe("a nested call for which there is no memory", () => {
  /** A client whose implementation of `bytes` answers with what `nested` does. */
  async function nesting(nested: (client: Client<Nest>, data: Uint8Array) => Promise<unknown>) {
    const held: { client?: Client<Nest> } = {};
    const host = hostWith({
      bytes: async (data) => {
        await nested(held.client as Client<Nest>, data);
        return Uint8Array.of(1);
      },
    });
    held.client = await connect(Nest, { ...SMALL, provide: [Host.with(host)] });
    return held.client;
  }
  const refusal = {
    code: "ERR_OVERLOADED",
    message: expect.stringMatching(
      /^Nest\.bytes: expected \d+ free bytes in one piece for the request, got \d+ of the \d+ .*regionSize/,
    ),
  };

  test("fails, since the calls that have it wait for that one", async () => {
    const errors: unknown[] = [];
    const client = await nesting(async (client, data) => {
      await client.bytes(data).catch((error: unknown) => errors.push(error));
    });
    const calls = upTo(4).map(() => client.bytes(bytes(300_000)));
    expect(await Promise.all(calls)).toEqual(calls.map(() => Uint8Array.of(1)));
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(error).toBeInstanceOf(OverloadedError);
      expect(error).toMatchObject(refusal);
    }
    expect(inspect(client)).toMatchObject({ inFlight: 0, queued: 0 });
    await client.close();
  });

  test("fails also if it is a sync call", async () => {
    let error: Error | undefined;
    const client = await nesting(async (client) => {
      error = thrown(() => client.sync.bytes(bytes(500_000)));
    });
    expect(await client.bytes(bytes(400_000))).toEqual(Uint8Array.of(1));
    expect(error).toMatchObject(refusal);
    await client.close();
  });

  test("finds what there is, though earlier ones took more", async () => {
    let depth = 0;
    const client = await nesting(async (client) => {
      if (depth++ === 0) await client.bytes(Uint8Array.of(2));
    });
    expect(await client.bytes(bytes(500_000))).toEqual(Uint8Array.of(1));
    expect(depth).toBe(2);
    await client.close();
  });

  test("is no reason for others to fail: calls wait for those that only call back", async () => {
    const client = await nesting(async () => {});
    const calls = upTo(50).map(() => client.bytes(bytes(300_000)));
    expect(await Promise.all(calls)).toEqual(calls.map(() => Uint8Array.of(1)));
    await client.close();
  });
});
