import { inspect, type Ts2goError } from "@x/ts2go";
import type { Group } from "../case.js";
import { all, deepEqual, equal, has, ok, quietly, rejection, until, upTo } from "../kit/checks.js";

/** More items than any window holds. */
const MANY = 1_000_000;
/** Items that may be ahead of a reader: a window of batches of 256, those being made included. */
const AHEAD = 7 * 256;

/** The items of a stream that fails, and its error. */
async function untilError<T>(stream: AsyncIterable<T>): Promise<[T[], Ts2goError]> {
  const seen: T[] = [];
  const error = await rejection(
    (async () => {
      for await (const item of stream) seen.push(item);
    })(),
  );
  return [seen, error];
}

export const resultStreams: Group = {
  title: "Streams from Go",
  cases: [
    {
      name: "a stream of three items",
      like: ["Basic: server-stream/success"],
      async run(on) {
        deepEqual(await all(on.client.count(on.gate(), 3)), [0, 1, 2]);
      },
    },
    {
      name: "a stream of no items",
      like: ["Basic: server-stream/no-responses", "Connect Empty Responses: server-stream/empty-response"],
      async run(on) {
        deepEqual(await all(on.client.count(on.gate(), 0)), []);
      },
    },
    {
      name: "a handler that returns no iterator is a stream of no items",
      async run({ client }) {
        deepEqual(await all(client.noStream()), []);
      },
    },
    {
      name: "counts around the size of a batch come whole and in order",
      async run(on) {
        for (const n of [1, 255, 256, 257, 1024, 1025]) deepEqual(await all(on.client.count(on.gate(), n)), upTo(n));
      },
    },
    {
      name: "100,000 items come whole and in order",
      async run(on) {
        deepEqual(await all(on.client.count(on.gate(), 100_000)), upTo(100_000));
      },
    },
    {
      name: "items of 31,415, 9, 2653 and 58,979 bytes",
      like: ["gRPC: server_streaming"],
      async run({ client }) {
        for (const size of [31_415, 9, 2653, 58_979])
          deepEqual(
            (await all(client.blobs(2, size))).map((b) => b.length),
            [size, size],
          );
      },
    },
    {
      name: "items with bytes are each their own, and larger than the ring together",
      async run({ client }) {
        const blobs = await all(client.blobs(200, 10_000));
        deepEqual(
          blobs.map((b) => [b.length, b[0], b.at(-1)]),
          upTo(200).map((i) => [10_000, i, i]),
        );
      },
    },
    {
      name: "items that are objects",
      like: ["Server Empty Requests: server-stream/empty-request"],
      async run({ client }) {
        deepEqual(await all(client.userStream(2)), [
          { name: "user 0", age: 0 },
          { name: "user 1", age: 1 },
        ]);
      },
    },
    {
      name: "items that are unions",
      async run({ client }) {
        deepEqual(await all(client.shapeStream()), [
          { kind: "circle", radius: 1 },
          { kind: "origin" },
          { kind: "label", text: "a" },
        ]);
      },
    },
    {
      name: "items that are maps, an empty one among them",
      async run({ client }) {
        deepEqual(
          (await all(client.mapStream())).map((map) => [...map]),
          [
            [["a", 1]],
            [],
            [
              ["b", 2],
              ["c", 3],
            ],
          ],
        );
      },
    },
    {
      name: "an item comes as soon as it is yielded: nothing gathers behind it",
      async run(on) {
        const gate = on.gate();
        const stream = on.client.stepwise(gate, 5);
        for (let i = 0; i < 5; i++) {
          const next = stream.next();
          await on.client.step(gate);
          deepEqual(await next, { done: false, value: i });
        }
        equal((await stream.next()).done, true);
      },
    },
    {
      name: "is not begun before its first next",
      async run(on) {
        const gate = on.gate();
        const stream = on.client.count(gate, 10);
        await on.client.nothing();
        equal(inspect(on.client).inFlight, 0);
        equal(await on.client.times(gate), 0);
        await stream.return?.();
      },
    },
    {
      name: "returned before its first next, it is empty and Go never hears of it",
      async run(on) {
        const gate = on.gate();
        const stream = on.client.count(gate, 10);
        await stream.return?.();
        deepEqual(await all(stream), []);
        equal(await on.client.times(gate), 0);
      },
    },
    {
      name: "next behind the end says again that it is done",
      async run(on) {
        const stream = on.client.count(on.gate(), 1);
        deepEqual(
          [await stream.next(), await stream.next(), await stream.next()],
          [
            { done: false, value: 0 },
            { done: true, value: undefined },
            { done: true, value: undefined },
          ],
        );
      },
    },
    {
      name: "several nexts at once are served in their order",
      async run(on) {
        const stream = on.client.count(on.gate(), 3);
        const results = await Promise.all(upTo(5).map(() => stream.next()));
        deepEqual(
          results.map(({ done, value }) => (done ? "end" : value)),
          [0, 1, 2, "end", "end"],
        );
      },
    },
    {
      name: "break cancels the handler's context, with the reason",
      async run(on) {
        const gate = on.gate();
        for await (const i of on.client.count(gate, MANY)) if (i === 1000) break;
        equal(
          await on.client.ends(gate),
          "context canceled: canceled by the caller: the reader of the stream has stopped",
        );
      },
    },
    {
      name: "a throw in the loop's body cancels likewise and goes on to who wrote the loop",
      async run(on) {
        const gate = on.gate();
        const error = await rejection(
          (async () => {
            for await (const _ of on.client.count(gate, MANY)) throw new RangeError("mine");
          })(),
        );
        equal(error.message, "mine");
        ok((await on.client.ends(gate)).includes("context canceled"));
      },
    },
    {
      name: "await using gives the stream up",
      async run(on) {
        const gate = on.gate();
        {
          await using stream = on.client.count(gate, MANY);
          await stream.next();
        }
        ok((await on.client.ends(gate)).includes("context canceled"));
      },
    },
    {
      name: "a reader that stops stops Go, a bounded number of items ahead",
      like: ["gRPC: flow control: pushback at server (to be written there)"],
      async run(on) {
        const gate = on.gate();
        const stream = on.client.count(gate, MANY);
        for (let i = 0; i < 10; i++) await stream.next();
        // Go has all the time that these take to run ahead.
        for (let i = 0; i < 500; i++) await on.client.nothing();
        const made = await on.client.times(gate);
        ok(made <= AHEAD, `${made} items ahead of 10 that were read`);
        await stream.return?.();
      },
    },
    {
      name: "a reader that stopped and goes on misses nothing",
      async run(on) {
        const gate = on.gate();
        const stream = on.client.count(gate, 10_000);
        const seen = [(await stream.next()).value];
        for (let i = 0; i < 200; i++) await on.client.nothing();
        for await (const i of stream) seen.push(i);
        deepEqual(seen, upTo(10_000));
      },
    },
    {
      name: "large items of a stream that is not read take bounded memory",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ regionSize: 16 << 20 });
        let bytes = 0;
        for await (const blob of client.blobs(60, 1 << 20)) bytes += blob.length;
        equal(bytes, 60 << 20);
      },
    },
    {
      name: "100 streams at once do not mix",
      async run(on) {
        const lists = await Promise.all(upTo(100).map((i) => all(on.client.count(on.gate(), i * 10))));
        deepEqual(
          lists,
          upTo(100).map((i) => upTo(i * 10)),
        );
      },
    },
    {
      name: "streams in a ring that is nearly too small take turns",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 4 });
        const lists = await Promise.all(upTo(8).map(() => all(client.count(on.gate(), 3000))));
        for (const list of lists) deepEqual(list, upTo(3000));
      },
    },
    {
      name: "a call is answered while a stream stands still",
      async run(on) {
        const stream = on.client.count(on.gate(), MANY);
        await stream.next();
        equal(await on.client.text("beside it"), "beside it");
        await stream.return?.();
      },
    },
    {
      name: "an error comes after the items before it, once",
      like: ["Errors: server-stream/error-with-responses"],
      async run({ client }) {
        const stream = client.failing(300, "error");
        const [seen, error] = await untilError(stream);
        has(error, { name: "GoError", message: "an ordinary error", method: "Conformance.failing" });
        deepEqual(seen, upTo(300));
        equal((await stream.next()).done, true);
      },
    },
    {
      name: "an error before any item",
      like: [
        "Errors: server-stream/error-with-no-responses",
        "Errors: server-stream/canceled to unauthenticated (16 codes)",
        "Connect Error and End-Stream: end-stream/null-error, null-code, missing-code, unrecognized-code, missing-message",
      ],
      async run({ client }) {
        has(await rejection(client.failing(0, "wrapped code").next()), { name: "GoError", code: "QUOTA" });
        has(await rejection(client.failing(0, "empty").next()), { name: "GoError", code: "ERR_GO", message: "" });
      },
    },
    {
      name: "a panic comes after the items before it, with Go's stack",
      async run({ client }) {
        const [seen, error] = await untilError(client.failing(300, "panic deep down"));
        deepEqual(seen, upTo(300));
        has(error, { name: "GoPanicError", code: "ERR_GO_PANIC" });
        ok((error as unknown as { goStack: string }).goStack.includes("main.deep"));
      },
    },
    {
      name: "runtime.Goexit comes after the items before it, as an error",
      async run({ client }) {
        const [seen, error] = await untilError(client.failing(300, "goexit"));
        deepEqual(seen, upTo(300));
        has(error, { name: "GoPanicError" });
      },
    },
    {
      name: "an item that TypeScript cannot have ends the stream with a refusal",
      like: ["Connect Unexpected Responses: unexpected-error-body"],
      async run({ client }) {
        const error = await rejection(all(client.badItem()));
        has(error, { code: "ERR_RESULT_REFUSED" });
        ok(error.message.includes("UTF-8"));
      },
    },
    {
      name: "the worker's death ends a stream with WorkerDiedError, and the next one is served",
      like: ["Connect Unexpected Responses: no-end-stream (3)"],
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const stream = client.stepwise(on.gate(), 10);
        const next = quietly(stream.next());
        await client.nothing();
        process.kill(inspect(client).pid as number, "SIGKILL");
        has(await rejection(next), { name: "WorkerDiedError", signal: "SIGKILL" });
        deepEqual(await all(client.count(on.gate(), 3)), [0, 1, 2]);
      },
    },
    {
      name: "a stream of a closed client rejects with ClosedError",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        has(await rejection(client.count(on.gate(), 1).next()), { name: "ClosedError" });
      },
    },
    {
      name: "close waits for a stream that is being read",
      async run(on) {
        const client = await on.fresh();
        const stream = client.count(on.gate(), 5000);
        await stream.next();
        const closed = client.close();
        equal((await all(stream)).length, 4999);
        await closed;
        equal(inspect(client).state, "closed");
      },
    },
    {
      name: "after 100 streams that were left, none is open and no body is in use",
      async run(on) {
        await Promise.all(
          upTo(100).map(async (i) => {
            for await (const k of on.client.count(on.gate(), 2000)) if (k === i * 13) break;
          }),
        );
        await until("all have ended", () => inspect(on.client).inFlight === 0);
        equal(inspect(on.client).bodiesInUse, 0);
      },
    },
  ],
};
