import { type Caller, GoError, type Implementation, inspect, provide, TimeoutError } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import { Host, Missing } from "../gen/conformance.js";
import {
  all,
  deepEqual,
  equal,
  from,
  has,
  match,
  ok,
  quietly,
  rejection,
  thrown,
  until,
  upTo,
  warning,
} from "../kit/checks.js";
import { everything } from "../kit/everything.js";

/** Replaces `Host.misbehave` by one that waits for the end of its signal; what it saw. */
function waiting(on: Parameters<Case["run"]>[0]) {
  const seen: { callers: Caller[]; reasons: unknown[] } = { callers: [], reasons: [] };
  on.host({
    misbehave: (_, caller) =>
      new Promise((_resolve, reject) => {
        seen.callers.push(caller);
        caller.signal.addEventListener("abort", () => {
          seen.reasons.push(caller.signal.reason);
          reject(caller.signal.reason);
        });
      }),
  });
  return seen;
}

/** A case of what an implementation throws, as a NodeError in Go: name, message and code. */
const throws = (name: string, misbehave: () => number | Promise<number>, ...expected: string[]): Case => ({
  name,
  async run(on) {
    on.host({ misbehave });
    const seen = await on.client.look("");
    deepEqual(seen.slice(0, 4), [...expected, "Host.misbehave"]);
  },
});

export const callsFromGo: Group = {
  title: "Calls from Go",
  cases: [
    {
      name: "a value of every kind, both ways",
      async run({ client }) {
        deepEqual(await client.viaEverything(everything), everything);
      },
    },
    {
      name: "several arguments, inline and in a body, and one that is left out",
      async run({ client }) {
        equal(await client.viaAdd(-40, 2), -38);
        equal(await client.viaJoin(["a", "b"], "-"), "a-b");
        equal(await client.viaJoin(["a", "b"]), "ab");
      },
    },
    {
      name: "no arguments and no result",
      async run(on) {
        let calls = 0;
        on.host({
          nothing: () => {
            calls++;
          },
        });
        equal(await on.client.viaNothing(), undefined);
        equal(calls, 1);
      },
    },
    {
      name: "unions of words and of objects",
      async run(on) {
        on.host({ color: () => "blue", shape: (v) => ({ kind: "group", shapes: [v] }) });
        equal(await on.client.viaColor("red"), "blue");
        deepEqual(await on.client.viaShape({ kind: "origin" }), { kind: "group", shapes: [{ kind: "origin" }] });
      },
    },
    {
      name: "bodies of 0 bytes to 5 MB",
      async run({ client }) {
        for (const size of [0, 1, 40, 41, 300, 100_000, 5_000_000]) {
          const data = new Uint8Array(size).map((_, i) => i);
          equal(Buffer.compare(await client.viaBytes(data), data), 0, `${size} bytes`);
        }
      },
    },
    {
      name: "a value will do for a promise, and a promise for a value",
      async run(on) {
        on.host({ add: () => 1 });
        equal(await on.client.viaAdd(0, 0), 1);
        on.host({ add: () => Promise.resolve(2) });
        equal(await on.client.viaAdd(0, 0), 2);
      },
    },
    {
      name: "an implementation is an object like every other: its methods have `this`",
      needs: ["options"],
      async run(on) {
        class Mine {
          private readonly offset = 100;
          add(a: number, b: number) {
            return this.offset + a + b;
          }
        }
        const rest = [
          "everything",
          "join",
          "bytes",
          "shape",
          "color",
          "nothing",
          "note",
          "misbehave",
          "down",
          "patience",
        ];
        const mine = Object.assign(new Mine(), Object.fromEntries(rest.map((name) => [name, () => {}])));
        const client = await on.fresh({ provide: [Host.with(mine as unknown as Implementation<Host>)] });
        equal(await client.viaAdd(1, 2), 103);
      },
    },
    {
      name: "one-way calls come in their order, before the answer of who made them",
      async run(on) {
        const seen: string[] = [];
        on.host({ note: (line) => void seen.push(line) });
        const lines = upTo(2000).map((i) => `line ${i}`);
        await on.client.viaNote(lines);
        deepEqual(seen, lines);
      },
    },
    throws(
      "a rejection with an Error",
      () => Promise.reject(new TypeError("not like that")),
      "TypeError",
      "not like that",
      "",
    ),
    throws(
      "a throw with a code",
      () => {
        throw Object.assign(new Error("at once"), { code: "E_OWN" });
      },
      "Error",
      "at once",
      "E_OWN",
    ),
    throws(
      "a throw of a string",
      () => {
        throw "only a string";
      },
      "",
      "only a string",
      "",
    ),
    throws(
      "a throw of undefined",
      () => {
        throw undefined;
      },
      "",
      "undefined",
      "",
    ),
    throws(
      "a throw of an object whose properties throw",
      () => {
        throw {
          message: "odd",
          get stack() {
            throw new Error("no stack");
          },
          get code(): string {
            throw new Error("no code");
          },
        };
      },
      "",
      "odd",
      "",
    ),
    throws(
      "a message with a lone surrogate is made fit",
      () => Promise.reject(new Error("half \ud800")),
      "Error",
      "half \ufffd",
      "",
    ),
    throws(
      "a result that does not fit is an EncodeError with its path",
      () => 256,
      "EncodeError",
      "Host.misbehave: result: expected u8 (0 to 255), got 256",
      "ERR_ENCODE",
    ),
    throws(
      "an error that came from Go keeps its code",
      () => Promise.reject(new GoError("from Go", "*main.own", "GO_CODE", "Some.method")),
      "GoError",
      "from Go",
      "GO_CODE",
    ),
    {
      name: "an error has JavaScript's stack in Go, and where Go hands it on",
      async run(on) {
        on.host({
          misbehave: function byThisName() {
            throw new Error("seen from afar");
          },
        });
        match((await on.client.look(""))[5] as string, /^Error: seen from afar\n.*byThisName/);
        const error = await rejection(on.client.viaMisbehave(""));
        has(error, { goType: "*ts2go.NodeError", message: "Host.misbehave: seen from afar" });
        match(error.stack as string, /byThisName[\s\S]*at Conformance\.viaMisbehave \(in Go\)/);
      },
    },
    {
      name: "an error that goes Go, TypeScript, Go, TypeScript keeps its code and type",
      async run(on) {
        on.host({ misbehave: () => on.client.misbehave("wrapped code") });
        has(await rejection(on.client.viaMisbehave("")), { code: "QUOTA", goType: "*fmt.wrapError" });
      },
    },
    {
      name: "a one-way method that throws is told to onOnewayError",
      needs: ["options"],
      async run(on) {
        const errors: Error[] = [];
        const client = await on.fresh({ onOnewayError: (error) => errors.push(error) });
        on.host({
          note: () => {
            throw new RangeError("a note that is thrown");
          },
        });
        await client.viaNote(["x"]);
        await until("the error", () => errors.length === 1);
        has(errors[0], { code: "ERR_CALLBACK", message: "Host.note: RangeError: a note that is thrown" });
      },
    },
    {
      name: "a method that nobody provides fails by name, with what to do",
      like: ["Basic: unimplemented", "gRPC: unimplemented_service"],
      async run({ client }) {
        const error = await rejection(client.viaMissing());
        has(error, { code: "ERR_NOT_PROVIDED", goType: "*ts2go.NodeError" });
        match(error.message, /^Missing\.call: .*provide\(Missing, /);
      },
    },
    {
      name: "a one-way call that nobody provides is reported here",
      async run({ client }) {
        const warned = warning("ERR_NOT_PROVIDED");
        await client.tellMissing();
        ok((await warned).message.includes("Missing.tell"));
      },
    },
    {
      name: "an implementation without one of the methods is refused when it is provided",
      like: ["gRPC: unimplemented_method"],
      run() {
        const error = thrown(() => provide(Missing, { call() {} } as unknown as Implementation<Missing>));
        has(error, { code: "ERR_INVALID_OPTION" });
        match(error.message, /Missing.*`tell` is missing/);
      },
    },
    {
      name: "a result that can never fit is refused, and a small one fits afterwards",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ regionSize: 4 << 20, capacity: 16 });
        on.host({ bytes: () => new Uint8Array(3 << 20) });
        const error = await rejection(client.viaBytes(new Uint8Array(1)));
        has(error, { code: "ERR_BODY_TOO_LARGE" });
        match(error.message, /Host\.bytes/);
        on.host({ bytes: () => new Uint8Array(1000) });
        equal((await client.viaBytes(new Uint8Array(1))).length, 1000);
      },
    },
    {
      name: "a caller in Go that cancels gets its context's error at once; the signal has the cause",
      async run(on) {
        const gate = on.gate();
        const seen = waiting(on);
        const said = on.client.giveUp(gate);
        await until("the call", () => seen.callers.length === 1);
        await on.client.release(gate);
        equal(await said, "context canceled");
        await until("the signal", () => seen.reasons.length === 1);
        has(seen.reasons[0], { code: "ERR_CANCELED", message: "the caller in Go has given up: enough of it" });
      },
    },
    {
      name: "a caller in Go whose deadline passes, likewise",
      async run(on) {
        const seen = waiting(on);
        equal(await on.client.giveUpAfter(20), "context deadline exceeded");
        await until("the signal, where the call came so far", () => seen.callers.length === seen.reasons.length);
      },
    },
    {
      name: "a caller in Go gives up though the implementation never answers",
      async run(on) {
        const gate = on.gate();
        let signal: AbortSignal | undefined;
        on.host({
          misbehave: (_, caller) => {
            signal = caller.signal;
            return new Promise(() => {});
          },
        });
        const said = on.client.giveUp(gate);
        await until("the call", () => signal !== undefined);
        await on.client.release(gate);
        equal(await said, "context canceled");
        await until("the signal", () => signal?.aborted === true);
      },
    },
    {
      name: "a caller here that gives up: the end goes through Go to the signal",
      async run(on) {
        const seen = waiting(on);
        const controller = new AbortController();
        const call = quietly(on.client.viaMisbehave("", { signal: controller.signal }));
        await until("the call", () => seen.callers.length === 1);
        controller.abort("through both");
        equal(await rejection(call), "through both" as never);
        await until("the signal", () => seen.reasons.length === 1);
        match((seen.reasons[0] as Error).message, /through both/);
      },
    },
    {
      name: "a caller that is passed on as the options ends the inner call",
      async run(on) {
        const [outer, inner] = [on.gate(), on.gate()];
        on.host({ misbehave: async (_, caller) => (await on.client.hold(inner, caller)).length });
        const said = on.client.giveUp(outer);
        await on.client.begun(inner);
        await on.client.release(outer);
        equal(await said, "context canceled");
        match(await on.client.ends(inner), /^context canceled: canceled by the caller: the caller in Go has given up/);
      },
    },
    {
      name: "a timeout of the outermost call rejects it, and ends what Go has called",
      async run(on) {
        const seen = waiting(on);
        ok((await rejection(on.client.viaMisbehave("", { timeout: 20 }))) instanceof TimeoutError);
        await until("the signal, where the call came so far", () => seen.callers.length === seen.reasons.length);
      },
    },
    {
      name: "calls nest: 200 deep, Go and TypeScript in turns",
      async run(on) {
        on.host({ down: async (depth) => (await on.client.down(depth - 1)) + 1 });
        equal(await on.client.down(200), 400);
      },
    },
    {
      name: "calls nest through a ring of one place",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        on.host({ down: async (depth) => (await client.down(depth - 1)) + 1 });
        equal(await client.down(50), 100);
      },
    },
    {
      name: "from 200 goroutines at once, each gets its own answer",
      async run({ client }) {
        const [g, n] = [200, 10];
        equal(await client.many(g, n), (n * g * (g - 1)) / 2 + (g * n * (n - 1)) / 2);
      },
    },
    {
      name: "from 100 goroutines at once through a ring of one place",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1, regionSize: 1 << 20 });
        equal(await client.many(100, 5), (5 * 100 * 99) / 2 + (100 * 5 * 4) / 2);
      },
    },
    {
      name: "during streams in both directions",
      async run({ client }) {
        equal(await client.total(from(upTo(301))), 45_150);
        deepEqual(
          await all(client.called(300)),
          upTo(300).map((i) => i + 1),
        );
      },
    },
    {
      name: "from a goroutine that goes on after its handler has returned",
      async run(on) {
        const gate = on.gate();
        await on.client.goOn(gate);
        await on.client.release(gate);
        equal(await on.client.ends(gate), "42 <nil>");
      },
    },
    {
      name: "while the thread is blocked by a sync call: refused at once",
      async run({ client }) {
        await client.nothing();
        // Were it not refused, nobody could ever answer it: here it would be given up.
        match(client.sync.giveUpAfter(2000), /^Host\.misbehave: .*blocked/);
        const error = thrown(() => client.sync.viaAdd(1, 2));
        has(error, { code: "ERR_WOULD_BLOCK" });
        match(error.message, /Host\.add.*blocked/);
        equal(await client.viaAdd(1, 2), 3);
      },
    },
    {
      name: "one-way calls wait until a sync call is over",
      async run(on) {
        await on.client.nothing();
        const seen: string[] = [];
        on.host({ note: (line) => void seen.push(line) });
        on.client.sync.viaNote(["one", "two"]);
        deepEqual(seen, []);
        await until("the lines", () => seen.length === 2);
        deepEqual(seen, ["one", "two"]);
      },
    },
    {
      name: "afterwards no call and no body is left in Go",
      async run({ client }) {
        await client.many(50, 5);
        await client.viaBytes(new Uint8Array(1000));
        equal(await client.left(), "0 calls, 0 bodies");
      },
    },
    {
      name: "the worker's death aborts the signals of what it has called, and the next worker is answered",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const seen = waiting(on);
        const calls = upTo(5).map(() => quietly(client.viaMisbehave("")));
        await until("the calls", () => seen.callers.length === 5);
        process.kill(inspect(client).pid as number, "SIGKILL");
        for (const call of calls) has(await rejection(call), { name: "WorkerDiedError" });
        await until("the signals", () => seen.reasons.length === 5);
        has(seen.reasons[0], { name: "WorkerDiedError" });
        equal(await client.viaAdd(1, 1), 2);
      },
    },
    {
      name: "close completes calls in flight with what they call back",
      async run(on) {
        const client = await on.fresh();
        const call = client.many(20, 20);
        const closed = client.close();
        equal(await call, (20 * 20 * 19) / 2 + (20 * 20 * 19) / 2);
        await closed;
      },
    },
    {
      name: "implementations of another interface file are refused",
      needs: ["options"],
      async run(on) {
        const other = {
          service: { ...Host.with({} as Implementation<Host>).service, schemaHash: "0".repeat(64) },
          implementation: {},
          interceptors: [],
        };
        has(await rejection(on.fresh({ provide: [other] })), { code: "ERR_INVALID_OPTION" });
      },
    },
  ],
};
