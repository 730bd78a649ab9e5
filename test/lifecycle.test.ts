import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { ClosedError, connect, inspect, SchemaMismatchError, WorkerDiedError, type WorkerStartError } from "@x/ts2go";
import { afterAll, expect, test } from "vitest";
import { Trouble, Trust } from "./src/gen/trust.js";
import { alive, children, cpuMs, resources, until, untilUnmapped } from "./src/resources.js";
import { program, runNode } from "./src/run-node.js";

const binary = fileURLToPath(new URL("bin/trust", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "ts2go-lifecycle-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** An executable script that stands where the Go program should. */
function script(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it resolved"),
    (error: unknown) => error as WorkerStartError & WorkerDiedError,
  );

test("await using ends the worker cleanly, and leaves nothing", async () => {
  const before = resources();
  let pid: number | undefined;
  {
    await using client = await connect(Trust);
    pid = inspect(client).pid;
    expect(await client.add(1, 2)).toBe(3);
  }
  expect(alive(pid as number)).toBe(false);
  await untilUnmapped(before.mappings);
  expect(resources()).toEqual(before);
});

test("close completes the calls made before it, and refuses those after it", async () => {
  const client = await connect(Trust);
  const calls = Array.from({ length: 6000 }, (_, i) => client.add(i, i));
  const slow = client.sleep(50);
  const closed = client.close();
  expect(await failure(client.add(1, 1) as Promise<unknown>)).toBeInstanceOf(ClosedError);
  expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i * 2));
  expect(await slow).toBe(50);
  await closed;
  await client.close();
  expect(inspect(client).state).toBe("closed");
});

test("a client that is imported and never used starts nothing", async () => {
  expect(await runNode("unused")).toMatchObject({ code: 0, stdout: "no child\n" });
});

test("a program that awaits a call ends by itself: an idle client keeps nothing alive", async () => {
  expect(await runNode("one-call")).toMatchObject({ code: 0, stdout: "42\n", stderr: "" });
});

test("a call in flight keeps the program alive", async () => {
  expect(await runNode("pending-call")).toMatchObject({ code: 0, stdout: "300\n" });
});

test("a call that waits for room in the ring keeps the program alive", async () => {
  const { code, stdout } = await runNode("tiny-ring", "taskset", "-c", "0");
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${(3000 * 3001) / 2}\n` });
});

test("one processor is enough, and nothing spins on it", async () => {
  const { code, stdout } = await runNode("one-core", "taskset", "-c", "0");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ sum: (2000 * 2001) / 2, spins: 0 });
});

test("one-way calls are delivered before the program ends", async () => {
  expect(await runNode("oneway-at-end")).toMatchObject({ code: 0, stdout: "out\n", stderr: "err\n" });
});

test("an idle client uses no processor time", async () => {
  await using client = await connect(Trust);
  await Promise.all(Array.from({ length: 2000 }, () => client.add(1, 1)));
  const pid = inspect(client).pid as number;
  // Let the spinning and the watchdog end first.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = cpuMs(pid);
  const own = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(cpuMs(pid) - before).toBeLessThanOrEqual(20);
  const used = process.cpuUsage(own);
  expect((used.user + used.system) / 1000).toBeLessThan(200);
});

test("SIGKILL of Node ends the worker within a second, also while a handler burns", async () => {
  const child = spawn(process.execPath, [program("killed-host")], { stdio: ["ignore", "pipe", "inherit"] });
  const worker = await new Promise<number>((resolve) => child.stdout.once("data", (line) => resolve(Number(line))));
  expect(alive(worker)).toBe(true);
  expect(children(child.pid as number)).toContain(worker);
  child.kill("SIGKILL");
  await until("the worker to end", () => !alive(worker), 1000);
});

test("stdout and stderr go where the user says", async () => {
  const out = new PassThrough();
  const err = new PassThrough();
  await using client = await connect(Trust, { stdout: out, stderr: err });
  await client.print("to out", "to err");
  const read = async (stream: PassThrough) => {
    await until("output", () => stream.readableLength > 0);
    return String(stream.read());
  };
  expect(await read(out)).toBe("to out");
  expect(await read(err)).toBe("to err");
});

test("the worker's environment is the user's, without our own variables", async () => {
  await using client = await connect(Trust, { env: { ...process.env, HELLO: "world" } });
  expect(await client.environment("HELLO")).toBe("world");
  expect(await client.environment("TS2GO_WORKER")).toBe("");
});

test("start: a missing program is named, with what to do", async () => {
  const error = await failure(connect(Trust, { binary: join(dir, "nothing") }));
  expect(error).toMatchObject({ name: "WorkerStartError", code: "ERR_WORKER_START", reason: "missing" });
  expect(error.message).toContain(join(dir, "nothing"));
  expect(error.message).toContain("ts2go build");
});

test("start: a file that is not executable", async () => {
  const path = join(dir, "plain");
  copyFileSync(binary, path);
  chmodSync(path, 0o644);
  expect(await failure(connect(Trust, { binary: path }))).toMatchObject({ reason: "not-executable" });
});

test("start: an executable that is no program", async () => {
  const path = join(dir, "garbage");
  writeFileSync(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]));
  chmodSync(path, 0o755);
  expect(await failure(connect(Trust, { binary: path }))).toMatchObject({ name: "WorkerStartError" });
});

test("start: a crash is shown with its output, after a limited number of attempts", async () => {
  const path = script("crash", "echo 'config file missing' >&2; exit 3");
  const error = await failure(connect(Trust, { binary: path, stderr: "ignore" }));
  expect(error).toMatchObject({ reason: "crashed", exit: { exitCode: 3, signal: null } });
  expect(error.message).toContain("config file missing");
});

test("start: a program that says nothing is given up after startTimeout", async () => {
  const path = script("silent", "exec sleep 60");
  const error = await failure(connect(Trust, { binary: path, startTimeout: 200 }));
  expect(error).toMatchObject({ reason: "timeout" });
  expect(error.message).toContain("200 ms");
});

test("start: another interface is refused by name: what differs", async () => {
  const { schema } = Trust;
  const changed = {
    ...Trust,
    schemaHash: "0".repeat(64),
    schema: {
      ...schema,
      types: schema.types.map((t) =>
        t.name === "Payload" && t.kind === "struct"
          ? {
              ...t,
              fields: [
                { name: "name", type: { kind: "u16" as const } },
                ...t.fields.slice(1),
                { name: "extra", type: { kind: "bool" as const } },
              ],
            }
          : t,
      ),
      methods: schema.methods.filter((m) => m.name !== "Trust.ping"),
    },
  };
  const error = await failure(connect(changed, { stderr: "ignore" }));
  expect(error).toBeInstanceOf(SchemaMismatchError);
  const { differences } = error as unknown as SchemaMismatchError;
  expect(differences).toContain("Payload.name is u16 here, string in Go");
  expect(differences.join("\n")).toContain("extra");
  expect(differences.join("\n")).toContain("Trust.ping");
  expect(error.message).toContain("ts2go build");
});

test("waiting calls are rejected with the reason when the worker cannot start", async () => {
  const client = await connect(Trust, { binary: script("once", `exec ${binary}`) });
  script("once", "echo gone >&2; exit 9");
  const pid = inspect(client).pid as number;
  process.kill(pid, "SIGKILL");
  await until("the death to be noticed", () => inspect(client).state === "idle");
  const errors = await Promise.all([failure(client.add(1, 1)), failure(client.add(2, 2))]);
  for (const error of errors) expect(error).toMatchObject({ name: "WorkerStartError", reason: "crashed" });
  // Mended, the next call finds a worker.
  script("once", `exec ${binary}`);
  expect(await client.add(2, 3)).toBe(5);
  await client.close();
});

for (const [how, end, expected] of [
  ["os.Exit", (c: Awaited<ReturnType<typeof trouble>>) => c.exit(7), { exitCode: 7, signal: null }],
  ["a fatal error", (c: Awaited<ReturnType<typeof trouble>>) => c.fatal(), { exitCode: 2, signal: null }],
] as const) {
  test(`death: ${how} rejects the calls in flight with its code and last words, and the next call finds a new worker`, async () => {
    const client = await trouble();
    const first = inspect(client).pid;
    const error = await failure(end(client));
    expect(error).toBeInstanceOf(WorkerDiedError);
    expect(error).toMatchObject({ code: "ERR_WORKER_DIED", ...expected });
    expect(error.stderr).toContain(how === "os.Exit" ? "exiting because it was asked to" : "fatal error");
    expect(await failure(client.fail("back again", ""))).toMatchObject({ message: "back again" });
    expect(inspect(client).pid).not.toBe(first);
    await client.close();
  });
}

const trouble = () => connect(Trouble, { stderr: "ignore" });

test("death: SIGKILL rejects what was sent; what still waited goes to the new worker", async () => {
  const client = await connect(Trust, { capacity: 4 });
  const first = inspect(client).pid as number;
  const calls = Array.from({ length: 12 }, () =>
    client.sleep(30).then(
      () => "done",
      (e: Error) => e.name,
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.kill(first, "SIGKILL");
  const results = await Promise.all(calls);
  expect(results.slice(0, 4)).toEqual(Array(4).fill("WorkerDiedError"));
  expect(results.slice(4)).toEqual(Array(8).fill("done"));
  expect(inspect(client).starts).toBe(2);
  await client.close();
});

test("an unknown option is refused by name", async () => {
  expect(await failure(connect(Trust, { spinn: 3 } as object))).toMatchObject({
    code: "ERR_INVALID_OPTION",
    message: expect.stringContaining("spinn"),
  });
  expect(await failure(connect(Trust, { spin: -1 }))).toMatchObject({ code: "ERR_INVALID_OPTION" });
});

test("the Go program says what it is when a person runs it", async () => {
  const child = spawn(binary, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(2);
  expect(said).toContain("is a ts2go worker");
});
