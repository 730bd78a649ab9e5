import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import {
  all,
  deepEqual,
  endless,
  equal,
  from,
  has,
  Mouth,
  ok,
  quietly,
  rejection,
  until,
  upTo,
} from "../kit/checks.js";

const question = (size: number, bytes: number) => ({ size, payload: new Uint8Array(bytes) });

export const twoWayStreams: Group = {
  title: "Streams both ways",
  cases: [
    {
      name: "each item comes back twice",
      like: ["Basic: bidi-stream/full-duplex/success"],
      async run(on) {
        deepEqual(
          await all(on.client.twice(on.gate(), from(upTo(2000)))),
          upTo(2000).flatMap((i) => [i, i]),
        );
      },
    },
    {
      name: "four questions, each asked when the answer to the one before is here",
      like: ["gRPC: ping_pong"],
      async run({ client }) {
        const mouth = new Mouth<ReturnType<typeof question>>();
        const answers = client.answers(mouth);
        for (const [size, bytes] of [
          [31_415, 27_182],
          [9, 8],
          [2653, 1828],
          [58_979, 45_904],
        ] as const) {
          const next = answers.next();
          mouth.say(question(size, bytes));
          equal((await next).value?.length, size);
        }
        mouth.end();
        equal((await answers.next()).done, true);
      },
    },
    {
      name: "a conversation of 500 turns",
      async run(on) {
        const mouth = new Mouth<number>();
        const stream = on.client.twice(on.gate(), mouth);
        for (let i = 0; i < 500; i++) {
          const next = stream.next();
          mouth.say(i + 1);
          deepEqual([(await next).value, (await stream.next()).value], [i + 1, i + 1]);
        }
        mouth.end();
        equal((await stream.next()).done, true);
      },
    },
    {
      name: "nothing in either direction",
      like: ["gRPC: empty_stream"],
      async run(on) {
        deepEqual(await all(on.client.twice(on.gate(), from([]))), []);
      },
    },
    {
      name: "a handler that reads all before it answers",
      like: ["Basic: bidi-stream/half-duplex/success", "Connect features: stream_types: half duplex bidi stream"],
      async run({ client }) {
        const words = upTo(1000).map((i) => `word ${i}`);
        deepEqual(await all(client.collected(from(words))), words);
      },
    },
    {
      name: "a handler that reads all, and nothing comes: no answers",
      like: [
        "Basic: bidi-stream/half-duplex/no-requests (disabled there)",
        "Basic: bidi-stream/half-duplex/no-responses",
        "Connect Empty Responses: bidi-stream/half-duplex/empty-response",
        "Server Empty Requests: bidi-stream/half-duplex/empty-request",
      ],
      async run({ client }) {
        deepEqual(await all(client.collected(from([]))), []);
      },
    },
    {
      name: "a handler that answers before anything was sent, and never reads",
      like: ["gRPC: start streaming RPC but send no requests, server responds (to be written there)"],
      async run({ client }) {
        const mouth = new Mouth<number>();
        deepEqual(await all(client.deaf(mouth, 3)), [0, 1, 2]);
        mouth.end();
      },
    },
    {
      name: "a handler that ends while the source goes on: the source is left",
      async run({ client }) {
        const { state, items } = endless();
        deepEqual(await all(client.deaf(items, 5)), upTo(5));
        await until("the source was left or never begun", () => state.left || state.made === 0);
      },
    },
    {
      name: "break ends both directions",
      async run(on) {
        const gate = on.gate();
        const { state, items } = endless();
        for await (const i of on.client.twice(gate, items)) if (i === 100) break;
        ok((await on.client.ends(gate)).startsWith("context canceled"));
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "a reader that stops stops the source, too",
      async run(on) {
        const { state, items } = endless();
        const stream = on.client.twice(on.gate(), items);
        await stream.next();
        for (let i = 0; i < 500; i++) await on.client.nothing();
        ok(state.made <= 60 * 256, `${state.made} items ahead`);
        await stream.return?.();
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "an error after answers: they are read, then it comes",
      like: [
        "Errors: bidi-stream/full-duplex/error-with-responses",
        "Errors: bidi-stream/half-duplex/error-with-responses",
      ],
      async run({ client }) {
        const stream = client.twoWayFailing(endless().items, 300, "wrapped code");
        const seen: number[] = [];
        const error = await rejection(
          (async () => {
            for await (const i of stream) seen.push(i);
          })(),
        );
        has(error, { code: "QUOTA" });
        deepEqual(seen, upTo(300));
      },
    },
    {
      name: "an error before any answer",
      like: [
        "Errors: bidi-stream/full-duplex/error-no-responses",
        "Errors: bidi-stream/half-duplex/error-with-no-responses",
      ],
      async run({ client }) {
        has(await rejection(all(client.twoWayFailing(endless().items, 0, "error"))), { message: "an ordinary error" });
      },
    },
    {
      name: "a source that throws ends the stream with what it threw",
      async run(on) {
        const mine = new Error("the source is dry");
        const stream = on.client.twice(
          on.gate(),
          (async function* () {
            yield 1;
            throw mine;
          })(),
        );
        equal(await rejection(all(stream)), mine as never);
      },
    },
    {
      name: "the worker's death ends both directions",
      like: ["Connect Unexpected Responses: no-end-stream (3)"],
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const { state, items } = endless();
        const stream = client.twice(on.gate(), items);
        await stream.next();
        process.kill(inspect(client).pid as number, "SIGKILL");
        has(await rejection(all(stream)), { name: "WorkerDiedError" });
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "50 of them at once do not mix",
      async run(on) {
        const lists = await Promise.all(upTo(50).map((i) => all(on.client.twice(on.gate(), from(upTo(i * 10))))));
        deepEqual(
          lists,
          upTo(50).map((i) => upTo(i * 10).flatMap((k) => [k, k])),
        );
      },
    },
    {
      name: "a ring that cannot hold both directions is refused by name",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 2 });
        const { state, items } = endless();
        has(await rejection(quietly(all(client.twice(on.gate(), items)))), { code: "ERR_INVALID_OPTION" });
        equal(state.made, 0);
      },
    },
  ],
};
