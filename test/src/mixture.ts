import { type CallOptions, type Client, type ConnectOptions, connect } from "@x/ts2go";
import { Host, Mix } from "./gen/trust.js";

/** A client of every kind of call: TypeScript's side of them answers, too. */
export function connectMix(options: ConnectOptions = {}): Promise<Client<Mix>> {
  const unused = () => Promise.reject(new Error("not in the mixture"));
  const host = Object.fromEntries(Host.methods.map(({ name }) => [name, unused]));
  const implementation = { ...host, add: async (a: number, b: number) => a + b } as never;
  return connect(Mix, { provide: [Host.with(implementation)], ...options });
}

/** One call of each kind, which says whether the answer was right. `n` varies it; `options` go with whatever takes some. */
export const KINDS: Readonly<
  Record<string, (client: Client<Mix>, n: number, options: CallOptions) => Promise<boolean>>
> = {
  quick: async (client, n, options) => (await client.add(n, 1, options)) === n + 1,
  bytes: async (client, n, options) => {
    const { length } = await client.bytes(new Uint8Array((n * 37) % 5000), options);
    return length === (n * 37) % 5000;
  },
  strings: async (client, n, options) =>
    (await client.join(["a", "bc".repeat(n % 300)], "-", options)) === `a-${"bc".repeat(n % 300)}`,
  metadata: async (client, n, options) => {
    const metadata = { tenant: "a".repeat(n % 400), trace: "b" };
    return (await client.add(n, 1, { ...options, metadata })) === n + 1;
  },
  slow: async (client, _, options) => (await client.sleep(1, options)) === 1,
  failing: async (client, n, options) => {
    const text = `no ${n}`;
    return client.fail(text, options).then(
      () => false,
      (error: Error) => {
        if (error.message !== text) throw error;
        return true;
      },
    );
  },
  oneway: async (client, n) => {
    client.note(`note ${n}`);
    return true;
  },
  resultStream: async (client, n, options) => {
    let expected = 0;
    for await (const item of client.count(n % 700, options)) if (item !== expected++) return false;
    return expected === n % 700;
  },
  streamLeftEarly: async (client, n, options) => {
    let read = 0;
    for await (const _ of client.endless(options)) if (++read > n % 300) break;
    return true;
  },
  argumentStream: async (client, n, options) => {
    const items = Array.from({ length: n % 400 }, (_, i) => i);
    return (await client.total(from(items), options)) === ((n % 400) * ((n % 400) - 1)) / 2;
  },
  bothStreams: async (client, n, options) => {
    let i = 0;
    const items = Array.from({ length: n % 300 }, (_, k) => k);
    for await (const item of client.twice(from(items), options)) if (item !== 2 * i++) return false;
    return i === n % 300;
  },
  lease: async (client, n, options) => {
    using bytes = await client.make(n % 5000, options);
    return bytes.length === n % 5000 && (n % 5000 === 0 || bytes.at(-1) === ((n % 5000) - 1) % 256);
  },
  allocated: async (client, n, options) => {
    // Without a worker there is no memory to share.
    await client.add(0, 0, options);
    const bytes = client.alloc(1 + (n % 3000));
    bytes.fill(1);
    return (await client.sum(bytes, options)) === BigInt(1 + (n % 3000));
  },
  calledBack: async (client, n, options) => (await client.called(n, 2, options)) === n + 2,
  aborted: async (client, n, options) => {
    const controller = new AbortController();
    const call = client.forever({ ...options, signal: controller.signal }).then(
      () => false,
      (error: Error) => error.name === "AbortError" || error,
    );
    if (n % 2 === 0) await client.add(n, 1, options).catch(() => {});
    controller.abort();
    const end = await call;
    if (end instanceof Error) throw end;
    return end;
  },
};

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
