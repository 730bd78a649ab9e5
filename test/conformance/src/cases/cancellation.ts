import { getEventListeners } from "node:events";
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
  match,
  ok,
  quietly,
  rejection,
  until,
  upTo,
} from "../kit/checks.js";

const GONE = "context canceled: canceled by the caller: ";

export const cancellation: Group = {
  title: "Cancellation",
  cases: [
    {
      name: "a signal that is aborted already: nothing is sent",
      like: ["gRPC: cancel before start (to be written there)"],
      async run(on) {
        const gate = on.gate();
        const call = quietly(on.client.hold(gate, { signal: AbortSignal.abort("no") }));
        equal(inspect(on.client).inFlight, 0);
        equal(await rejection(call), "no" as never);
        equal(await on.client.times(gate), 0);
      },
    },
    {
      name: "a call in flight rejects at once with the signal's reason itself",
      like: ["Client Cancellation: unary/cancel-after-close-send"],
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.hold(gate, { signal: controller.signal }));
        await on.client.begun(gate);
        const reason = new Error("the user went away");
        controller.abort(reason);
        equal(await rejection(call), reason as never);
        equal(await on.client.ends(gate), `${GONE}the user went away`);
      },
    },
    {
      name: "without a reason it is the AbortError of the platform",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.hold(gate, { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort();
        has(await rejection(call), { name: "AbortError" });
        ok((await on.client.ends(gate)).startsWith(GONE));
      },
    },
    {
      name: "a reason that is no error travels as its text",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const reason = { toString: () => "an object" };
        const call = quietly(on.client.hold(gate, { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort(reason);
        equal(await rejection(call), reason as never);
        equal(await on.client.ends(gate), `${GONE}an object`);
      },
    },
    {
      name: "of a long reason Go gets 40 bytes, whole characters only",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        quietly(on.client.hold(gate, { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort(new Error(`x${"ü".repeat(39)}`));
        equal(await on.client.ends(gate), `${GONE}x${"ü".repeat(19)}`);
      },
    },
    {
      name: "in the turn in which the call was made",
      async run(on) {
        const controller = new AbortController();
        const call = quietly(on.client.hold(on.gate(), { signal: controller.signal }));
        controller.abort("at once");
        equal(await rejection(call), "at once" as never);
      },
    },
    {
      name: "after the answer it changes nothing",
      async run({ client }) {
        const controller = new AbortController();
        equal(await client.u8(3, { signal: controller.signal }), 3);
        controller.abort("too late");
        equal(await client.u8(4), 4);
      },
    },
    {
      name: "no listener is left on the signal, whatever the end",
      async run(on) {
        const controller = new AbortController();
        const { signal } = controller;
        await on.client.u8(3, { signal });
        await rejection(on.client.fail("no", "", { signal }));
        equal(getEventListeners(signal, "abort").length, 0);
        const gate = on.gate();
        quietly(on.client.hold(gate, { signal }));
        await on.client.begun(gate);
        equal(getEventListeners(signal, "abort").length, 1);
        controller.abort();
        equal(getEventListeners(signal, "abort").length, 0);
      },
    },
    {
      name: "one signal ends many calls, with one listener",
      async run(on) {
        const controller = new AbortController();
        const { signal } = controller;
        const gate = on.gate();
        const calls = upTo(50).map(() => quietly(on.client.hold(gate, { signal })));
        equal(getEventListeners(signal, "abort").length, 1);
        await on.client.begun(gate);
        controller.abort("all");
        for (const call of calls) equal(await rejection(call), "all" as never);
      },
    },
    {
      name: "AbortSignal.any and AbortSignal.timeout are signals like every other",
      async run(on) {
        const controller = new AbortController();
        const signal = AbortSignal.any([controller.signal, new AbortController().signal]);
        const gate = on.gate();
        const call = quietly(on.client.hold(gate, { signal }));
        controller.abort("one of them");
        equal(await rejection(call), "one of them" as never);
        has(await rejection(on.client.hold(on.gate(), { signal: AbortSignal.timeout(5) })), { name: "TimeoutError" });
      },
    },
    {
      name: "the calls beside it go on",
      async run(on) {
        const [gone, stays] = [on.gate(), on.gate()];
        const controller = new AbortController();
        const a = quietly(on.client.hold(gone, { signal: controller.signal }));
        const b = on.client.hold(stays);
        await on.client.begun(gone);
        controller.abort("only this");
        await rejection(a);
        await on.client.release(stays);
        equal(await b, "released");
      },
    },
    {
      name: "a handler that ignores its context: the promise rejects all the same, and its result is dropped",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.stubborn(gate, new Uint8Array(5000), { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort("x");
        equal(await rejection(call), "x" as never);
        await on.client.release(gate);
        ok((await on.client.ends(gate)).startsWith(GONE));
      },
    },
    {
      name: "a call that was given up keeps its place and its memory until Go is done with it",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 2 });
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(client.stubborn(gate, new Uint8Array(5000), { signal: controller.signal }));
        await client.begun(gate);
        controller.abort("x");
        equal(await rejection(call), "x" as never);
        const { inFlight, bodiesInUse } = inspect(client);
        deepEqual([inFlight, bodiesInUse], [1, 1]);
        await client.release(gate);
        await until("Go is done", () => inspect(client).inFlight === 0 && inspect(client).bodiesInUse === 0);
      },
    },
    {
      name: "a call that waits for room is never sent, and those behind it are",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const gate = on.gate();
        const controller = new AbortController();
        // In one turn: the first takes the only place.
        const first = client.u8(1);
        const given = quietly(client.hold(gate, { signal: controller.signal }));
        const behind = client.u8(2);
        equal(inspect(client).queued, 2);
        controller.abort("no more");
        equal(inspect(client).queued, 1);
        equal(await rejection(given), "no more" as never);
        deepEqual(await Promise.all([first, behind]), [1, 2]);
        equal(await client.times(gate), 0);
      },
    },
    {
      name: "from a getter of another call's argument: Go is told, and the other call goes on",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.hold(gate, { signal: controller.signal }));
        await on.client.begun(gate);
        const user = {
          get name() {
            controller.abort("in between");
            return "abc";
          },
          age: 1,
        };
        deepEqual(await on.client.users([user]), [{ name: "abc", age: 1 }]);
        equal(await rejection(call), "in between" as never);
        equal(await on.client.ends(gate), `${GONE}in between`);
      },
    },
    {
      name: "what is no signal is refused by name",
      async run({ client }) {
        const error = await rejection(client.u8(1, { signal: {} as AbortSignal }));
        has(error, { code: "ERR_INVALID_OPTION" });
        match(error.message, /Conformance\.u8: option signal/);
      },
    },
    {
      name: "1000 calls that are given up at any moment all settle",
      async run(on) {
        const gate = on.gate();
        const calls = upTo(1000).map((i) => {
          const controller = new AbortController();
          const call =
            i % 3 === 0
              ? on.client.u32(i, { signal: controller.signal })
              : on.client.hold(gate, { signal: controller.signal });
          if (i % 4 === 0) controller.abort("now");
          else if (i % 4 === 1) queueMicrotask(() => controller.abort("soon"));
          else setImmediate(() => controller.abort("later"));
          return call as Promise<unknown>;
        });
        const results = await Promise.allSettled(calls);
        for (const result of results)
          ok(result.status === "fulfilled" || ["now", "soon", "later"].includes(result.reason));
        equal(results.filter((r) => r.status === "rejected").length > 0, true);
      },
    },
    {
      name: "a call with a stream to Go, before its source has given anything",
      like: ["gRPC: cancel_after_begin", "Client Cancellation: client-stream/cancel-before-close-send"],
      async run(on) {
        const gate = on.gate();
        const mouth = new Mouth<number>();
        const controller = new AbortController();
        const call = quietly(on.client.fate(gate, mouth, { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort("no more");
        equal(await rejection(call), "no more" as never);
        match(await on.client.ends(gate), /^after 0: .*no more$/);
        mouth.end();
      },
    },
    {
      name: "a call with a stream to Go, after its source has ended",
      like: ["Client Cancellation: client-stream/cancel-after-close-send"],
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.unread(gate, from([1, 2]), { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort("late");
        equal(await rejection(call), "late" as never);
      },
    },
    {
      name: "a stream from Go, before its first item",
      like: ["Client Cancellation: server-stream/cancel-after-close-send"],
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const next = quietly(on.client.stepwise(gate, 3, { signal: controller.signal }).next());
        await on.client.nothing();
        controller.abort("early");
        equal(await rejection(next), "early" as never);
        equal(await on.client.ends(gate), `${GONE}early`);
      },
    },
    {
      name: "a stream from Go, after items",
      like: ["Client Cancellation: server-stream/cancel-after-responses"],
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const stream = on.client.count(gate, 1_000_000, { signal: controller.signal });
        await stream.next();
        controller.abort(new Error("enough"));
        equal((await rejection(all(stream))).message, "enough");
        equal(await on.client.ends(gate), `${GONE}enough`);
      },
    },
    {
      name: "a stream from Go whose signal is aborted already",
      async run(on) {
        const gate = on.gate();
        equal(await rejection(all(on.client.count(gate, 5, { signal: AbortSignal.abort("no") }))), "no" as never);
        equal(await on.client.times(gate), 0);
      },
    },
    {
      name: "a conversation, before the source has ended",
      like: [
        "Client Cancellation: bidi-stream/full-duplex/cancel-before-close-send",
        "gRPC: cancel after sent first message (to be written there)",
      ],
      async run(on) {
        const gate = on.gate();
        const { state, items } = endless();
        const controller = new AbortController();
        const stream = on.client.twice(gate, items, { signal: controller.signal });
        await stream.next();
        controller.abort("stop");
        equal(await rejection(all(stream)), "stop" as never);
        ok((await on.client.ends(gate)).startsWith(GONE));
        await until("the source was left", () => state.left);
      },
    },
    {
      name: "a conversation, after its first answer",
      like: [
        "gRPC: cancel_after_first_response",
        "Client Cancellation: bidi-stream/full-duplex/cancel-after-responses",
      ],
      async run({ client }) {
        const mouth = new Mouth<{ size: number; payload: Uint8Array }>();
        const controller = new AbortController();
        const stream = client.answers(mouth, { signal: controller.signal });
        mouth.say({ size: 31_415, payload: new Uint8Array(27_182) });
        equal((await stream.next()).value?.length, 31_415);
        const next = quietly(stream.next());
        controller.abort("after one");
        equal(await rejection(next), "after one" as never);
        mouth.end();
      },
    },
    {
      name: "a conversation, after the source has ended and with answers to come",
      like: ["Client Cancellation: bidi-stream/full-duplex/cancel-after-close-send"],
      async run(on) {
        const controller = new AbortController();
        const stream = on.client.twice(on.gate(), from(upTo(100_000)), { signal: controller.signal });
        await stream.next();
        controller.abort("later");
        equal(await rejection(all(stream)), "later" as never);
      },
    },
    {
      name: "a handler that reads all first, before the source has ended",
      like: ["Client Cancellation: bidi-stream/half-duplex/cancel-before-close-send"],
      async run({ client }) {
        const mouth = new Mouth<string>();
        const controller = new AbortController();
        const next = quietly(client.collected(mouth, { signal: controller.signal }).next());
        mouth.say("a");
        await client.nothing();
        controller.abort("stop");
        equal(await rejection(next), "stop" as never);
        mouth.end();
      },
    },
    {
      name: "a handler that reads all first, after the source has ended, before and after answers",
      like: [
        "Client Cancellation: bidi-stream/half-duplex/cancel-after-responses",
        "Client Cancellation: bidi-stream/half-duplex/cancel-after-close-send",
      ],
      async run({ client }) {
        const controller = new AbortController();
        const stream = client.collected(from(upTo(100_000).map(String)), { signal: controller.signal });
        equal((await stream.next()).value, "0");
        controller.abort("stop");
        equal(await rejection(all(stream)), "stop" as never);
      },
    },
  ],
};
