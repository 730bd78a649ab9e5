import { DecodeError, inspect, type Lease } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import { collected, countUp, MIB, SMALL } from "../kit/bytes.js";
import { deepEqual, equal, has, match, ok, quietly, rejection, thrown, until, upTo } from "../kit/checks.js";

const same = (bytes: Uint8Array, expected: Uint8Array, what?: string) =>
  equal(Buffer.compare(bytes, expected), 0, what);

/** A case of a handler that allocates, and whose result nobody gets. */
const nobodyGets = (name: string, how: string, expected: object): Case => ({
  name,
  async run({ client }) {
    has(await rejection(client.makeFailing(100_000, how)), expected);
    equal(inspect(client).leases, 0);
  },
});

export const leasedResults: Group = {
  title: "Leases in results",
  cases: [
    {
      name: "bytes that Go has made in place, from 1 to 3 MiB",
      async run({ client }) {
        for (const n of [1, 3, 127, 128, 4096, 100_000, 3 * MIB]) {
          using bytes = await client.make(n, 7);
          same(bytes, countUp(n, 7), `${n} bytes`);
          equal(inspect(client).leases, 1);
        }
      },
    },
    {
      name: "bytes that Go has made elsewhere come all the same",
      async run({ client }) {
        using bytes = await client.makeElsewhere(100_000, 1);
        same(bytes, countUp(100_000, 1));
      },
    },
    {
      name: "no bytes are an empty array, and nothing is held",
      async run({ client }) {
        using bytes = await client.make(0, 0);
        deepEqual([bytes.length, inspect(client).leases], [0, 0]);
      },
    },
    {
      name: "a part of what was allocated",
      async run({ client }) {
        using bytes = await client.makePart(1000, 10, 20);
        deepEqual([...bytes], [...countUp(10, 10)]);
      },
    },
    {
      name: "a lease is a Uint8Array to everybody",
      async run({ client }) {
        using bytes = await client.make(300, 0);
        ok(bytes instanceof Uint8Array);
        ok(Buffer.from(bytes).equals(countUp(300)));
        deepEqual(structuredClone(bytes), countUp(300));
        deepEqual(bytes.slice(1, 3), Uint8Array.of(1, 2));
        equal(new TextDecoder("latin1").decode(bytes.subarray(65, 68)), "ABC");
      },
    },
    {
      name: "a lease stays as it is until it is released, whatever is called meanwhile",
      async run({ client }) {
        using bytes = await client.make(MIB, 3);
        for (const i of upTo(20)) (await client.make(MIB, i)).release();
        same(bytes, countUp(MIB, 3));
      },
    },
    {
      name: "its release empties it and all views of its buffer",
      async run({ client }) {
        const bytes = await client.make(1000, 1);
        const view = new DataView(bytes.buffer);
        const part = bytes.subarray(10, 20);
        deepEqual([part[0], bytes.released], [11, false]);
        bytes.release();
        deepEqual([bytes.released, part.released, bytes.length, part.length], [true, true, 0, 0]);
        deepEqual([bytes[0], part[0]], [undefined, undefined]);
        ok(thrown(() => view.getUint8(0)) instanceof TypeError);
      },
    },
    {
      name: "released twice is released once",
      async run({ client }) {
        using other = await client.make(100, 0);
        const bytes = await client.make(100, 0);
        equal(inspect(client).leases, 2);
        bytes.release();
        bytes.release();
        bytes[Symbol.dispose]();
        equal(inspect(client).leases, 1);
        same(other, countUp(100));
      },
    },
    {
      name: "using releases it at the end of the block",
      async run({ client }) {
        let outside: Lease<Uint8Array>;
        {
          using bytes = await client.make(100, 0);
          outside = bytes;
        }
        deepEqual([outside.released, inspect(client).leases], [true, 0]);
      },
    },
    {
      name: "several in one result stay until the last of them is released",
      async run({ client }) {
        const { width, pixels, thumbnail, tiles } = await client.picture(1000, 3);
        equal(width, 1000);
        same(pixels, countUp(1000));
        deepEqual(
          tiles.map((tile) => [...tile]),
          upTo(3).map((i) => [...countUp(5, i)]),
        );
        equal(inspect(client).leases, 1);
        for (const each of [pixels, ...tiles]) each.release();
        equal(inspect(client).leases, 1);
        same(thumbnail as Uint8Array, countUp(500));
        thumbnail?.release();
        equal(inspect(client).leases, 0);
      },
    },
    {
      name: "one that was left out, and a list without any",
      async run({ client }) {
        const { pixels, thumbnail, tiles } = await client.picture(2, 0);
        deepEqual([[...pixels], thumbnail, tiles], [[0, 1], null, []]);
        pixels.release();
      },
    },
    {
      name: "one that is forgotten is given back by the collector, unless a view of it is in use",
      async run({ client }) {
        await (async () => {
          const { buffer } = await client.make(1000, 5);
          for (const i of upTo(10)) await client.make(1000, i);
          // The last promise is remembered until the next call.
          await client.nothing();
          await collected("one is left", () => inspect(client).leases === 1);
          equal(new Uint8Array(buffer)[999], (999 + 5) & 255);
        })();
        await collected("none is left", () => inspect(client).leases === 0);
      },
    },
    {
      name: "a sync call returns one",
      async run({ client }) {
        await client.nothing();
        using bytes = client.sync.make(10, 1);
        deepEqual([...bytes], [...countUp(10, 1)]);
      },
    },
    nobodyGets("a handler that allocates and fails", "error", { name: "GoError", message: "an ordinary error" }),
    nobodyGets("a handler that allocates and panics", "panic", { name: "GoPanicError" }),
    {
      name: "a result with a lease that is refused here holds nothing",
      async run({ client }) {
        ok((await rejection(client.spoilt())) instanceof DecodeError);
        equal(inspect(client).leases, 0);
      },
    },
    {
      name: "one that comes for a call that was given up is given back",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.makeLate(gate, 100_000, { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort();
        has(await rejection(call), { name: "AbortError" });
        await on.client.release(gate);
        await until("Go is done with it", () => inspect(on.client).inFlight === 0);
        equal(inspect(on.client).leases, 0);
      },
    },
    {
      name: "what was not delivered takes no room: more of it than the memory has",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh(SMALL);
        for (const _ of upTo(12)) {
          await rejection(client.makeFailing(MIB, "error"));
          await rejection(client.makeFailing(MIB, "panic"));
          await rejection(client.spoilt());
          const gate = on.gate();
          const controller = new AbortController();
          const late = quietly(client.makeLate(gate, MIB, { signal: controller.signal }));
          await client.begun(gate);
          controller.abort();
          await rejection(late);
          await client.release(gate);
          await until("Go is done with it", () => inspect(client).inFlight === 0);
        }
        (await client.make(3 * MIB, 0)).release();
      },
    },
    {
      name: "while leases have the memory a call waits for one to be released",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh(SMALL);
        // There is room for it once, and not twice.
        const most = 5 * MIB;
        const first = await client.make(most, 1);
        let came = false;
        const second = client.make(most, 2).finally(() => {
          came = true;
        });
        for (const i of upTo(50)) equal(await client.u32(i), i);
        equal(came, false);
        first.release();
        using bytes = await second;
        same(bytes, countUp(most, 2));
      },
    },
    {
      name: "larger than the memory is refused, and says what to do",
      async run({ client }) {
        match((await rejection(client.make(2 ** 32 - 1, 0))).message, /connect with a larger regionSize/);
      },
    },
    {
      name: "a handler that has returned cannot allocate any more",
      async run(on) {
        const gate = on.gate();
        await on.client.makeStale(gate);
        await on.client.release(gate);
        match(
          await on.client.ends(gate),
          /ts2go: Alloc: expected the context of a handler|the handler has returned already/,
        );
      },
    },
    {
      name: "one outlives its client's end",
      async run(on) {
        const client = await on.fresh();
        const bytes = await client.make(100_000, 4);
        await client.close();
        same(bytes, countUp(100_000, 4));
        bytes.release();
        equal(bytes.length, 0);
      },
    },
    {
      name: "one outlives the worker that has made it",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const bytes = await client.make(100_000, 4);
        process.kill(inspect(client).pid as number, "SIGKILL");
        await until("its end", () => inspect(client).pid === undefined);
        using others = await client.make(100_000, 9);
        same(others, countUp(100_000, 9));
        same(bytes, countUp(100_000, 4));
        bytes.release();
        equal(bytes.length, 0);
      },
    },
  ],
};
