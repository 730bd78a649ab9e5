import { type ConnectOptions, connect, inspect, type WorkerDiedError } from "@x/ts2go";
import type { Group } from "../case.js";
import { Conformance } from "../gen/conformance.js";
import { deepEqual, equal, has, match, ok, quietly, rejection, thrown, until, upTo } from "../kit/checks.js";

/** A schema that differs from the program's. */
const other = (change: (schema: (typeof Conformance)["schema"]) => object) => ({
  ...Conformance,
  schemaHash: "0".repeat(64),
  schema: { ...Conformance.schema, ...change(Conformance.schema) },
});

const refusedBy = (service: typeof Conformance, options: ConnectOptions = {}) =>
  rejection(connect(service, { stderr: "ignore", ...options }));

export const lifeCycle: Group = {
  title: "Life cycle",
  cases: [
    {
      name: "a client that has been answered is open, in a process of its own",
      async run({ client }) {
        const pid = await client.pid();
        const { state, pid: seen } = inspect(client);
        deepEqual([state, seen], ["open", pid]);
        ok(pid !== process.pid);
      },
    },
    {
      name: "Go's own state lives as long as its process",
      async run(on) {
        const client = await on.fresh();
        const first = await client.increase();
        equal(await client.increase(), first + 1);
      },
    },
    {
      name: "close completes the calls made before it, also those that wait for room",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        const calls = upTo(6000).map((i) => client.u32(i));
        await client.close();
        deepEqual(await Promise.all(calls), upTo(6000));
      },
    },
    {
      name: "close waits for a handler that is at work",
      async run(on) {
        const client = await on.fresh();
        const gate = on.gate();
        const call = client.hold(gate);
        await client.begun(gate);
        const release = client.release(gate);
        const closed = client.close();
        equal(inspect(client).state, "closing");
        equal(await call, "released");
        await release;
        await closed;
        equal(inspect(client).state, "closed");
      },
    },
    {
      name: "a call of a closed client rejects with ClosedError, from the turn of close on",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        const closed = client.close();
        has(await rejection(client.u8(1)), { name: "ClosedError", code: "ERR_CLOSED" });
        await closed;
        has(await rejection(client.u8(1)), { name: "ClosedError" });
      },
    },
    {
      name: "close twice is close once",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await Promise.all([client.close(), client.close()]);
        await client.close();
        equal(inspect(client).state, "closed");
      },
    },
    {
      name: "await using closes, and the process has ended then",
      async run(on) {
        const client = await on.fresh();
        const pid = await client.pid();
        {
          await using _ = client;
          await client.nothing();
        }
        equal(inspect(client).state, "closed");
        has(
          thrown(() => process.kill(pid, 0)),
          { code: "ESRCH" },
        );
      },
    },
    {
      name: "close with nothing in flight, straight after the first answer",
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        await client.close();
        equal(inspect(client).pid, undefined);
      },
    },
    {
      name: "SIGKILL rejects what was sent with WorkerDiedError, and the next call finds a new worker",
      like: ["gRPC: reconnect after transport failure (postponed there)"],
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const gate = on.gate();
        const calls = upTo(20).map(() => quietly(client.hold(gate)));
        await client.begun(gate);
        const before = inspect(client).pid as number;
        process.kill(before, "SIGKILL");
        for (const call of calls) {
          has(await rejection(call), {
            name: "WorkerDiedError",
            code: "ERR_WORKER_DIED",
            signal: "SIGKILL",
            exitCode: null,
          });
        }
        equal(await client.u8(1), 1);
        ok(inspect(client).pid !== before);
        equal(inspect(client).starts, 2);
      },
    },
    {
      name: "SIGKILL: what still waits here goes to the new worker",
      needs: ["process", "options"],
      async run(on) {
        const client = await on.fresh({ capacity: 4 });
        const gate = on.gate();
        const sent = upTo(4).map(() => quietly(client.hold(gate)));
        const waiting = upTo(8).map((i) => client.u32(i));
        deepEqual([inspect(client).inFlight, inspect(client).queued], [4, 8]);
        process.kill(inspect(client).pid as number, "SIGKILL");
        for (const call of sent) has(await rejection(call), { name: "WorkerDiedError" });
        deepEqual(await Promise.all(waiting), upTo(8));
      },
    },
    {
      name: "a new worker is a new process: what Go kept is gone",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        await client.increase();
        const count = await client.increase();
        process.kill(inspect(client).pid as number, "SIGKILL");
        await until("the death to be noticed", () => inspect(client).pid === undefined);
        ok(count >= 2);
        equal(await client.increase(), 1);
      },
    },
    {
      name: "os.Exit in a handler rejects with its code and its last words",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const error = await rejection(client.misbehave("exit"));
        has(error, { name: "WorkerDiedError", exitCode: 7, signal: null });
        match((error as unknown as WorkerDiedError).stderr, /exiting because it was asked to/);
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "a fatal error of Go's runtime likewise",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const error = await rejection(client.misbehave("fatal"));
        has(error, { name: "WorkerDiedError", exitCode: 2 });
        match(error.message, /fatal error/);
      },
    },
    {
      name: "a panic in a goroutine of the handler's own ends the worker, with its words",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const error = await rejection(client.misbehave("panic elsewhere"));
        has(error, { name: "WorkerDiedError", exitCode: 2 });
        match(error.message, /in a goroutine of nobody's/);
      },
    },
    {
      name: "a call that was given up before the worker died stays rejected with its reason",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        const gate = on.gate();
        const controller = new AbortController();
        const given = quietly(client.stubborn(gate, new Uint8Array(10), { signal: controller.signal }));
        await client.begun(gate);
        controller.abort("mine");
        process.kill(inspect(client).pid as number, "SIGKILL");
        equal(await rejection(given), "mine" as never);
        await until("the death to be noticed", () => inspect(client).inFlight === 0);
      },
    },
    {
      name: "close after the worker's death",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        process.kill(inspect(client).pid as number, "SIGKILL");
        await client.close();
        equal(inspect(client).state, "closed");
      },
    },
    {
      name: "two clients have a process each",
      needs: ["options"],
      async run(on) {
        const [a, b] = [await on.fresh({}), await on.fresh({})];
        ok((await a.pid()) !== (await b.pid()));
        await a.close();
        equal(await b.u8(1), 1);
      },
    },
    {
      name: "the worker's environment is the user's, without variables of ours",
      needs: ["options", "process"],
      async run(on) {
        const client = await on.fresh({ env: { ...process.env, HELLO: "world" } });
        equal(await client.environment("HELLO"), "world");
        equal(await client.environment("TS2GO_WORKER"), "");
      },
    },
    {
      name: "stdout and stderr go where the user says",
      needs: ["options", "process"],
      async run(on) {
        const { PassThrough } = await import("node:stream");
        const [stdout, stderr] = [new PassThrough(), new PassThrough()];
        const client = await on.fresh({ stdout, stderr });
        await client.print("to out", "to err");
        await until("both", () => stdout.readableLength > 0 && stderr.readableLength > 0);
        deepEqual([String(stdout.read()), String(stderr.read())], ["to out", "to err"]);
      },
    },
    {
      name: "a program that is not there is named, with what to do",
      needs: ["options", "process"],
      async run(on) {
        const error = await rejection(on.fresh({ binary: "/nowhere/at/all" }));
        has(error, { name: "WorkerStartError", code: "ERR_WORKER_START", reason: "missing" });
        match(error.message, /\/nowhere\/at\/all[\s\S]*ts2go build/);
      },
    },
    {
      name: "a program that says nothing is given up after startTimeout",
      needs: ["options", "process"],
      async run(on) {
        const error = await rejection(on.fresh({ binary: "/bin/sleep", args: ["60"], startTimeout: 100 }));
        has(error, { name: "WorkerStartError", reason: "timeout" });
      },
    },
    {
      name: "an unknown option and one that cannot be meant are refused by name",
      needs: ["options"],
      async run(on) {
        for (const [option, name] of [
          [{ spinn: 3 }, "spinn"],
          [{ spin: -1 }, "spin"],
          [{ capacity: 3 }, "capacity"],
          [{ capacity: 2 ** 16, regionSize: 1 << 20 }, "regionSize"],
          [{ maxQueue: -1 }, "maxQueue"],
        ] as const) {
          const error = await rejection(on.fresh(option as object));
          has(error, { code: "ERR_INVALID_OPTION" });
          ok(error.message.includes(name));
        }
      },
    },
    {
      name: "another interface is refused at the start: a field's type, by name",
      like: ["Connect Unexpected Requests: unexpected-codec, compression, compressed-message"],
      needs: ["options"],
      async run() {
        const changed = other(({ types }) => ({
          types: types.map((t) =>
            t.name === "User" && t.kind === "struct"
              ? { ...t, fields: t.fields.map((f) => (f.name === "age" ? { ...f, type: { kind: "u16" } } : f)) }
              : t,
          ),
        }));
        const error = await refusedBy(changed);
        has(error, {
          name: "SchemaMismatchError",
          code: "ERR_SCHEMA_MISMATCH",
          differences: ["User.age is u16 here, u8 in Go"],
        });
        match(error.message, /ts2go build/);
      },
    },
    {
      name: "a method that Go does not have is refused at the start, by name",
      like: ["Basic: unimplemented", "gRPC: unimplemented_method"],
      needs: ["options"],
      async run() {
        const changed = other(({ methods }) => ({
          methods: methods.map((m, i) => (i === methods.length - 1 ? { ...m, name: "Conformance.elsewhere" } : m)),
        }));
        match((await refusedBy(changed)).message, /Conformance\.elsewhere/);
      },
    },
    {
      name: "a service that Go does not have is refused at the start, by name",
      like: ["gRPC: unimplemented_service"],
      needs: ["options"],
      async run() {
        const changed = other(({ methods }) => ({
          methods: methods.map((m) => ({ ...m, name: m.name.replace("Conformance.", "Elsewhere.") })),
        }));
        match((await refusedBy(changed)).message, /Elsewhere\./);
      },
    },
  ],
};
