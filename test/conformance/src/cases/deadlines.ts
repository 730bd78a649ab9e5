import { TimeoutError } from "@x/ts2go";
import type { Group } from "../case.js";
import { all, deepEqual, equal, from, has, Mouth, match, ok, quietly, rejection, upTo } from "../kit/checks.js";

const LONG_MS = 60_000;
/** Shorter than any handler that is held. */
const SHORT_MS = 5;
/** Calls that take far longer together than that. */
const LOOKS_MAX = 200_000;
const within = (left: number, ms: number) => ok(left > 0 && left <= ms, `${left} ms are left of ${ms}`);

export const deadlines: Group = {
  title: "Deadlines",
  cases: [
    {
      name: "a timeout reaches the handler's context as its deadline",
      like: ["Deadline Propagation: unary/success", "gRPC: timeout but completed before expire (to be written there)"],
      async run({ client }) {
        within(await client.remaining({ timeout: LONG_MS }), LONG_MS);
      },
    },
    {
      name: "a timeout of a call with a stream to Go",
      like: ["Deadline Propagation: client-stream/success"],
      async run({ client }) {
        within(await client.remainingOfItems(from([1, 2]), { timeout: LONG_MS }), LONG_MS);
      },
    },
    {
      name: "a timeout of a stream from Go",
      like: ["Deadline Propagation: server-stream/success"],
      async run({ client }) {
        const [left] = await all(client.remainingStream({ timeout: LONG_MS }));
        within(left as number, LONG_MS);
      },
    },
    {
      name: "a timeout of a conversation that ends in time",
      like: ["Deadline Propagation: bidi-stream/full-duplex/success"],
      async run(on) {
        const gate = on.gate();
        deepEqual(await all(on.client.twice(gate, from([1]), { timeout: LONG_MS })), [1, 1]);
        equal(await on.client.ends(gate), "<nil>: <nil>");
      },
    },
    {
      name: "without a timeout there is no deadline",
      async run({ client }) {
        deepEqual(
          [await client.remaining(), await client.remaining({}), (await all(client.remainingStream()))[0]],
          [0, 0, 0],
        );
        equal(await client.remaining({ timeout: undefined }), 0);
      },
    },
    {
      name: "a handler that takes longer: TimeoutError, and its context has exceeded its deadline",
      like: ["Timeouts: unary"],
      async run(on) {
        const gate = on.gate();
        await on.client.nothing();
        const error = await rejection(on.client.hold(gate, { timeout: SHORT_MS }));
        ok(error instanceof TimeoutError);
        has(error, { name: "TimeoutError", code: "ERR_TIMEOUT", method: "Conformance.hold" });
        // Go's clock and ours are two: either may be the first to see it.
        match(
          await on.client.ends(gate),
          /^context (deadline exceeded: context|canceled: canceled by the caller:) deadline exceeded$/,
        );
      },
    },
    {
      name: "a handler that ignores its context: TimeoutError all the same",
      async run(on) {
        const gate = on.gate();
        has(await rejection(on.client.stubborn(gate, new Uint8Array(100), { timeout: SHORT_MS })), {
          code: "ERR_TIMEOUT",
        });
        await on.client.release(gate);
      },
    },
    {
      name: "a stream to Go whose source does not end in time",
      like: ["Timeouts: client-stream"],
      async run({ client }) {
        const mouth = new Mouth<number>();
        mouth.say(1);
        has(await rejection(client.sum(mouth, { timeout: SHORT_MS })), {
          code: "ERR_TIMEOUT",
          method: "Conformance.sum",
        });
        mouth.end();
      },
    },
    {
      name: "a stream from Go that does not end in time",
      like: ["Timeouts: server-stream"],
      async run(on) {
        const error = await rejection(all(on.client.stepwise(on.gate(), 3, { timeout: SHORT_MS })));
        has(error, { code: "ERR_TIMEOUT", method: "Conformance.stepwise" });
      },
    },
    {
      name: "a stream whose handler just returns at the end of its context is not taken for complete",
      async run(on) {
        const gate = on.gate();
        await on.client.nothing();
        const next = quietly(on.client.stepwise(gate, 3, { timeout: SHORT_MS }).next());
        // Calls that block this thread, and so its timers: Go is the first to see the deadline, and its answer is here.
        let looks = 0;
        while (!on.client.sync.hasEnded(gate) && looks < LOOKS_MAX) looks++;
        ok(looks < LOOKS_MAX, "the handler has not ended");
        for (let i = 0; i < 20; i++) on.client.sync.nothing();
        has(await rejection(next), { code: "ERR_TIMEOUT" });
      },
    },
    {
      name: "a conversation that does not end in time",
      like: ["Timeouts: bidi-stream/full-duplex", "gRPC: timeout_on_sleeping_server"],
      async run(on) {
        const mouth = new Mouth<number>();
        mouth.say(1);
        has(await rejection(all(on.client.twice(on.gate(), mouth, { timeout: SHORT_MS }))), { code: "ERR_TIMEOUT" });
        mouth.end();
      },
    },
    {
      name: "a handler that reads all first and does not get all in time",
      like: ["Timeouts: bidi-stream/half-duplex"],
      async run({ client }) {
        const mouth = new Mouth<string>();
        mouth.say("a");
        has(await rejection(all(client.collected(mouth, { timeout: SHORT_MS }))), { code: "ERR_TIMEOUT" });
        mouth.end();
      },
    },
    {
      name: "2000 calls at once whose time passes all reject",
      like: ["gRPC: multiple thousand simultaneous calls timeout (to be written there)"],
      async run(on) {
        const gate = on.gate();
        const calls = upTo(2000).map(() => on.client.hold(gate, { timeout: SHORT_MS }));
        const results = await Promise.allSettled(calls);
        deepEqual(new Set(results.map((r) => (r as PromiseRejectedResult).reason?.code)), new Set(["ERR_TIMEOUT"]));
      },
    },
    {
      name: "a call whose time passes while it waits for room is never sent",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const [held, queued] = [on.gate(), on.gate()];
        const controller = new AbortController();
        const first = quietly(client.hold(held, { signal: controller.signal }));
        has(await rejection(client.hold(queued, { timeout: SHORT_MS })), { code: "ERR_TIMEOUT" });
        controller.abort("go on");
        await rejection(first);
        equal(await client.times(queued), 0);
      },
    },
    {
      name: "signal and timeout together: whichever is first",
      async run(on) {
        const controller = new AbortController();
        const gate = on.gate();
        const first = quietly(on.client.hold(gate, { signal: controller.signal, timeout: LONG_MS }));
        await on.client.begun(gate);
        controller.abort("signal");
        equal(await rejection(first), "signal" as never);
        has(await rejection(on.client.hold(on.gate(), { signal: new AbortController().signal, timeout: SHORT_MS })), {
          code: "ERR_TIMEOUT",
        });
      },
    },
    {
      name: "an expired context of Go's own is a Go error like every other",
      async run({ client }) {
        has(await rejection(client.ownDeadline()), { name: "GoError", message: "context deadline exceeded" });
        has(await rejection(client.misbehave("deadline")), { name: "GoError", code: "ERR_GO" });
      },
    },
    {
      name: "a handler that answers in time leaves no timer: the answer counts",
      async run({ client }) {
        deepEqual(await Promise.all(upTo(200).map((i) => client.u32(i, { timeout: LONG_MS }))), upTo(200));
      },
    },
    {
      name: "a timeout that is none is refused by name",
      async run({ client }) {
        for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "5" as never]) {
          const error = await rejection(client.remaining({ timeout }));
          has(error, { code: "ERR_INVALID_OPTION" });
          match(error.message, /Conformance\.remaining: option timeout/);
        }
      },
    },
    {
      name: "a call back from Go is told what is left of its caller's timeout",
      async run({ client }) {
        within(await client.viaPatience(0, { timeout: LONG_MS }), LONG_MS);
        equal(await client.viaPatience(0), 0);
      },
    },
    {
      name: "a shorter deadline of Go's own is what a call back is told",
      async run({ client }) {
        within(await client.viaPatience(1000, { timeout: LONG_MS }), 1000);
      },
    },
    {
      name: "passed on through TypeScript, a deadline reaches the inner call of Go",
      async run(on) {
        on.host({ patience: (caller) => on.client.remaining(caller) });
        within(await on.client.viaPatience(0, { timeout: LONG_MS }), LONG_MS);
      },
    },
  ],
};
