import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CallState, type Client, connect, inspect } from "@x/ts2go";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { Patience, Streams, Trust } from "./src/gen/trust.js";
import { alive, resources, until, untilUnmapped } from "./src/resources.js";

const trust = fileURLToPath(new URL("bin/trust", import.meta.url));
const demo = fileURLToPath(new URL("../examples/demo/bin/demo", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "ts2go-dev-"));
afterAll(() => rmSync(dir, { recursive: true }));

let binary: string;
let n = 0;
beforeEach(() => {
  binary = join(dir, `program-${n++}`);
});

/** Puts another program in the place of the running one, whole at once. */
function install(script: string): void {
  const draft = `${binary}.draft`;
  writeFileSync(draft, `#!/bin/sh\n${script}\n`);
  chmodSync(draft, 0o755);
  renameSync(draft, binary);
}

/** A build that differs from the others in what it answers to `environment("BUILD")`. */
const installBuild = (name: string) => install(`BUILD=${name} exec ${trust}`);

const pidOf = (client: object) => inspect(client).pid as number;

describe("a new build takes over", () => {
  test("under calls from all sides: none is lost, and answers change from old to new", async () => {
    installBuild("0");
    await using client = await connect(Trust, { binary, watch: true });
    const pids = [pidOf(client)];
    let stopped = false;
    let calls = 0;
    const caller = async () => {
      const answers: string[] = [];
      while (!stopped) {
        const answer = await client.environment("BUILD");
        calls++;
        if (answers.at(-1) !== answer) answers.push(answer);
      }
      return answers;
    };
    const callers = Array.from({ length: 64 }, caller);
    for (const build of ["1", "2", "3"]) {
      installBuild(build);
      await until(`build ${build}`, () => !pids.includes(pidOf(client)), 10_000);
      pids.push(pidOf(client));
      await until("the earlier worker to end", () => inspect(client).retiring === 0);
    }
    const before = calls;
    await until("calls to the last build", () => calls > before + 1000);
    stopped = true;
    for (const answers of await Promise.all(callers)) expect(answers).toEqual(["0", "1", "2", "3"]);
    expect(inspect(client).starts).toBe(4);
    for (const pid of pids.slice(0, -1)) expect(alive(pid)).toBe(false);
  });

  test("while more calls wait than fit: those that were sent end with the old one, the others with the new one", async () => {
    installBuild("old");
    await using client = await connect(Patience, { binary, watch: true, capacity: 8 });
    const old = pidOf(client);
    const gate = new AbortController();
    const held = Array.from({ length: 8 }, () => client.wait("held", 60_000, { signal: gate.signal }));
    const waiting = Array.from({ length: 20 }, () => client.remaining());
    installBuild("new");
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => 0));
    expect(pidOf(client)).not.toBe(old);
    expect(inspect(client)).toMatchObject({ retiring: 1, inFlight: 8, queued: 0 });
    expect(inspect(client).calls.map((call) => call.pid)).toEqual(held.map(() => old));
    gate.abort();
    await Promise.allSettled(held);
    await until("the earlier worker to end", () => inspect(client).retiring === 0);
    expect(alive(old)).toBe(false);
  });

  test("while streams run: they end where they began", async () => {
    installBuild("old");
    await using client = await connect(Streams, { binary, watch: true });
    const old = pidOf(client);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* values() {
      yield 1;
      await released;
      yield 2;
    }
    const sum = client.sum(values());
    const numbers = client.count(100_000);
    expect((await numbers.next()).value).toBe(0);
    installBuild("new");
    await until("the new worker", () => pidOf(client) !== old, 10_000);
    expect(await client.sum([5, 6] as unknown as AsyncIterable<number>), "by the new one").toBe(11);
    expect(inspect(client)).toMatchObject({ retiring: 1, inFlight: 2 });
    let next = 1;
    for await (const value of numbers) expect(value).toBe(next++);
    expect(next).toBe(100_000);
    release();
    expect(await sum).toBe(3);
    await until("the earlier worker to end", () => inspect(client).retiring === 0);
  });

  test("and whatever the old one still had dies with it alone", async () => {
    installBuild("old");
    await using client = await connect(Patience, { binary, watch: true });
    const old = pidOf(client);
    const held = client.wait("held", 60_000);
    installBuild("new");
    await until("the new worker", () => pidOf(client) !== old, 10_000);
    const newer = client.wait("newer", 60_000);
    await client.remaining();
    process.kill(old, "SIGKILL");
    await expect(held).rejects.toMatchObject({ code: "ERR_WORKER_DIED", signal: "SIGKILL" });
    expect(inspect(client)).toMatchObject({ retiring: 0, inFlight: 1, starts: 2 });
    process.kill(pidOf(client), "SIGKILL");
    await expect(newer).rejects.toMatchObject({ code: "ERR_WORKER_DIED" });
  });

  test("but not without being asked to", async () => {
    installBuild("old");
    await using client = await connect(Trust, { binary });
    const pid = pidOf(client);
    await using watching = await connect(Trust, { binary, watch: true });
    const watched = pidOf(watching);
    installBuild("new");
    await until("the other client's new worker", () => pidOf(watching) !== watched, 10_000);
    expect(await client.environment("BUILD")).toBe("old");
    expect(pidOf(client)).toBe(pid);
  });
});

describe("a build that cannot take over leaves the old one in use", () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  let client: Client<Trust>;
  let pid: number;

  beforeEach(async () => {
    warnings.length = 0;
    process.on("warning", onWarning);
    installBuild("old");
    client = await connect(Trust, { binary, watch: true, stderr: "ignore", startTimeout: 5000 });
    pid = pidOf(client);
  });
  afterEach(async () => {
    process.off("warning", onWarning);
    await client.close();
  });

  async function expectRefusal(code: string, ...words: string[]): Promise<void> {
    await until("the warning", () => warnings.length > 0, 10_000);
    expect(warnings[0]).toMatchObject({ name: "Ts2goWarning", code });
    for (const word of [...words, `process ${pid}`]) expect(warnings[0]?.message).toContain(word);
    // Longer than several looks at the file: a build is tried once.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await client.environment("BUILD")).toBe("old");
    expect(inspect(client)).toMatchObject({ pid, starts: 2, retiring: 0, state: "open" });
    installBuild("mended");
    await until("the mended build", () => pidOf(client) !== pid, 10_000);
    expect(await client.environment("BUILD")).toBe("mended");
    expect(warnings.length, "one warning for one build").toBe(1);
  }

  test("it crashes", async () => {
    install("echo 'config file missing' >&2; exit 3");
    await expectRefusal("ERR_WORKER_START", "config file missing", "exited with code 3", "build it again");
  });

  test("it has another interface", async () => {
    install(`exec ${demo}`);
    await expectRefusal("ERR_SCHEMA_MISMATCH", "Trust.add", "restart it");
  });

  test("it is no program", async () => {
    writeFileSync(`${binary}.draft`, "no program");
    renameSync(`${binary}.draft`, binary);
    await expectRefusal("ERR_WORKER_START", "not an executable file");
  });

  test("it is removed, and built again later", async () => {
    rmSync(binary);
    expect(await client.environment("BUILD")).toBe("old");
    installBuild("later");
    await until("the later build", () => pidOf(client) !== pid, 10_000);
    expect(warnings).toEqual([]);
  });
});

test("close while a new build starts waits for it, and leaves nothing", async () => {
  const before = resources();
  installBuild("old");
  const client = await connect(Trust, { binary, watch: true, startTimeout: 1000, stderr: "ignore" });
  install("exec sleep 60");
  await until("its start", () => inspect(client).starts === 2, 10_000);
  const last = client.environment("BUILD");
  await client.close();
  expect(await last).toBe("old");
  expect(inspect(client)).toMatchObject({ state: "closed", retiring: 0, calls: [] });
  await until("the end of both", () => resources().children.length === before.children.length);
  await untilUnmapped(before.mappings);
  expect(resources().fds).toEqual(before.fds);
});

describe("inspect", () => {
  const summary = (calls: readonly CallState[]) => calls.map(({ method, state }) => `${method} ${state}`);

  test("lists every call with its method and age, the oldest first", async () => {
    await using client = await connect(Patience, { capacity: 2 });
    const pid = pidOf(client);
    const gate = new AbortController();
    const first = client.wait("first", 60_000, { signal: gate.signal });
    await until("an age", () => (inspect(client).calls[0]?.ageMs ?? 0) > 150);
    const second = client.ignore(new Uint8Array(), 300);
    const third = client.remaining();
    const { calls } = inspect(client);
    expect(summary(calls)).toEqual(["Patience.wait sent", "Patience.ignore sent", "Patience.remaining queued"]);
    expect(calls.map((call) => call.pid)).toEqual([pid, pid, undefined]);
    expect(calls[0]?.ageMs).toBeGreaterThan(150);
    for (const call of calls.slice(1)) expect(call.ageMs).toBeLessThan(calls[0]?.ageMs as number);
    gate.abort();
    await expect(first).rejects.toThrow();
    await Promise.all([second, third]);
    await until("nothing in flight", () => inspect(client).inFlight === 0);
    expect(inspect(client).calls).toEqual([]);
  });

  test("a slot that is used again has another call's age", async () => {
    await using client = await connect(Patience, { capacity: 1 });
    const first = client.ignore(new Uint8Array(), 400);
    await until("an age", () => (inspect(client).calls[0]?.ageMs ?? 0) > 200);
    await first;
    const second = client.ignore(new Uint8Array(), 1);
    expect(inspect(client).calls[0]?.ageMs).toBe(0);
    await second;
  });

  test("dates calls without being asked: the first look at one that is old shows it", async () => {
    await using client = await connect(Patience, { capacity: 1 });
    const gate = new AbortController();
    const sent = client.wait("held", 60_000, { signal: gate.signal });
    const queued = client.remaining();
    // In turns of the event loop, each of which leaves time for a tick.
    for (let i = 0; i < 8; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    const { calls } = inspect(client);
    expect(summary(calls)).toEqual(["Patience.wait sent", "Patience.remaining queued"]);
    for (const { ageMs } of calls) expect(ageMs).toBeGreaterThan(300);
    gate.abort();
    await expect(sent).rejects.toThrow();
    await queued;
  });

  test("shows a call that was given up until Go is done with it", async () => {
    await using client = await connect(Patience);
    const gate = new AbortController();
    const call = client.ignore(new Uint8Array(), 1000, { signal: gate.signal });
    await until("it to be sent", () => inspect(client).inFlight === 1);
    gate.abort();
    await expect(call).rejects.toThrow();
    expect(summary(inspect(client).calls)).toEqual(["Patience.ignore abandoned"]);
    await until("nothing in flight", () => inspect(client).inFlight === 0);
  });

  test("lists calls that wait for a worker to start", async () => {
    const { patience } = await import("./src/gen/trust.js");
    const call = patience.remaining();
    expect(inspect(patience)).toMatchObject({ state: "starting", pid: undefined });
    expect(summary(inspect(patience).calls)).toEqual(["Patience.remaining queued"]);
    await call;
    await patience.close();
  });
});
