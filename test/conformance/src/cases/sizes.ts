import { type Client, inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import type { Conformance } from "../gen/conformance.js";
import { all, deepEqual, equal, from, has, match, ok, quietly, rejection, thrown, upTo } from "../kit/checks.js";
import type { Ground } from "../kit/ground.js";

/** A region whose arenas are of somewhat less than 2 MiB each. */
const SMALL = { regionSize: 4 << 20, capacity: 16 };
const FITS = 1 << 20;
const TOO_LARGE = 3 << 20;

const small = (on: Ground): Promise<Client<Conformance>> => on.fresh(SMALL);

export const sizes: Group = {
  title: "Sizes",
  cases: [
    {
      name: "a request of 271,828 bytes and a result of 314,159",
      like: ["gRPC: large_unary"],
      async run({ client }) {
        const back = await client.large(314_159, new Uint8Array(271_828).fill(1));
        equal(back.length, 314_159);
        equal(back.indexOf(0), 271_828);
      },
    },
    {
      name: "200 of these at once",
      like: ["gRPC: concurrent_large_unary (to be written there)"],
      async run({ client }) {
        const payload = new Uint8Array(271_828);
        const sizes = await Promise.all(upTo(200).map(async () => (await client.large(314_159, payload)).length));
        deepEqual(new Set(sizes), new Set([314_159]));
      },
    },
    {
      name: "16 MiB both ways",
      async run({ client }) {
        const data = new Uint8Array(16 << 20);
        for (let i = 0; i < data.length; i += 4093) data[i] = i;
        equal(Buffer.compare(await client.bytes(data), data), 0);
      },
    },
    {
      name: "a large, a small and again a large request of one method",
      async run({ client }) {
        for (const size of [10, 100_000, 10, 3_000_000, 1, 300, 40_000]) {
          equal((await client.bytes(new Uint8Array(size).fill(1))).length, size);
        }
      },
    },
    {
      name: "the largest request that the region can hold is carried",
      like: ["Server Message Size: unary/request-equal-to-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const { message } = await rejection(client.bytes(new Uint8Array(TOO_LARGE)));
        const limit = Number(/the request arena has (\d+)/.exec(message)?.[1]);
        ok(limit > FITS, message);
        const words = await client.borrowed({ name: "", data: new Uint8Array(limit - 256), words: [] });
        equal(words, "  0");
        equal((await client.large(1, new Uint8Array(FITS))).length, 1);
      },
    },
    {
      name: "a request that can never fit is refused at once, by name, and nothing is sent",
      like: ["Server Message Size: unary/request-exceeds-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const refused = quietly(client.bytes(new Uint8Array(TOO_LARGE)));
        deepEqual([inspect(client).inFlight, inspect(client).bodiesInUse], [0, 0]);
        const error = await rejection(refused);
        has(error, { name: "Ts2goError", code: "ERR_BODY_TOO_LARGE" });
        match(error.message, /regionSize/);
        equal((await client.bytes(new Uint8Array(FITS))).length, FITS);
      },
    },
    {
      name: "a result that can never fit is refused in Go, and the client goes on",
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const error = await rejection(client.zeros(TOO_LARGE));
        has(error, { code: "ERR_RESULT_REFUSED" });
        equal((await client.zeros(FITS)).length, FITS);
      },
    },
    {
      name: "a one-way call that can never fit throws",
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        has(
          thrown(() => client.note("a", "x".repeat(TOO_LARGE))),
          { code: "ERR_BODY_TOO_LARGE" },
        );
      },
    },
    {
      name: "an item of a result stream that can never fit ends the stream, after those before it",
      like: ["Server Message Size: server-stream/request-exceeds-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        has(await rejection(all(client.blobs(1, TOO_LARGE))), { code: "ERR_RESULT_REFUSED" });
        equal((await all(client.blobs(3, 1000))).length, 3);
      },
    },
    {
      name: "items of an argument stream that just fit are carried, more than the arena holds together",
      like: ["Server Message Size: client-stream/all-requests-equal-to-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        equal(await client.sizes(from(upTo(20).map(() => new Uint8Array(FITS)))), 20 * FITS);
      },
    },
    {
      name: "the first item of an argument stream can never fit: the call rejects",
      like: ["Server Message Size: client-stream/first-request-exceeds-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        has(await rejection(client.sizes(from([new Uint8Array(TOO_LARGE)]))), { code: "ERR_BODY_TOO_LARGE" });
      },
    },
    {
      name: "a later item of an argument stream can never fit: the call rejects, and the source is left",
      like: ["Server Message Size: client-stream/subsequent-request-exceeds-server-limit"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        let left = false;
        async function* source() {
          try {
            yield new Uint8Array(10);
            yield new Uint8Array(TOO_LARGE);
            yield new Uint8Array(10);
          } finally {
            left = true;
          }
        }
        has(await rejection(client.sizes(source())), { code: "ERR_BODY_TOO_LARGE" });
        equal(left, true);
      },
    },
    {
      name: "an item in a conversation can never fit: what came before is read, then the stream ends",
      like: ["Server Message Size: bidi-stream (5)"],
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const question = (size: number, bytes: number) => ({ size, payload: new Uint8Array(bytes) });
        let say = (_: unknown) => {};
        const answered = new Promise((resolve) => {
          say = resolve;
        });
        async function* source() {
          yield question(5, 10);
          await answered;
          yield question(5, TOO_LARGE);
        }
        const answers = client.answers(source());
        equal((await answers.next()).value?.length, 5);
        say(undefined);
        has(await rejection(answers.next()), { code: "ERR_BODY_TOO_LARGE" });
      },
    },
    {
      name: "a full request arena makes calls wait, and none is lost",
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const data = new Uint8Array(600_000).fill(1);
        const sums = await Promise.all(upTo(40).map(() => client.borrowed({ name: "", data, words: [] })));
        deepEqual(new Set(sums), new Set(["  600000"]));
      },
    },
    {
      name: "a full response arena makes handlers wait, and none is lost",
      needs: ["options"],
      async run(on) {
        const client = await small(on);
        const results = await Promise.all(upTo(40).map(() => client.zeros(600_000)));
        deepEqual(new Set(results.map((r) => r.length)), new Set([600_000]));
      },
    },
    {
      name: "an error of 10 MiB arrives cut, and is no fault of its own",
      async run({ client }) {
        const error = await rejection(client.misbehave("long"));
        has(error, { name: "GoError", code: "ERR_GO" });
        ok(error.message.length > 1000 && error.message.length < 100_000);
      },
    },
  ],
};
