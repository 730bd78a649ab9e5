import { connect, GoError, GoPanicError } from "@x/ts2go";
import { describe, expect, test } from "vitest";
import { client, failWith, planned, rejection, throwing, thrown } from "./src/failing.js";
import { Streams } from "./src/gen/trust.js";

describe("the stack", () => {
  test("of a rejection shows who awaits the call, through what is between", async () => {
    async function inner() {
      await client.fail(planned({ Kind: "gone" }));
    }
    async function outer() {
      await Promise.all([inner()]);
    }
    const { stack } = await rejection(outer());
    expect(stack).toMatch(/^GoError: gone\n {4}at Failures\.fail \(in Go\)\n.*inner.*traces\.test\.ts/);
    expect(stack).toMatch(/\n.*Promise\.all.*\n.*outer/);
    expect(stack).not.toContain("/bridge/");
  });

  test("of a panic has Go's frames, then the caller's", async () => {
    async function caller() {
      await client.nest(0);
    }
    const error = (await rejection(caller())) as GoPanicError;
    expect(error.stack).toMatch(
      /^GoPanicError: panic in Go: the bottom\n {4}at main\.bottom \(.*\/errors\.go:\d+\)\n {4}at main\.failures\.Nest \(.*\/errors\.go:\d+\)\n[\s\S]*\n {4}at Failures\.nest \(in Go\)\n.*caller/,
    );
    expect(error.stack).not.toContain("ts2go.(*Call)");
    expect(error.goStack).toMatch(/^goroutine \d+ \[running\]:\nmain\.bottom/);
    expect(Object.keys(error)).not.toContain("goStack");
  });

  test("of a panic in a call of a callback of a call shows all of them, in order", async () => {
    async function innermost() {
      await client.nest(0);
    }
    async function middle() {
      await client.nest(1);
    }
    async function outermost() {
      await client.nest(2);
    }
    thrown.set("nest 1", innermost);
    thrown.set("nest 2", middle);
    const error = await rejection(outermost());
    const places = [
      "main.bottom",
      "Failures.nest (in Go)",
      "innermost",
      "Failures.nest (in Go)",
      "middle",
      "Failures.nest (in Go)",
      "outermost",
    ];
    let at = 0;
    for (const place of places) {
      at = (error.stack as string).indexOf(place, at);
      expect(at, `${place} in ${error.stack}`).toBeGreaterThan(0);
    }
    // And each by itself, as causes.
    const names: string[] = [];
    for (let cause: unknown = error; cause !== undefined; cause = (cause as Error).cause)
      names.push((cause as Error).name);
    // An error of Go that goes to Go and back is one error all the time.
    expect(names).toEqual(["GoError", "GoPanicError"]);
  });

  test("of a panic with an error of TypeScript has that as its cause", async () => {
    const was = Object.assign(new TypeError("mine"), { n: 1 });
    const error = await throwing(was, (name) => rejection(client.panicWith(name)));
    expect(error).toBeInstanceOf(GoPanicError);
    expect(error.cause).toMatchObject({ name: "GoError", goType: "*ts2go.NodeError" });
    expect((error.cause as Error).cause).toMatchObject({ name: "TypeError", message: "mine", n: 1, stack: was.stack });
    const panicked = await rejection(client.panic(planned({ Kind: "notFound", ID: 3n })));
    expect(GoError.find<{ id: number }>(panicked, "main.notFound")?.details.id).toBe(3);
  });

  test("may be made by the program, of whatever kind", async () => {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) => ({ sites });
    try {
      expect(await failWith({ Kind: "gone" })).toMatchObject({ goType: "main.gone" });
      const error = await throwing(new Error("x"), (name) => rejection(client.relay(name, 1)));
      expect(error.message).toBe("wrap 0: Thrower.raise: x");
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  test("of a stream shows who reads it", async () => {
    const streams = await connect(Streams);
    async function reader() {
      for await (const _ of streams.failing(3, "no more"));
    }
    const { stack } = await rejection(reader());
    expect(stack).toMatch(/^GoError: no more\n {4}at Streams\.failing \(in Go\)\n.*reader/);
    await streams.close();
  });

  test("of a sync call shows who made it", () => {
    function caller() {
      client.sync.fail(planned({ Kind: "gone" }));
    }
    expect(caller).toThrow(
      expect.objectContaining({ stack: expect.stringMatching(/at Failures\.fail \(in Go\)\n[\s\S]*caller/) }),
    );
  });
});
