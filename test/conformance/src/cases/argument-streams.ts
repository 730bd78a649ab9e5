import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import type { User } from "../gen/conformance.js";
import {
  deepEqual,
  endless,
  equal,
  from,
  has,
  Mouth,
  match,
  ok,
  quietly,
  rejection,
  until,
  upTo,
} from "../kit/checks.js";

/** Items that may be ahead of a handler: a window of batches of 256, and the source's own. */
const AHEAD = 30 * 256;

export const argumentStreams: Group = {
  title: "Streams to Go",
  cases: [
    {
      name: "a stream of three numbers",
      like: ["Basic: client-stream/success"],
      async run({ client }) {
        equal(await client.sum(from([1, 2, 3.5])), 6.5);
      },
    },
    {
      name: "a stream of no items",
      like: [
        "Basic: client-stream/no-requests (disabled there)",
        "Connect Empty Responses: client-stream/empty-response",
        "Server Empty Requests: client-stream/empty-request",
      ],
      async run(on) {
        equal(await on.client.sum(from([])), 0);
        equal(await on.client.fate(on.gate(), from([])), "after 0: end");
      },
    },
    {
      name: "counts around the size of a batch reach the handler whole",
      async run({ client }) {
        for (const n of [1, 255, 256, 257, 1025, 20_000]) equal(await client.sum(from(upTo(n))), (n * (n - 1)) / 2);
      },
    },
    {
      name: "items of 27,182, 8, 1828 and 45,904 bytes are 74,922 together",
      like: ["gRPC: client_streaming"],
      async run({ client }) {
        equal(await client.sizes(from([27_182, 8, 1828, 45_904].map((n) => new Uint8Array(n)))), 74_922);
      },
    },
    {
      name: "items are read in their order, beside other arguments",
      async run({ client }) {
        const users = upTo(300).map((i) => ({ name: `u${i}`, age: i % 256 }));
        equal(await client.join("-", from(users), 1000), users.map((u) => u.name).join("-"));
      },
    },
    {
      name: "items that are unions",
      async run({ client }) {
        deepEqual(await client.kinds(from([{ kind: "origin" }, { kind: "circle", radius: 1 }])), [
          "*gen.ShapeOrigin",
          "*gen.Circle",
        ]);
      },
    },
    {
      name: "an ordinary iterable will do",
      async run({ client }) {
        equal(await client.sum([1, 2, 3] as unknown as AsyncIterable<number>), 6);
        equal(await client.sum(new Set([4, 5]) as unknown as AsyncIterable<number>), 9);
      },
    },
    {
      name: "what is no iterable is refused by the parameter's name",
      async run({ client }) {
        has(await rejection(client.sum(5 as never)), { name: "EncodeError", path: "values" });
      },
    },
    {
      name: "an item reaches the handler before the next one is made",
      async run(on) {
        const mouth = new Mouth<number>();
        const stream = on.client.twice(on.gate(), mouth);
        const first = stream.next();
        mouth.say(41);
        equal((await first).value, 41);
        mouth.end();
        await stream.return?.();
      },
    },
    {
      name: "a handler that has enough stops the source, which is told",
      async run({ client }) {
        let left = false;
        async function* source(): AsyncGenerator<User> {
          try {
            for (let i = 0; ; i++) yield { name: `u${i}`, age: 0 };
          } finally {
            left = true;
          }
        }
        equal(await client.join("", source(), 2), "u0u1");
        await until("the source was left", () => left);
      },
    },
    {
      name: "a handler that does not read stops the source, a bounded number of items ahead",
      like: ["gRPC: flow control: pushback at client (to be written there)"],
      async run(on) {
        const gate = on.gate();
        const { state, items } = endless();
        const controller = new AbortController();
        const call = quietly(on.client.unread(gate, items, { signal: controller.signal }));
        await on.client.begun(gate);
        for (let i = 0; i < 500; i++) await on.client.nothing();
        ok(state.made <= AHEAD, `${state.made} items ahead`);
        controller.abort("done");
        equal(await rejection(call), "done" as never);
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "a handler that begins to read late misses nothing",
      async run(on) {
        const gate = on.gate();
        const call = on.client.unread(gate, from(upTo(5000)));
        await on.client.begun(gate);
        await on.client.release(gate);
        equal(await call, 5000);
      },
    },
    {
      name: "a source that throws rejects the call with what it threw, and the handler hears of it",
      async run(on) {
        const gate = on.gate();
        const mine = new RangeError("the source is dry");
        async function* source() {
          yield 1;
          await on.client.begun(gate);
          throw mine;
        }
        equal(await rejection(on.client.fate(gate, source())), mine as never);
        match(await on.client.ends(gate), /^after [01]: .*the source is dry$/);
      },
    },
    {
      name: "an item that does not fit rejects with its path, and the source is left",
      async run({ client }) {
        let left = false;
        async function* source() {
          try {
            yield { name: "a", age: 1 };
            yield { name: "b", age: 300 };
            yield { name: "c", age: 3 };
          } finally {
            left = true;
          }
        }
        const error = await rejection(client.join(",", source(), 9));
        has(error, { name: "EncodeError", method: "Conformance.join", received: "300" });
        match((error as unknown as { path: string }).path, /^users\[\d\]\.age$/);
        equal(left, true);
      },
    },
    {
      name: "an error of the handler after one item: the call rejects, and the source is told",
      like: ["Errors: client-stream/error-one-request"],
      async run({ client }) {
        const { state, items } = endless();
        has(await rejection(client.failAfter(items, 1, "wrapped code")), { name: "GoError", code: "QUOTA" });
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "an error of the handler after 1000 items",
      like: ["Errors: client-stream/error-multiple-requests"],
      async run({ client }) {
        const { state, items } = endless();
        has(await rejection(client.failAfter(items, 1000, "error")), { message: "an ordinary error" });
        ok(state.made >= 1000);
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "an error of the handler before it has read anything",
      async run({ client }) {
        const { state, items } = endless();
        has(await rejection(client.failAfter(items, 0, "error")), { message: "an ordinary error" });
        await until("the source was left or never begun", () => state.left || state.made === 0);
      },
    },
    {
      name: "a panic of the handler in the middle",
      async run({ client }) {
        const { state, items } = endless();
        has(await rejection(client.failAfter(items, 10, "panic")), { name: "GoPanicError" });
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "50 streams at once do not mix",
      async run({ client }) {
        const sums = await Promise.all(upTo(50).map((i) => client.sum(from(upTo(i * 20)))));
        deepEqual(
          sums,
          upTo(50).map((i) => upTo(i * 20).reduce((sum, n) => sum + n, 0)),
        );
      },
    },
    {
      name: "streams in a ring that is nearly too small take turns",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 4 });
        deepEqual(
          await Promise.all(upTo(6).map(() => client.sum(from(upTo(2000))))),
          upTo(6).map(() => 1_999_000),
        );
      },
    },
    {
      name: "the worker's death rejects with WorkerDiedError, and the source is left",
      like: ["Connect Unexpected Responses: no-end-stream (3)"],
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const gate = on.gate();
        const { state, items } = endless();
        const call = quietly(client.unread(gate, items));
        await client.begun(gate);
        process.kill(inspect(client).pid as number, "SIGKILL");
        has(await rejection(call), { name: "WorkerDiedError", code: "ERR_WORKER_DIED" });
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "a call with a stream on a closed client rejects, and the source is not asked",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        const { state, items } = endless();
        has(await rejection(client.sum(items)), { name: "ClosedError" });
        equal(state.made, 0);
      },
    },
  ],
};
