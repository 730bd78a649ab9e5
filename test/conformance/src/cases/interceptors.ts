import { type Interceptor, inspect, OverloadedError, WorkerDiedError, withMetadata } from "@x/ts2go";
import type { Group } from "../case.js";
import { all, deepEqual, equal, from, has, match, ok, quietly, rejection, thrown, until, upTo } from "../kit/checks.js";

const pass: Interceptor = (call, next) => next(call);

/** Keeps when calls come by, and when they come back. */
function recorder(name: string, log: string[]): Interceptor {
  return async (call, next) => {
    log.push(`${name} > ${call.kind} ${call.service}.${call.method}(${JSON.stringify(call.args)})`);
    try {
      return await next(call);
    } finally {
      log.push(`${name} <`);
    }
  };
}

/** Calls again, up to so many times, what `may` be. */
const retrying =
  (attempts: number, may: (error: unknown) => boolean): Interceptor =>
  async (call, next) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(call);
      } catch (error) {
        if (!may(error) || attempt === attempts) throw error;
      }
    }
  };

export const interceptors: Group = {
  title: "Interceptors",
  cases: [
    {
      name: "stand around a call, the first of them outermost",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({ client: [recorder("outer", log), recorder("inner", log)] });
        equal(await client.u8(1), 1);
        const call = "unary Conformance.u8([1])";
        deepEqual(log, [`outer > ${call}`, `inner > ${call}`, "inner <", "outer <"]);
      },
    },
    {
      name: "see every argument, one that was left out as undefined, and the caller's options",
      async run(on) {
        const seen: unknown[] = [];
        const client = await on.intercepted({
          client: [
            (call, next) => {
              seen.push([call.args, call.options]);
              return next(call);
            },
          ],
        });
        const options = { metadata: { a: "b" } };
        equal(await client.several(true, "x", 1), 'true "x" 1 <nil>');
        await client.nothing(options);
        deepEqual(seen, [
          [[true, "x", 1], {}],
          [[], options],
        ]);
      },
    },
    {
      name: "change arguments and results",
      async run(on) {
        const client = await on.intercepted({
          client: [
            async (call, next) => [...((await next(call)) as string[]), "after"],
            (call, next) => next({ ...call, args: [["before", ...(call.args[0] as string[])]] }),
          ],
        });
        const words = Object.freeze(["x"]) as string[];
        deepEqual(await client.words(words), ["before", "x", "after"]);
      },
    },
    {
      name: "add metadata to what the caller gives, whose options stay as they are",
      async run(on) {
        const client = await on.intercepted({
          client: [(call, next) => next(withMetadata(call, { tenant: "b", more: "c" }))],
        });
        const options = Object.freeze({ metadata: Object.freeze({ tenant: "a", own: "d" }) });
        const { metadata } = await client.surroundings(options);
        deepEqual([...metadata].sort(), Object.entries({ more: "c", own: "d", tenant: "b" }));
      },
    },
    {
      name: "keep the caller's signal and timeout",
      async run(on) {
        const client = await on.intercepted({ client: [(call, next) => next(withMetadata(call, { a: "b" }))] });
        const gate = on.gate();
        const controller = new AbortController();
        const call = quietly(client.hold(gate, { signal: controller.signal }));
        await client.begun(gate);
        controller.abort(new RangeError("enough"));
        ok((await rejection(call)) instanceof RangeError);
        has(await rejection(client.hold(on.gate(), { timeout: 5 })), { name: "TimeoutError" });
      },
    },
    {
      name: "may give a call a timeout of their own",
      async run(on) {
        const client = await on.intercepted({
          client: [(call, next) => next({ ...call, options: { ...call.options, timeout: 5 } })],
        });
        has(await rejection(client.hold(on.gate())), { name: "TimeoutError" });
      },
    },
    {
      name: "may answer by themselves: nothing is sent",
      async run(on) {
        const gate = on.gate();
        const client = await on.intercepted({
          client: [(call, next) => (call.method === "hold" ? "by itself" : next(call))],
        });
        equal(await client.hold(gate), "by itself");
        equal(await client.times(gate), 0);
      },
    },
    {
      name: "may refuse, at once or later: the call rejects with that",
      async run(on) {
        const client = await on.intercepted({
          client: [
            (call, next) => {
              if (call.method === "u8") throw new RangeError("at once");
              return call.method === "u16" ? Promise.reject(new SyntaxError("later")) : next(call);
            },
          ],
        });
        ok((await rejection(client.u8(1))) instanceof RangeError);
        ok((await rejection(client.u16(1))) instanceof SyntaxError);
        equal(await client.u32(1), 1);
      },
    },
    {
      name: "see the errors of calls, of Go and of what cannot be sent, and may turn them into others",
      async run(on) {
        const errors: unknown[] = [];
        const client = await on.intercepted({
          client: [
            async (call, next) => {
              try {
                return await next(call);
              } catch (error) {
                errors.push(error);
                if (call.method === "misbehave") throw new TypeError("instead", { cause: error });
                throw error;
              }
            },
          ],
        });
        const failed = await rejection(client.fail("as expected", "E_OWN"));
        const refused = await rejection(client.u8(300));
        const other = await rejection(client.misbehave("panic"));
        has(failed, { code: "E_OWN" });
        has(refused, { name: "EncodeError" });
        ok(other instanceof TypeError);
        deepEqual(errors, [failed, refused, other.cause]);
        has(other.cause, { name: "GoPanicError" });
      },
    },
    {
      name: "may call again after an error, and what succeeds is the result",
      async run(on) {
        let attempts = 0;
        on.host({
          add: (a, b) => {
            if (++attempts < 3) throw new Error(`failure ${attempts}`);
            return a + b;
          },
        });
        const client = await on.intercepted({ client: [retrying(3, () => true)] });
        equal(await client.viaAdd(1, 2), 3);
        equal(attempts, 3);
        attempts = -10;
        has(await rejection(client.viaAdd(1, 2)), { message: "Host.add: failure -7" });
      },
    },
    {
      name: "may call again what failed because the worker died",
      needs: ["process"],
      async run(on) {
        let attempts = 0;
        const gate = on.gate();
        const client = await on.intercepted({
          client: [
            retrying(3, (error) => error instanceof WorkerDiedError),
            (call, next) => {
              if (call.method === "hold" && attempts++ > 0) return next({ ...call, options: { timeout: 5 } });
              return next(call);
            },
          ],
        });
        const call = quietly(client.hold(gate));
        await client.begun(gate);
        process.kill(inspect(client).pid as number, "SIGKILL");
        has(await rejection(call), { name: "TimeoutError" });
        equal(attempts, 2);
      },
    },
    {
      name: "may call again what there was no room for",
      needs: ["options"],
      async run(on) {
        let refused = 0;
        const client = await on.fresh({
          capacity: 1,
          maxQueue: 1,
          interceptors: [
            async (call, next) => {
              for (;;) {
                try {
                  return await next(call);
                } catch (error) {
                  if (!(error instanceof OverloadedError)) throw error;
                  refused++;
                  await new Promise(setImmediate);
                }
              }
            },
          ],
        });
        deepEqual(await Promise.all(upTo(20).map((i) => client.u32(i))), upTo(20));
        ok(refused > 0);
      },
    },
    {
      name: "stand around a one-way call, and are told when it is sent",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({ client: [recorder("one", log)] });
        const name = on.gate();
        client.note(name, "a");
        deepEqual(await client.notes(name, 1), ["a"]);
        deepEqual(log.slice(0, 1), [`one > oneway Conformance.note(["${name}","a"])`]);
        equal(log.filter((line) => line === "one <").length, 2);
      },
    },
    {
      name: "what they throw of a one-way call is reported",
      needs: ["options"],
      async run(on) {
        const reported: Error[] = [];
        const client = await on.fresh({
          onOnewayError: (error) => reported.push(error),
          interceptors: [
            () => {
              throw new RangeError("not that one");
            },
          ],
        });
        client.note("", "");
        await until("the report", () => reported.length > 0);
        ok(reported[0] instanceof RangeError);
      },
    },
    {
      name: "stand around a stream from Go, which they may wrap: its items, its end, its error",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({
          client: [
            recorder("stream", log),
            async (call, next) => {
              const result = (await next(call)) as AsyncIterable<number>;
              async function* doubled() {
                try {
                  for await (const item of result) yield item * 2;
                } finally {
                  log.push("over");
                }
              }
              return doubled();
            },
          ],
        });
        const stream = client.failing(3, "error");
        deepEqual(log, []);
        deepEqual([(await stream.next()).value, (await stream.next()).value, (await stream.next()).value], [0, 2, 4]);
        has(await rejection(stream.next()), { name: "GoError" });
        deepEqual(await stream.next(), { done: true, value: undefined });
        deepEqual(log, ['stream > stream Conformance.failing([3,"error"])', "stream <", "over"]);
      },
    },
    {
      name: "of a stream that is left, Go hears through them",
      async run(on) {
        const gate = on.gate();
        const client = await on.intercepted({ client: [pass] });
        for await (const item of client.count(gate, 1_000_000)) if (item === 10) break;
        match(await client.ends(gate), /canceled/);
      },
    },
    {
      name: "of a stream that is given up before it has begun nobody is called",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({ client: [recorder("one", log)] });
        await client.count(on.gate(), 1).return?.();
        deepEqual(log, []);
      },
    },
    {
      name: "of a stream have to resolve with one",
      async run(on) {
        const client = await on.intercepted({ client: [async () => 7] });
        match((await rejection(client.count(on.gate(), 1).next())).message, /has to resolve with an AsyncIterable/);
      },
    },
    {
      name: "stand around calls that take streams, and streams both ways",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({ client: [recorder("one", log)] });
        equal(await client.sum(from([1, 2, 3])), 6);
        deepEqual(await all(client.twice(on.gate(), from([1, 2]))), [1, 1, 2, 2]);
        deepEqual(
          log.filter((line) => line.includes(">")).map((line) => line.replace(/\(.*/, "")),
          ["one > stream Conformance.sum", "one > stream Conformance.twice"],
        );
      },
    },
    {
      name: "pass leases on, both ways",
      async run(on) {
        const client = await on.intercepted({ client: [pass] });
        await client.nothing();
        const bytes = client.alloc(10).fill(1) as ReturnType<typeof client.alloc>;
        equal(await client.addUp(bytes), 10);
        ok(bytes.released);
        using result = await client.make(10, 0);
        deepEqual([...result], upTo(10));
      },
    },
    {
      name: "and calls that block do not go together",
      async run(on) {
        const client = await on.intercepted({ client: [pass] });
        await client.nothing();
        has(
          thrown(() => client.sync.u8(1)),
          { code: "ERR_WOULD_BLOCK" },
        );
      },
    },
    {
      name: "have to be functions",
      needs: ["options"],
      async run(on) {
        const error = await rejection(on.fresh({ interceptors: ["log" as never] }));
        has(error, { code: "ERR_INVALID_OPTION" });
        match(error.message, /interceptors: expected functions, got log/);
      },
    },
    {
      name: "stand around an implementation that Go calls, the first of them outermost",
      async run(on) {
        const log: string[] = [];
        const client = await on.intercepted({ host: [recorder("outer", log), recorder("inner", log)] });
        equal(await client.viaAdd(1, 2), 3);
        const call = "unary Host.add([1,2])";
        deepEqual(log, [`outer > ${call}`, `inner > ${call}`, "inner <", "outer <"]);
        await client.viaNote(["a line"]);
        equal(log[4], 'outer > oneway Host.note(["a line"])');
      },
    },
    {
      name: "around an implementation change what it gets, what it knows of its caller, and what it gives",
      async run(on) {
        const client = await on.intercepted({
          host: [
            async (call, next) => Number(await next(withMetadata(call, { user: "ada" }))) * 10,
            (call, next) => next({ ...call, args: [5, call.args[1]] }),
          ],
        });
        const seen: unknown[] = [];
        on.host({
          add: (a, b, { metadata, signal }) => {
            seen.push({ ...metadata }, signal.aborted);
            return a + b;
          },
        });
        equal(await client.viaAdd(1, 2), 70);
        deepEqual(seen, [{ user: "ada" }, false]);
      },
    },
    {
      name: "around an implementation refuse by an error, which Go hands on",
      async run(on) {
        const client = await on.intercepted({
          host: [
            () => {
              throw Object.assign(new Error("who are you?"), { code: "E_AUTH" });
            },
          ],
        });
        has(await rejection(client.viaAdd(1, 2)), { code: "E_AUTH", message: "Host.add: who are you?" });
      },
    },
  ],
};
