import { GoError } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import { deepEqual, equal, has, match, ok, rejection } from "../kit/checks.js";
import { causeOf, failure, NOT_FOUND, notFound } from "../kit/failures.js";
import type { Ground } from "../kit/ground.js";

/** Lets `Host.misbehave` throw `what`, or what a function of it throws. */
const throwing = (on: Ground, what: unknown) =>
  on.host({
    misbehave: async () => {
      throw typeof what === "function" ? await what() : what;
    },
  });

/** A `*ts2go.NodeError` as Go's JSON has it. */
interface InGo {
  Name: string;
  Message: string;
  Code: string;
  Stack: string;
  Details: unknown;
  Cause: InGo | null;
  Errors: InGo[] | null;
}

async function inGo(on: Ground, what: unknown): Promise<InGo> {
  throwing(on, what);
  return JSON.parse(await on.client.lookThrough("")) as InGo;
}

/** A case of what Go finds of an error of its own that has come through TypeScript. */
const found = (name: string, again: (error: Error) => unknown): Case => ({
  name,
  async run(on) {
    throwing(on, async () => again(await rejection(on.client.failWith(notFound(2n ** 60n, "/far")))));
    deepEqual(await on.client.find(""), [`*main.notFoundError ${2n ** 60n} /far [a b]`]);
  },
});

const throws = () => {
  throw new Error("a getter's own");
};

export const errorsBack: Group = {
  title: "Errors through both sides",
  cases: [
    found("an error of Go that TypeScript throws again is found by errors.As, with its fields", (error) => error),
    found("so is one that is the cause of an error of TypeScript", (error) => new Error("around", { cause: error })),
    found(
      "so is one among others in an AggregateError",
      (error) => new AggregateError([new TypeError("x"), error], "all"),
    ),
    found("so is one that is the cause of what is no Error", (cause) => ({ message: "no Error", cause: { cause } })),
    {
      name: "each of a chain is found: of values, with their own JSON, of the standard library",
      async run(on) {
        const parts = [
          failure("limit", "", -1n),
          failure("year", "", 1984n),
          failure("path", "/nowhere"),
          failure("canceled"),
        ];
        const chain = failure("join", "", 0n, failure("step", "first", 0n, notFound()), ...parts);
        throwing(on, () => rejection(on.client.failWith(chain)));
        deepEqual(await on.client.find(""), [
          "*main.notFoundError 7 /here [a b]",
          "*main.stepError first",
          `main.limitError ${2n ** 64n - 1n}`,
          "*main.yearError 1984",
          "*fs.PathError open /nowhere",
          "context.Canceled",
        ]);
      },
    },
    {
      name: "an error that was never Go's is found as none of its types",
      async run(on) {
        throwing(on, Object.assign(new Error("7 is not at /here"), { code: "NOT_FOUND", id: 7 }));
        deepEqual(await on.client.find(""), []);
      },
    },
    {
      name: "Go sees name, message, code, stack and properties of an error of TypeScript",
      async run(on) {
        const error = Object.assign(new RangeError("too far"), {
          code: "E_FAR",
          limit: 10,
          big: 2n ** 60n,
          list: ["a"],
        });
        const seen = await inGo(on, error);
        has(seen, { Name: "RangeError", Message: "too far", Code: "E_FAR", Cause: null, Errors: null });
        deepEqual(seen.Details, { limit: 10, big: Number(2n ** 60n), list: ["a"] });
        equal(seen.Stack, error.stack);
      },
    },
    {
      name: "Go sees causes, and the errors of an AggregateError",
      async run(on) {
        const seen = await inGo(
          on,
          new AggregateError([new TypeError("one"), new Error("two", { cause: new SyntaxError("three") })], "all"),
        );
        deepEqual(
          seen.Errors?.map(({ Name, Message }) => [Name, Message]),
          [
            ["TypeError", "one"],
            ["Error", "two"],
          ],
        );
        has(seen.Errors?.[1]?.Cause, { Name: "SyntaxError", Message: "three", Cause: null });
      },
    },
    {
      name: "an error of TypeScript that Go hands on is the cause, as it was thrown: class, message, code, stack, properties",
      async run(on) {
        const thrown = Object.assign(new RangeError("too far"), { code: "E_FAR", limit: 10 });
        throwing(on, thrown);
        const error = await rejection(on.client.relay("", 0));
        has(error, {
          name: "GoError",
          goType: "*ts2go.NodeError",
          message: "Host.misbehave: RangeError: too far",
          code: "E_FAR",
        });
        const cause = error.cause as typeof thrown;
        ok(cause instanceof RangeError && cause !== thrown);
        has(cause, { message: "too far", code: "E_FAR", limit: 10, stack: thrown.stack as string });
      },
    },
    {
      name: "behind all that Go has wrapped it in",
      async run(on) {
        throwing(on, new TypeError("the bottom", { cause: new SyntaxError("below it") }));
        const error = await rejection(on.client.relay("", 2));
        match(error.message, /^wrap 1: wrap 0: /);
        const inner = causeOf(error);
        match(inner.message, /^wrap 0: /);
        const bottom = causeOf(inner).cause as Error;
        ok(bottom instanceof TypeError && bottom.cause instanceof SyntaxError);
        equal(bottom.cause.message, "below it");
      },
    },
    {
      name: "an AggregateError comes back as one, with its errors",
      async run(on) {
        throwing(on, new AggregateError([new TypeError("one"), new RangeError("two")], "all"));
        const all = (await rejection(on.client.relay("", 0))).cause as AggregateError;
        ok(all instanceof AggregateError);
        ok(all.errors[0] instanceof TypeError && all.errors[1] instanceof RangeError);
      },
    },
    {
      name: "an error of Go is itself again behind Go, TypeScript and Go",
      async run(on) {
        throwing(on, async () => new Error("here", { cause: await rejection(on.client.failWith(notFound())) }));
        const error = await rejection(on.client.relay("", 1));
        const again = GoError.find(error, "main.notFoundError");
        has(again, NOT_FOUND);
      },
    },
    {
      name: "a circle of causes ends",
      async run(on) {
        const circle = new Error("circle", { cause: new Error("inner") });
        (circle.cause as Error).cause = circle;
        has((await inGo(on, circle)).Cause, { Message: "inner", Cause: null });
      },
    },
    {
      name: "getters that throw, and a proxy that is revoked, are left out",
      async run(on) {
        const hostile = new Error("hostile");
        for (const key of ["cause", "code", "errors", "other"]) {
          Object.defineProperty(hostile, key, { get: throws, enumerable: true });
        }
        has(await inGo(on, Object.assign(hostile, { n: 1 })), {
          Message: "hostile",
          Code: "",
          Cause: null,
          Errors: null,
          Details: { n: 1 },
        });
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        equal((await inGo(on, proxy)).Message, "");
      },
    },
    {
      name: "half a surrogate is replaced, and what is too much is cut",
      async run(on) {
        equal((await inGo(on, new Error("half \ud800"))).Message, "half \ufffd");
        equal((await inGo(on, new Error("é".repeat(1e6)))).Message, `${"é".repeat(16_384)}…`);
        deepEqual((await inGo(on, Object.assign(new Error("x"), { large: "x".repeat(1e6), n: 1 }))).Details, { n: 1 });
      },
    },
    {
      name: "of a chain of 100 causes 16 are in Go, and of 100 errors 31",
      async run(on) {
        let chain = new Error("the bottom");
        for (let i = 0; i < 99; i++) chain = new Error(`level ${i}`, { cause: chain });
        let levels = 0;
        for (let e: InGo | null = await inGo(on, chain); e !== null; e = e.Cause) levels++;
        equal(levels, 16);
        const many = new AggregateError(Array.from({ length: 100 }, (_, i) => new Error(`${i}`)));
        equal((await inGo(on, many)).Errors?.length, 31);
      },
    },
  ],
};
