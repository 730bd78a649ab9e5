import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import { deepEqual, equal, has, quietly, rejection, upTo } from "../kit/checks.js";

const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => i);

export const calls: Group = {
  title: "Calls",
  cases: [
    {
      name: "a call with an argument and a result",
      like: ["Basic: unary/success"],
      async run({ client }) {
        equal(await client.text("hello"), "hello");
      },
    },
    {
      name: "a call without arguments and without a result resolves to undefined",
      like: [
        "gRPC: empty_unary",
        "Connect Empty Responses: unary/empty-response",
        "Server Empty Requests: unary/empty-request",
      ],
      async run({ client }) {
        equal(await client.nothing(), undefined);
      },
    },
    {
      name: "several arguments arrive in their order; one that is left out is nil in Go",
      async run({ client }) {
        equal(await client.several(true, 'a "b"', 3, -4n), 'true "a \\"b\\"" 3 -4');
        equal(await client.several(false, "", 0), 'false "" 0 <nil>');
        equal(await client.several(false, "", 0, undefined), 'false "" 0 <nil>');
      },
    },
    {
      name: "options behind an argument that is left out",
      async run({ client }) {
        equal(await client.several(false, "", 0, undefined, { timeout: 60_000 }), 'false "" 0 <nil>');
      },
    },
    {
      name: "an argument may be changed as soon as the call is made",
      async run({ client }) {
        const data = bytes(1000);
        const call = client.bytes(data);
        data.fill(0);
        deepEqual(await call, bytes(1000));
      },
    },
    {
      name: "what a handler got by value it may keep",
      async run({ client }) {
        const payloads = upTo(50).map((i) => ({ name: `name ${"x".repeat(i)}`, data: bytes(i), words: [`word ${i}`] }));
        for (const payload of payloads) await client.keep(payload);
        // Later requests take the same memory.
        await Promise.all(payloads.map(() => client.bytes(new Uint8Array(200).fill(8))));
        deepEqual(await client.kept(), payloads);
      },
    },
    {
      name: "Borrow: a handler reads the argument in place",
      async run({ client }) {
        equal(await client.borrowed({ name: "ada", data: bytes(100), words: ["a", "b"] }), "ada a,b 4950");
        equal(await client.borrowed({ name: "", data: bytes(0), words: [] }), "  0");
      },
    },
    {
      name: "a call from a getter of an argument is a call of its own",
      async run({ client }) {
        let inner: Promise<number> | undefined;
        const user = {
          get name() {
            inner ??= client.u8(7);
            return "abc";
          },
          age: 1,
        };
        deepEqual(await client.users([user]), [{ name: "abc", age: 1 }]);
        equal(await inner, 7);
      },
    },
    {
      name: "a call from a getter is sent even if the call around it comes to nothing",
      async run({ client }) {
        let inner: Promise<number> | undefined;
        const user = {
          get name(): string {
            inner = client.u8(8);
            throw new Error("no name");
          },
          age: 1,
        };
        equal((await rejection(client.users([user]))).message, "no name");
        equal(await inner, 8);
      },
    },
    {
      name: "10,000 calls at once are each answered with their own",
      like: ["gRPC: multiple thousand simultaneous calls (to be written there)"],
      async run({ client }) {
        const list = upTo(10_000);
        deepEqual(await Promise.all(list.map((i) => client.u32(i))), list);
      },
    },
    {
      name: "answers come in any order: a call that waits holds up no other",
      async run(on) {
        const [first, second] = [on.gate(), on.gate()];
        const order: string[] = [];
        const a = on.client.hold(first).then(() => order.push("first"));
        const b = on.client.hold(second).then(() => order.push("second"));
        await on.client.release(second);
        await b;
        equal(await on.client.u8(1), 1);
        await on.client.release(first);
        await a;
        deepEqual(order, ["second", "first"]);
      },
    },
    {
      name: "1000 handlers that wait do not keep another from running",
      async run(on) {
        const gate = on.gate();
        const held = upTo(1000).map(() => on.client.hold(gate));
        equal(await on.client.u8(1), 1);
        await on.client.release(gate);
        deepEqual(new Set(await Promise.all(held)), new Set(["released"]));
        equal(await on.client.times(gate), 1000);
      },
    },
    {
      name: "calls and bodies of many sizes at once do not disturb each other",
      async run({ client }) {
        const back = await Promise.all(
          upTo(600).map((i) => (i % 3 === 0 ? client.u32(i) : client.bytes(bytes((i * 37) % 9000)))),
        );
        back.forEach((v, i) => {
          if (i % 3 === 0) equal(v, i);
          else equal(Buffer.compare(v as Uint8Array, bytes((i * 37) % 9000)), 0);
        });
      },
    },
    {
      name: "more calls than the ring has places wait for their turn",
      like: ["gRPC: going over max concurrent streams (to be written there)"],
      needs: ["options"],
      async run(on) {
        const narrow = await on.fresh({ capacity: 8 });
        deepEqual(await Promise.all(upTo(2000).map((i) => narrow.u32(i))), upTo(2000));
      },
    },
    {
      name: "a ring of one place carries calls, one at a time",
      needs: ["options"],
      async run(on) {
        const narrow = await on.fresh({ capacity: 1 });
        deepEqual(await Promise.all(upTo(500).map((i) => narrow.u32(i))), upTo(500));
      },
    },
    {
      name: "OverloadedError: more calls wait than maxQueue, and those before go on",
      needs: ["options"],
      async run(on) {
        const narrow = await on.fresh({ capacity: 8, maxQueue: 100 });
        // In one turn of the event loop: no answer comes in between.
        const made = upTo(200).map((i) => quietly(narrow.u32(i)));
        const { inFlight, queued } = inspect(narrow);
        deepEqual([inFlight, queued], [8, 100]);
        deepEqual(await Promise.all(made.slice(0, 108)), upTo(108));
        for (const call of made.slice(108)) {
          has(await rejection(call), { name: "OverloadedError", code: "ERR_OVERLOADED", limit: 100 });
        }
      },
    },
  ],
};
