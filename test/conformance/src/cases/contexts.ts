import { AsyncLocalStorage } from "node:async_hooks";
import type { Group } from "../case.js";
import { collected } from "../kit/bytes.js";
import { deepEqual, endless, equal, until, upTo } from "../kit/checks.js";
import type { Ground } from "../kit/ground.js";

const storage = new AsyncLocalStorage<string>();
const store = () => storage.getStore();

/** Lets `Host.nothing` keep where it runs, before and after a wait. */
function witness(on: Ground): (string | undefined)[] {
  const seen: (string | undefined)[] = [];
  on.host({
    nothing: async () => {
      seen.push(store());
      await undefined;
      seen.push(store());
    },
  });
  return seen;
}

/** Numbers whose source keeps where it runs. */
async function* numbers(seen: (string | undefined)[]): AsyncGenerator<number> {
  try {
    for (let i = 0; i < 3; i++) {
      seen.push(store());
      yield i;
    }
  } finally {
    seen.push(store());
  }
}

export const contexts: Group = {
  title: "Asynchronous contexts",
  cases: [
    {
      name: "what awaits a call goes on in its own AsyncLocalStorage",
      async run({ client }) {
        const go = (name: string) =>
          storage.run(name, async () => {
            await client.nothing();
            const first = store();
            await client.bytes(new Uint8Array(1000));
            return [first, store()];
          });
        deepEqual(await Promise.all(["a", "b", "c"].map(go)), [
          ["a", "a"],
          ["b", "b"],
          ["c", "c"],
        ]);
      },
    },
    {
      name: "so does what reads a stream",
      async run(on) {
        const go = (name: string) =>
          storage.run(name, async () => {
            const seen = new Set<string | undefined>();
            for await (const _ of on.client.count(on.gate(), 100)) seen.add(store());
            return [...seen.add(store())];
          });
        deepEqual(await Promise.all(["a", "b", "c"].map(go)), [["a"], ["b"], ["c"]]);
      },
    },
    {
      name: "an argument stream is read in the context of its call",
      async run({ client }) {
        const seen: (string | undefined)[] = [];
        await Promise.all(["a", "b", "c"].map((name) => storage.run(name, () => client.sum(numbers(seen)))));
        deepEqual(seen.sort(), ["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"]);
      },
    },
    {
      name: "also where it had to wait to be sent",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 4 });
        const seen: (string | undefined)[] = [];
        await Promise.all(["a", "b", "c"].map((name) => storage.run(name, () => client.sum(numbers(seen)))));
        deepEqual(seen.sort(), ["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"]);
      },
    },
    {
      name: "and left in it, where the handler does not want the rest",
      async run({ client }) {
        const seen: (string | undefined)[] = [];
        async function* users() {
          try {
            for await (const i of endless().items) yield { name: `${i}`, age: 1 };
          } finally {
            seen.push(store());
          }
        }
        equal(await storage.run("a", () => client.join("-", users(), 2)), "0-1");
        await until("it is left", () => seen.length > 0);
        deepEqual(seen, ["a"]);
      },
    },
    {
      name: "a method that Go calls on behalf of a call runs in the context of that call",
      async run(on) {
        const seen: Record<string, (string | undefined)[]> = {};
        on.host({
          join: async (words) => {
            await undefined;
            seen[words[0] as string] = [store()];
            return "";
          },
        });
        const names = upTo(50).map((i) => `call ${i}`);
        await Promise.all(names.map((name) => storage.run(name, () => on.client.viaJoin([name]))));
        for (const name of names) deepEqual(seen[name], [name]);
        await on.client.viaJoin(["none"]);
        deepEqual(seen.none, [undefined]);
      },
    },
    {
      name: "before and after it has waited, with metadata, a signal and a timeout",
      async run(on) {
        const seen = witness(on);
        const { signal } = new AbortController();
        await storage.run("a", () => on.client.viaNothing());
        await storage.run("b", () => on.client.viaNothing({ metadata: { c: "d" }, signal, timeout: 60_000 }));
        deepEqual(seen, ["a", "a", "b", "b"]);
      },
    },
    {
      name: "a one-way method, too",
      async run(on) {
        const seen: (string | undefined)[] = [];
        on.host({ note: () => void seen.push(store()) });
        await storage.run("a", () => on.client.viaNote(["1", "2"]));
        deepEqual(seen, ["a", "a"]);
      },
    },
    {
      name: "on behalf of a call that had to wait to be sent",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const seen: (string | undefined)[] = [];
        on.host({
          join: (words) => {
            seen.push(`${words[0]} in ${store()}`);
            return "";
          },
        });
        const names = upTo(40).map((i) => `${i}`);
        await Promise.all(names.map((name) => storage.run(name, () => client.viaJoin([name]))));
        deepEqual(seen.sort(), names.map((name) => `${name} in ${name}`).sort());
      },
    },
    {
      name: "on behalf of a stream, for as long as it is read",
      async run(on) {
        const seen: (string | undefined)[] = [];
        on.host({
          add: (a, b) => {
            seen.push(store());
            return a + b;
          },
        });
        await storage.run("a", async () => {
          for await (const _ of on.client.called(3));
        });
        deepEqual(seen, ["a", "a", "a"]);
      },
    },
    {
      name: "through every level, where calls nest",
      async run(on) {
        const seen: (string | undefined)[] = [];
        on.host({
          down: (depth) => {
            seen.push(store());
            return storage.run(`${store()}, ${depth - 1}`, () => on.client.down(depth - 1));
          },
        });
        await storage.run("3", () => on.client.down(3));
        deepEqual(seen, ["3", "3, 2", "3, 2, 1"]);
      },
    },
    {
      name: "when that call has ended, in the context of who has provided it",
      needs: ["options"],
      async run(on) {
        const seen = witness(on);
        const client = await storage.run("provided", () => on.fresh());
        const gate = on.gate();
        await storage.run("over", () => client.forwardLater(gate));
        await client.release(gate);
        equal(await client.ends(gate), "<nil>");
        deepEqual(seen, ["provided", "provided"]);
      },
    },
    {
      name: "the context of a call that has ended is not kept",
      async run({ client }) {
        const objects = new AsyncLocalStorage<object>();
        const kept = await objects.run({ name: "store" }, async () => {
          await client.nothing();
          return new WeakRef(objects.getStore() as object);
        });
        // The last promise is kept for as long as it is the last.
        await client.nothing();
        await collected("it is gone", () => kept.deref() === undefined);
      },
    },
  ],
};
