import { once } from "node:events";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Client, connect, EncodeError } from "@x/ts2go";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Demo } from "../src/gen/demo.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const balabala = Uint8Array.of(1, 2, 3);
const ada = { name: "ada", age: 36 };
const bob = { name: "bob", age: 3 };

let demo: Client<Demo>;
beforeAll(async () => {
  demo = await connect(Demo);
});
afterAll(() => demo.close());

test("check passes if everybody is of age", async () => {
  expect(await demo.check({ users: [ada, { name: "grace", age: 18 }], balabala })).toEqual({ pass: true });
  expect(await demo.check({ users: [], balabala: new Uint8Array() })).toEqual({ pass: true });
});

test("check does not pass if somebody is not", async () => {
  expect(await demo.check({ users: [ada, { name: "carl", age: 17 }], balabala })).toEqual({ pass: false });
});

test("oneway reaches Go, which prints what it heard", async () => {
  const stdout = new PassThrough();
  await using client = await connect(Demo, { stdout });
  expect(client.oneway(bob)).toBe(undefined);
  const [printed] = await once(stdout, "data");
  expect(String(printed)).toBe("  Go heard of bob, 3\n");
});

test("1000 calls that sleep 10 ms each sleep at the same time", async () => {
  const start = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => demo.checkSlowly({ users: [i % 2 === 0 ? ada : bob], balabala })),
  );
  const ms = performance.now() - start;
  expect(answers).toEqual(answers.map((_, i) => ({ pass: i % 2 === 0 })));
  // One after the other they would take ten seconds.
  expect(ms).toBeGreaterThan(9);
  expect(ms).toBeLessThan(2000);
});

test("an age that does not fit is refused with the path to it", async () => {
  const call = demo.check({ users: [ada, { name: "eve", age: 300 }], balabala });
  await expect(call).rejects.toBeInstanceOf(EncodeError);
  await expect(call).rejects.toMatchObject({ code: "ERR_ENCODE", path: "req.users[1].age" });
});

test("the program shows all of it, and ends by itself", async () => {
  const { stdout, stderr } = await execa(process.execPath, ["dist/main.js"], { cwd, timeout: 30_000 });
  expect(stderr).toBe("");
  for (const shown of [
    "{ pass: true }",
    "{ pass: false }",
    "Go heard of bob, 3",
    "EncodeError at req.users[1].age",
    "us (median)",
  ]) {
    expect(stdout).toContain(shown);
  }
});

test("the generated files are those of the interface", async () => {
  const { stdout } = await execa("ts2go", ["gen", "--check"], { cwd, preferLocal: true });
  expect(stdout).toBe("generated code is up to date");
});
