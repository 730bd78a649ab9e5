import { type Client, connect, DecodeError, GoError, GoPanicError, inspect, type Ts2goError } from "@x/ts2go";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Trouble, Trust } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

let trouble: Client<Trouble>;
const onewayErrors: Error[] = [];
beforeAll(async () => {
  trouble = await connect(Trouble, { onOnewayError: (error) => onewayErrors.push(error), stderr: "ignore" });
});
afterAll(() => trouble.close());

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error as Ts2goError,
  );

test("a Go error rejects with its message, type and method", async () => {
  const error = await rejection(trouble.fail("no such user", ""));
  expect(error).toBeInstanceOf(GoError);
  expect(error).toMatchObject({
    message: "no such user",
    goType: "*errors.errorString",
    code: "ERR_GO",
    method: "Trouble.fail",
  });
});

test("a Go error with a code keeps it", async () => {
  const error = await rejection(trouble.fail("quota used up", "QUOTA"));
  expect(error).toMatchObject({ name: "GoError", code: "QUOTA", goType: "*main.codedError" });
});

test("a wrapped Go error has its whole message", async () => {
  const error = await rejection(trouble.failWrapped());
  expect(error.message).toBe("reading the list: open /nowhere: file does not exist");
});

test("a panic rejects that one call, with Go's stack, and the others go on", async () => {
  const [error, others] = await Promise.all([
    rejection(trouble.panicInPlace()),
    Promise.all(Array.from({ length: 100 }, () => rejection(trouble.fail("expected", "")))),
  ]);
  expect(error).toBeInstanceOf(GoPanicError);
  expect(error).toMatchObject({ code: "ERR_GO_PANIC", goType: "*errors.errorString" });
  expect(error.message).toBe("panic in Go: deep down");
  expect((error as GoPanicError).goStack).toContain("main.deep");
  expect((error as GoPanicError).goStack.split("\n")[1]).toContain("main.deep");
  expect(error.stack).toContain("main.go:");
  expect(others.every((e) => e.message === "expected")).toBe(true);
});

test("a nil dereference is a panic of that call", async () => {
  const error = await rejection(trouble.nilDereference());
  expect(error).toBeInstanceOf(GoPanicError);
  expect(error.message).toContain("nil pointer dereference");
});

test("runtime.Goexit in a handler is a panic of that call, inline or not", async () => {
  for (let i = 0; i < 40; i++) {
    expect(await rejection(trouble.goexit())).toMatchObject({
      name: "GoPanicError",
      message: expect.stringContaining("Goexit"),
    });
  }
  expect(await rejection(trouble.fail("still here", ""))).toMatchObject({ message: "still here" });
});

test("a write to a borrowed request is a panic of that call, inline or not", async () => {
  for (let i = 0; i < 40; i++) {
    const error = await rejection(trouble.writeBorrowed({ name: "x", data: new Uint8Array(10) }));
    expect(error).toBeInstanceOf(GoPanicError);
    expect(error.message).toContain("fault");
  }
});

test("a result that TypeScript cannot have is refused: text that is not UTF-8", async () => {
  expect(await rejection(trouble.invalidText())).toMatchObject({
    code: "ERR_RESULT_REFUSED",
    message: expect.stringContaining("UTF-8"),
  });
});

test("a result that TypeScript cannot have is refused: an int beyond 2^53", async () => {
  const error = await rejection(trouble.unsafeInt());
  expect(error).toBeInstanceOf(DecodeError);
  expect(error.message).toContain("safe integer");
});

test("a result that is not in the union is refused", async () => {
  expect(await rejection(trouble.wrongColor())).toMatchObject({
    code: "ERR_RESULT_REFUSED",
    message: expect.stringContaining("mauve"),
  });
});

test("a result in a cycle is refused", async () => {
  expect(await rejection(trouble.cycle())).toMatchObject({
    code: "ERR_RESULT_REFUSED",
    message: expect.stringContaining("cycle"),
  });
});

test("a panic of a one-way call reaches the handler for those", async () => {
  trouble.onewayPanic("nobody waits for me");
  await until("the error", () => onewayErrors.length > 0);
  expect(onewayErrors[0]).toMatchObject({ name: "GoPanicError", message: "panic in Go: nobody waits for me" });
});

test("errors leave no body behind", async () => {
  await Promise.all(Array.from({ length: 1000 }, (_, i) => rejection(trouble.fail("x".repeat(i), ""))));
  expect(inspect(trouble).bodiesInUse).toBe(0);
});

test("an error of 10 MB arrives cut, not as a fault of its own", async () => {
  const error = await rejection(trouble.fail("y".repeat(10 << 20), ""));
  expect(error).toBeInstanceOf(GoError);
  expect(error.message.length).toBeLessThan(100_000);
});

test("two interfaces of one file share the worker's schema but not the client", async () => {
  await using trust = await connect(Trust);
  expect(await trust.add(1, 1)).toBe(2);
  expect(inspect(trust).pid).not.toBe(inspect(trouble).pid);
});
