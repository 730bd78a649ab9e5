import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import { deepEqual, equal, has, ok, thrown, upTo } from "../kit/checks.js";
import { everything } from "../kit/everything.js";

export const sync: Group = {
  title: "Calls that block",
  cases: [
    {
      name: "a sync call returns what the promise would have",
      async run({ client }) {
        await client.nothing();
        deepEqual(client.sync.everything(everything), everything);
        equal(client.sync.nothing(), undefined);
        equal(client.sync.several(true, "a", 1), 'true "a" 1 <nil>');
      },
    },
    {
      name: "a sync call with a large argument and result",
      async run({ client }) {
        await client.nothing();
        equal(client.sync.large(1_000_000, new Uint8Array(500_000)).length, 1_000_000);
      },
    },
    {
      name: "a sync call throws what the promise would reject with: an error, a panic, a refusal",
      async run({ client }) {
        await client.nothing();
        has(
          thrown(() => client.sync.fail("no", "E_NO")),
          { name: "GoError", code: "E_NO", message: "no" },
        );
        has(
          thrown(() => client.sync.misbehave("panic")),
          { name: "GoPanicError" },
        );
        has(
          thrown(() => client.sync.u8(300)),
          { name: "EncodeError", path: "v" },
        );
      },
    },
    {
      name: "10,000 sync calls, other promises in between",
      async run({ client }) {
        await client.nothing();
        const others: Promise<number>[] = [];
        for (let i = 0; i < 10_000; i++) {
          if (i % 1000 === 0) others.push(client.u32(i));
          if (client.sync.u32(i) !== i) throw new Error(`another answer than ${i}`);
        }
        deepEqual(
          await Promise.all(others),
          upTo(10).map((i) => i * 1000),
        );
      },
    },
    {
      name: "promises that were answered meanwhile settle afterwards, in the order of their calls",
      async run({ client }) {
        await client.nothing();
        const order: string[] = [];
        const others = [client.u8(1).then(() => order.push("first")), client.u8(2).then(() => order.push("second"))];
        client.sync.u8(3);
        order.push("sync");
        await Promise.all(others);
        equal(order[0], "sync");
        deepEqual([...order].sort(), ["first", "second", "sync"]);
      },
    },
    {
      name: "a sync call waits behind those that wait for room",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const others = upTo(50).map((i) => client.u32(i));
        ok(inspect(client).queued > 0);
        equal(client.sync.u32(100), 100);
        deepEqual(await Promise.all(others), upTo(50));
      },
    },
    {
      name: "a sync call from a getter of another call's argument is refused",
      async run({ client }) {
        await client.nothing();
        let inner: Error | undefined;
        const user = {
          get name() {
            inner = thrown(() => client.sync.u8(1));
            return "abc";
          },
          age: 1,
        };
        deepEqual(await client.users([user]), [{ name: "abc", age: 1 }]);
        has(inner, { code: "ERR_WOULD_BLOCK" });
      },
    },
    {
      name: "a sync call after the worker's death is refused until the next one runs",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        has(
          thrown(() => client.sync.misbehave("exit")),
          { name: "WorkerDiedError", code: "ERR_WORKER_DIED" },
        );
        has(
          thrown(() => client.sync.u8(1)),
          { code: "ERR_WOULD_BLOCK" },
        );
        equal(await client.u8(2), 2);
        equal(client.sync.u8(3), 3);
      },
    },
    {
      name: "a sync call of a closed client throws ClosedError",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        has(
          thrown(() => client.sync.u8(1)),
          { name: "ClosedError" },
        );
      },
    },
    {
      name: "there are no sync forms of one-way calls and of streams",
      run({ client }) {
        const names = Object.keys(client.sync);
        ok(names.includes("u8"));
        deepEqual(
          ["note", "count", "sum", "twice"].filter((name) => names.includes(name)),
          [],
        );
      },
    },
  ],
};
