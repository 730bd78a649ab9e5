import { EncodeError, inspect, type Lease, OverloadedError } from "@x/ts2go";
import type { Group } from "../case.js";
import { collected, countUp, filled, MIB, SMALL, sum } from "../kit/bytes.js";
import { deepEqual, equal, from, has, match, ok, quietly, rejection, thrown, upTo } from "../kit/checks.js";

/** Bytes that are no lease, where one is expected. */
const ordinary = (n: number) => countUp(n) as Uint8Array as Lease<Uint8Array>;

export const leasedArguments: Group = {
  title: "Leases in arguments",
  cases: [
    {
      name: "bytes that were filled here are passed in place, from 1 to 3 MiB, and are gone here",
      async run({ client }) {
        await client.nothing();
        for (const n of [1, 128, 4097, 3 * MIB]) {
          const bytes = filled(client, n, 3);
          const { buffer } = bytes;
          const call = client.addUp(bytes);
          deepEqual([bytes.released, bytes.length, buffer.byteLength], [true, 0, 0]);
          equal(await call, sum(countUp(n, 3)), `${n} bytes`);
        }
      },
    },
    {
      name: "what is allocated is in use until it is passed, and until the handler is done",
      async run(on) {
        await on.client.nothing();
        const gate = on.gate();
        const bytes = filled(on.client, 1000);
        equal(inspect(on.client).bodiesInUse, 1);
        const call = on.client.addUpTwice(gate, bytes);
        await on.client.begun(gate);
        // The bytes, and the request that tells where they are.
        equal(inspect(on.client).bodiesInUse, 2);
        await on.client.release(gate);
        equal(await call, `${sum(countUp(1000))} ${sum(countUp(1000))}`);
      },
    },
    {
      name: "a part of what was allocated takes the whole with it",
      async run({ client }) {
        await client.nothing();
        const bytes = filled(client, 1000);
        equal(await client.addUp(bytes.subarray(10, 20)), sum(countUp(10, 10)));
        deepEqual([bytes.released, bytes.length], [true, 0]);
      },
    },
    {
      name: "one may be passed more than once in a call, beside what is copied",
      async run({ client }) {
        await client.nothing();
        const data = filled(client, 1000);
        const upload = { name: "é", data: data.subarray(0, 10), more: [data, data.subarray(990)], copied: countUp(4) };
        const expected = sum(countUp(10)) + sum(countUp(1000)) + sum(countUp(1000).subarray(990)) + 6 + 0xc3 + 0xa9;
        equal(await client.upload(upload), expected);
        ok(data.released);
      },
    },
    {
      name: "ordinary bytes are copied, and stay",
      async run({ client }) {
        const bytes = ordinary(50_000);
        equal(await client.addUp(bytes), sum(countUp(50_000)));
        equal(bytes.length, 50_000);
      },
    },
    {
      name: "a result's lease is copied, and stays",
      async run({ client }) {
        using bytes = await client.make(2000, 1);
        equal(await client.addUp(bytes), sum(countUp(2000, 1)));
        equal(bytes.released, false);
      },
    },
    {
      name: "one of another client is copied, and stays",
      needs: ["options"],
      async run(on) {
        const [one, other] = [await on.fresh(SMALL), await on.fresh(SMALL)];
        using bytes = filled(other, 100);
        equal(await one.addUp(bytes), sum(countUp(100)));
        equal(bytes.released, false);
      },
    },
    {
      name: "0 bytes",
      async run({ client }) {
        await client.nothing();
        using bytes = client.alloc(0);
        equal(inspect(client).bodiesInUse, 0);
        equal(await client.addUp(bytes), 0);
      },
    },
    {
      name: "one that was passed cannot be passed again",
      async run({ client }) {
        await client.nothing();
        const bytes = filled(client, 100);
        await client.addUp(bytes);
        const error = await rejection(client.addUp(bytes));
        ok(error instanceof EncodeError);
        has(error, { method: "Conformance.addUp", path: "data" });
        match(error.message, /a lease that was released, or passed in a call, before/);
      },
    },
    {
      name: "of a call that is refused the others are still there",
      async run({ client }) {
        await client.nothing();
        const data = filled(client, 3);
        const gone = filled(client, 3);
        gone.release();
        const error = await rejection(client.upload({ name: "", data, more: [gone], copied: new Uint8Array() }));
        has(error, { name: "EncodeError", path: "v.more[0]" });
        deepEqual([...data], [0, 1, 2]);
        equal(await client.addUp(data), 3);
      },
    },
    {
      name: "one that is not passed is given back by hand",
      async run({ client }) {
        await client.nothing();
        const bytes = filled(client, 100);
        bytes.release();
        deepEqual([bytes.length, inspect(client).bodiesInUse], [0, 0]);
      },
    },
    {
      name: "one that is forgotten is given back by the collector",
      async run({ client }) {
        await client.nothing();
        (() => {
          for (const i of upTo(10)) filled(client, 100, i);
        })();
        await collected("nothing is in use", () => inspect(client).bodiesInUse === 0);
      },
    },
    {
      name: "a handler that writes to one panics, and nothing else happens",
      async run({ client }) {
        await client.nothing();
        const error = await rejection(client.deface(filled(client, 10)));
        has(error, { name: "GoPanicError" });
        match(error.message, /write fault/);
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "beside a stream",
      async run({ client }) {
        await client.nothing();
        equal(await client.addUpBoth(filled(client, 10), from([1, 2, 3])), sum(countUp(10)) + 6);
      },
    },
    {
      name: "of a one-way call",
      async run(on) {
        await on.client.nothing();
        const name = on.gate();
        on.client.noteSum(name, filled(on.client, 10));
        deepEqual(await on.client.notes(name, 1), [`${sum(countUp(10))}`]);
      },
    },
    {
      name: "of a sync call",
      async run({ client }) {
        await client.nothing();
        const bytes = filled(client, 10);
        equal(client.sync.addUp(bytes), sum(countUp(10)));
        ok(bytes.released);
      },
    },
    {
      name: "one stays until the handler is done, though its caller has given up",
      async run(on) {
        await on.client.nothing();
        const gate = on.gate();
        const controller = new AbortController();
        const held = quietly(on.client.addUpTwice(gate, filled(on.client, 1000), { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort();
        has(await rejection(held), { name: "AbortError" });
        // Were it free already, some of this would lie where it was.
        for (const _ of upTo(50)) on.client.alloc(1000).fill(255).subarray().release();
        await on.client.release(gate);
        equal(await on.client.ends(gate), `${sum(countUp(1000))} ${sum(countUp(1000))}`);
      },
    },
    {
      name: "sizes that are none, or larger than the memory, are refused at once",
      async run({ client }) {
        await client.nothing();
        for (const n of [-1, 0.5, Number.NaN, "7" as never])
          has(
            thrown(() => client.alloc(n)),
            { code: "ERR_INVALID_OPTION" },
          );
        const large = thrown(() => client.alloc(2 ** 32));
        has(large, { code: "ERR_BODY_TOO_LARGE" });
        match(large.message, /connect with a larger regionSize/);
      },
    },
    {
      name: "while there is no room it is refused with OverloadedError, and a call waits",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh(SMALL);
        const held: Lease<Uint8Array>[] = [];
        ok(
          thrown(() => {
            for (;;) held.push(client.alloc(MIB));
          }) instanceof OverloadedError,
        );
        const call = client.bytes(countUp(MIB));
        held.pop()?.release();
        equal(Buffer.compare(await call, countUp(MIB)), 0);
        for (const bytes of held) bytes.release();
      },
    },
    {
      name: "a closed client has no memory to give",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        has(
          thrown(() => client.alloc(1)),
          { code: "ERR_CLOSED" },
        );
      },
    },
  ],
};
