import { inspect } from "@x/ts2go";
import type { Group } from "../case.js";
import { deepEqual, equal, has, rejection, thrown, until, upTo, warning } from "../kit/checks.js";

export const oneway: Group = {
  title: "One-way calls",
  cases: [
    {
      name: "a one-way call returns nothing and arrives",
      async run(on) {
        const gate = on.gate();
        equal(on.client.note(gate, "heard"), undefined);
        deepEqual(await on.client.notes(gate, 1), ["heard"]);
      },
    },
    {
      name: "each of 5000 one-way calls arrives once, more than the ring has places",
      async run(on) {
        const gate = on.gate();
        const lines = upTo(5000).map((i) => `line ${i}`);
        for (const line of lines) on.client.note(gate, line);
        const came = await on.client.notes(gate, 5000);
        deepEqual([...came].sort(), [...lines].sort());
      },
    },
    {
      name: "a one-way call with a body: its memory is given back without an answer",
      async run(on) {
        const gate = on.gate();
        on.client.note(gate, "x".repeat(100_000));
        equal((await on.client.notes(gate, 1))[0]?.length, 100_000);
        await until("no body is in use", () => inspect(on.client).bodiesInUse === 0);
      },
    },
    {
      name: "a one-way call throws at once what does not fit, with its path",
      run({ client }) {
        has(
          thrown(() => client.note("a", 5 as never)),
          { code: "ERR_ENCODE", method: "Conformance.note", path: "text" },
        );
      },
    },
    {
      name: "a one-way call whose handler panics is told to onOnewayError, and the worker goes on",
      needs: ["options"],
      async run(on) {
        const errors: Error[] = [];
        const client = await on.fresh({ onOnewayError: (error) => errors.push(error) });
        client.noteFailing("nobody waits");
        await until("the error", () => errors.length === 1);
        has(errors[0], {
          name: "GoPanicError",
          message: "panic in Go: nobody waits",
          method: "Conformance.noteFailing",
        });
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "a one-way call whose handler panics is a warning of the process where nobody asks for it",
      async run({ client }) {
        const warned = warning("ERR_GO_PANIC");
        client.noteFailing("a warning");
        has(await warned, { name: "GoPanicError", message: "panic in Go: a warning" });
      },
    },
    {
      name: "runtime.Goexit in a one-way call is an error of that call",
      needs: ["options"],
      async run(on) {
        const errors: Error[] = [];
        const client = await on.fresh({ onOnewayError: (error) => errors.push(error) });
        client.noteFailing("goexit");
        await until("the error", () => errors.length === 1);
        has(errors[0], { name: "GoPanicError", code: "ERR_GO_PANIC" });
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "a one-way call of a closed client throws ClosedError",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        has(
          thrown(() => client.note("a", "b")),
          { name: "ClosedError", code: "ERR_CLOSED" },
        );
      },
    },
    {
      name: "one-way calls made before close arrive before the worker ends",
      needs: ["options"],
      async run(on) {
        const { PassThrough } = await import("node:stream");
        const stderr = new PassThrough();
        let said = "";
        stderr.on("data", (chunk) => {
          said += chunk;
        });
        const errors: Error[] = [];
        const client = await on.fresh({ stderr, onOnewayError: (error) => errors.push(error) });
        for (let i = 0; i < 100; i++) client.noteFailing(`${i}`);
        await client.close();
        equal(errors.length, 100);
        equal(said, "");
        has(await rejection(client.nothing()), { code: "ERR_CLOSED" });
      },
    },
  ],
};
