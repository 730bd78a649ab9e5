import { AsyncLocalStorage } from "node:async_hooks";
import { type Client, connect, type Implementation } from "@x/ts2go";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Context, type Seen, Streams, Witness } from "./src/gen/trust.js";

const storage = new AsyncLocalStorage<string>();
const nothing: Seen = { metadata: {}, words: [] };

/** Says in which context it runs, before and after a wait. */
async function look(): Promise<Seen> {
  const before = storage.getStore() ?? "none";
  await undefined;
  return { metadata: {}, words: [before, storage.getStore() ?? "none"] };
}
const told: (string | undefined)[] = [];
const witness: Implementation<Witness> = {
  look,
  count: look,
  nothing: look,
  tell: () => {
    told.push(storage.getStore());
  },
};

let client: Client<Context>;
beforeAll(async () => {
  client = await storage.run("provided", () => connect(Context, { provide: [Witness.with(witness)] }));
});
afterAll(() => client.close());

test("what awaits a call, or reads a stream, goes on in its own context", async () => {
  await Promise.all(
    ["a", "b", "c"].map((name) =>
      storage.run(name, async () => {
        await client.count(1);
        expect(storage.getStore()).toBe(name);
        for await (const _ of client.items(["x", "y"] as never)) expect(storage.getStore()).toBe(name);
        expect(storage.getStore()).toBe(name);
      }),
    ),
  );
});

test("a method that Go calls on behalf of a call runs in the context of that call", async () => {
  const seen = await Promise.all(
    ["a", "b", "c"].flatMap((name) =>
      ["look", "count", "nothing"].map((how) => storage.run(name, () => client.back(how, {}))),
    ),
  );
  const names = ["a", "a", "a", "b", "b", "b", "c", "c", "c"];
  expect(seen.map(({ words }) => words)).toEqual(names.map((name) => [name, name]));
  // With metadata, with a signal, by a one-way call, and where the call had no store.
  const { signal } = new AbortController();
  expect((await storage.run("d", () => client.back("look", { a: "b" }, { signal }))).words).toEqual(["d", "d"]);
  await storage.run("e", () => client.back("a line", {}));
  expect(told).toEqual(["e"]);
  expect((await client.back("look", {})).words).toEqual(["none", "none"]);
});

test("though its call had to wait to be sent", async () => {
  const mine = await connect(Context, { provide: [Witness.with(witness)], capacity: 1 });
  const names = Array.from({ length: 40 }, (_, i) => `call ${i}`);
  const seen = await Promise.all(names.map((name) => storage.run(name, () => mine.back("count", {}))));
  expect(seen.map(({ words }) => words[0])).toEqual(names);
  await mine.close();
});

test("through every level, where calls nest", async () => {
  const mine: Client<Context> = await connect(Context, {
    provide: [
      Witness.with({
        ...witness,
        look: () => storage.run(`${storage.getStore()}, inner`, () => mine.back("count", {})),
      }),
    ],
  });
  expect((await storage.run("outer", () => mine.back("look", {}))).words).toEqual(["outer, inner", "outer, inner"]);
  await mine.close();
});

test("when that call has ended, in the context of what has provided it", async () => {
  const controller = new AbortController();
  await storage.run("over", () => client.goOn({ signal: controller.signal }));
  expect((await client.later()).words).toEqual(["provided", "provided"]);
});

test("an argument stream is read in the context of its call, though it had to wait to be sent", async () => {
  const mine = await connect(Streams, { capacity: 4 });
  const stores: (string | undefined)[] = [];
  async function* numbers() {
    try {
      for (let i = 0; i < 3; i++) {
        stores.push(storage.getStore());
        yield i;
      }
    } finally {
      stores.push(storage.getStore());
    }
  }
  await Promise.all(["a", "b", "c"].map((name) => storage.run(name, () => mine.sum(numbers()))));
  expect(stores.sort()).toEqual(["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"]);
  await mine.close();
});

test("and left in it, where the handler does not want the rest", async () => {
  const mine = await connect(Streams);
  const stores: (string | undefined)[] = [];
  async function* readings() {
    try {
      for (let i = 0; ; i++) yield { name: `${i}`, value: i };
    } finally {
      stores.push(storage.getStore());
    }
  }
  expect(await storage.run("a", () => mine.join("-", readings(), 2))).toBe("0-1");
  await expect.poll(() => stores).toEqual(["a"]);
  await mine.close();
});

test("the context of a call that has ended is not kept", async () => {
  const objects = new AsyncLocalStorage<object>();
  const kept = await objects.run({ name: "store" }, async () => {
    await client.count(1);
    return new WeakRef(objects.getStore() as object);
  });
  // The last promise is kept for as long as it is the last.
  await client.count(2);
  await expect
    .poll(() => {
      globalThis.gc?.();
      return kept.deref();
    })
    .toBeUndefined();
});

test("one that provides nothing is not told of contexts, and answers", async () => {
  const mine = await connect(Context);
  expect(await storage.run("a", () => mine.nothing())).toEqual(nothing);
  await mine.close();
});
