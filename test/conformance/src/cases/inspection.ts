import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import { deepEqual, equal, ok, quietly, rejection, thrown, until, upTo } from "../kit/checks.js";

export const inspection: Group = {
  title: "Inspection",
  cases: [
    {
      name: "an idle client has nothing in flight, nothing queued, no body",
      async run({ client }) {
        await Promise.all(upTo(100).map((i) => client.bytes(new Uint8Array(i * 10))));
        await until("all is done", () => inspect(client).inFlight === 0);
        const { inFlight, queued, calls, answering, retiring } = inspect(client);
        deepEqual([inFlight, queued, calls, answering, retiring], [0, 0, [], 0, 0]);
      },
    },
    {
      name: "a call in flight is listed with its method, its age and its process",
      async run(on) {
        const gate = on.gate();
        const call = on.client.hold(gate);
        await on.client.begun(gate);
        const { calls, pid } = inspect(on.client);
        deepEqual(
          calls.map((c) => [c.method, c.state, c.pid]),
          [["Conformance.hold", "sent", pid]],
        );
        ok((calls[0]?.ageMs as number) >= 0);
        await on.client.release(gate);
        await call;
        deepEqual(inspect(on.client).calls, []);
      },
    },
    {
      name: "a call that waits for room is listed as queued",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const calls = [client.u8(1), client.u16(2)];
        const states = inspect(client).calls.map((c) => [c.method, c.state]);
        deepEqual(states.sort(), [
          ["Conformance.u16", "queued"],
          ["Conformance.u8", "sent"],
        ]);
        deepEqual(await Promise.all(calls), [1, 2]);
      },
    },
    {
      name: "a call that was given up and that Go is not done with is listed as abandoned",
      async run(on) {
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(on.client.stubborn(gate, new Uint8Array(1), { signal: controller.signal }));
        await on.client.begun(gate);
        controller.abort("x");
        await rejection(call);
        deepEqual(
          inspect(on.client).calls.map((c) => [c.method, c.state]),
          [["Conformance.stubborn", "abandoned"]],
        );
        await on.client.release(gate);
      },
    },
    {
      name: "calls are listed from the oldest to the youngest",
      async run(on) {
        const gate = on.gate();
        const held = upTo(5).map(() => on.client.hold(gate));
        await on.client.begun(gate);
        const ages = inspect(on.client).calls.map((c) => c.ageMs);
        equal(ages.length, 5);
        deepEqual(
          ages,
          [...ages].sort((a, b) => b - a),
        );
        await on.client.release(gate);
        await Promise.all(held);
      },
    },
    {
      name: "a call from Go that waits for its answer is counted",
      async run(on) {
        let answer = (_: number) => {};
        on.host({
          misbehave: () =>
            new Promise((resolve) => {
              answer = resolve;
            }),
        });
        let asked = false;
        on.host({
          add: () => {
            asked = true;
            return new Promise((resolve) => {
              answer = resolve;
            });
          },
        });
        const call = on.client.viaAdd(1, 2);
        await until("the call", () => asked);
        equal(inspect(on.client).answering, 1);
        answer(9);
        equal(await call, 9);
        equal(inspect(on.client).answering, 0);
      },
    },
    {
      name: "an open stream is a call in flight",
      async run(on) {
        const stream = on.client.count(on.gate(), 1_000_000);
        await stream.next();
        deepEqual(
          inspect(on.client).calls.map((c) => c.method),
          ["Conformance.count"],
        );
        await stream.return?.();
      },
    },
    {
      name: "what is no client is refused",
      run() {
        ok(thrown(() => inspect({})) instanceof TypeError);
      },
    },
  ],
};
