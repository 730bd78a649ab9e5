import { GoError, GoPanicError } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import type { Failure } from "../conformance.js";
import { deepEqual, equal, from, has, match, ok, rejection, thrown, upTo } from "../kit/checks.js";
import { causeOf, failure, NOT_FOUND, notFound } from "../kit/failures.js";

/** A case of what an error of Go is here. */
const arrives = (name: string, what: Failure, expected: object): Case => ({
  name,
  async run({ client }) {
    const error = await rejection(client.failWith(what));
    ok(error instanceof GoError);
    has(error, expected);
  },
});

export const details: Group = {
  title: "Details of errors",
  cases: [
    {
      ...arrives(
        "the exported fields of an error, by their names in JSON, with its type and its code",
        notFound(),
        NOT_FOUND,
      ),
      like: ["Connect Error and End-Stream: error/allow-unrecognized-fields, details (4)"],
    },
    arrives("a whole number beyond 2^53 is a bigint", failure("limit", "", -1n), {
      details: { Limit: 2n ** 64n - 1n },
    }),
    arrives("an error that has its own idea of JSON", failure("year", "", 1984n), {
      goType: "*main.yearError",
      details: 1984,
    }),
    arrives("an error without fields has no details, no cause and no errors", failure("plain", "nothing more"), {
      message: "nothing more",
      details: undefined,
      cause: undefined,
      errors: undefined,
    }),
    {
      name: "what an error wraps is its cause, and what that wraps the next",
      async run({ client }) {
        const error = await rejection(
          client.failWith(failure("wrap", "reading", 0n, notFound(7n, "/here", failure("plain", "no disk")))),
        );
        has(error, { message: "reading: 7 is not at /here", goType: "*fmt.wrapError" });
        const cause = causeOf(error);
        has(cause, NOT_FOUND);
        has(causeOf(cause), { message: "no disk", goType: "*errors.errorString", cause: undefined });
      },
    },
    {
      name: "a field that holds an error is null, and the cause tells of it",
      async run({ client }) {
        const error = await rejection(client.failWith(failure("step", "reading", 0n, notFound())));
        has(error, { details: { Step: "reading", Err: null }, message: "reading: 7 is not at /here" });
        has(causeOf(error), NOT_FOUND);
      },
    },
    {
      name: "an error of the standard library: *fs.PathError, with its sentinel",
      async run({ client }) {
        const error = await rejection(client.failWith(failure("path", "/nowhere")));
        has(error, { goType: "*fs.PathError", details: { Op: "open", Path: "/nowhere", Err: null } });
        equal(causeOf(error).message, "file does not exist");
      },
    },
    {
      name: "what errors.Join joins are its errors, in their order",
      async run({ client }) {
        const error = (await rejection(
          client.failWith(failure("join", "", 0n, failure("plain", "one"), notFound(), failure("plain", "two"))),
        )) as unknown as GoError;
        has(error, { goType: "*errors.joinError", cause: undefined });
        deepEqual(
          error.errors?.map(({ message }) => message),
          ["one", "7 is not at /here", "two"],
        );
        has(error.errors?.[1], NOT_FOUND);
      },
    },
    {
      name: "fmt.Errorf with two %w joins, too, and has the first code that one of them has",
      async run({ client }) {
        const error = await rejection(
          client.failWith(failure("wrap both", "", 0n, failure("plain", "one"), notFound())),
        );
        has(error, { goType: "*fmt.wrapErrors", message: "one and 7 is not at /here", code: "NOT_FOUND" });
        equal((error as unknown as GoError).errors?.length, 2);
      },
    },
    {
      name: "GoError.find finds an error by its type, however deep, as errors.As does",
      async run({ client }) {
        const deep = failure(
          "wrap",
          "a",
          0n,
          failure("join", "", 0n, failure("limit", "", 3n), failure("wrap", "b", 0n, notFound())),
        );
        const error = await rejection(client.failWith(deep));
        const found = GoError.find<{ id: number }>(error, "main.notFoundError");
        equal(found?.details.id, 7);
        equal(GoError.find(error, "*main.notFoundError"), found);
        has(GoError.find(error, "main.limitError"), { details: { Limit: 3 } });
        equal(GoError.find(error, "*main.stepError"), undefined);
      },
    },
    {
      name: "GoError.find looks through errors of TypeScript, and ends in a circle",
      async run({ client }) {
        const error = await rejection(client.failWith(notFound()));
        const around = new AggregateError([new Error("x"), new Error("y", { cause: error })]);
        equal(GoError.find(around, "main.notFoundError"), error);
        const circle = new Error("circle");
        circle.cause = new AggregateError([circle]);
        for (const none of [circle, "no error", undefined]) equal(GoError.find(none, "main.notFoundError"), undefined);
      },
    },
    {
      name: "the error of a stream has them, behind the items",
      like: ["Connect Error and End-Stream: end-stream/allow-unrecognized-fields, details (3)"],
      async run({ client }) {
        for (const n of [0, 1, 100]) {
          const items: number[] = [];
          const reading = (async () => {
            for await (const item of client.failingWith(n, failure("step", "reading", 0n, notFound())))
              items.push(item);
          })();
          const error = await rejection(reading);
          has(error, { details: { Step: "reading", Err: null } });
          has(causeOf(error), NOT_FOUND);
          deepEqual(items, upTo(n));
        }
      },
    },
    {
      name: "the error of a call that takes a stream has them",
      async run({ client }) {
        has(await rejection(client.failTakingWith(from([1, 2, 3]), notFound())), NOT_FOUND);
      },
    },
    {
      name: "an error that Go panics with is the cause of the GoPanicError",
      async run({ client }) {
        const error = await rejection(client.panicWith(notFound()));
        ok(error instanceof GoPanicError);
        has(error, { message: "panic in Go: 7 is not at /here", goType: "*main.notFoundError" });
        has(causeOf(error), NOT_FOUND);
      },
    },
    {
      name: "a sync call throws them",
      async run({ client }) {
        await client.nothing();
        has(
          thrown(() => client.sync.failWith(notFound())),
          NOT_FOUND,
        );
      },
    },
    {
      name: "details of 16,000 bytes arrive, and of 20,000 the error without them",
      async run({ client }) {
        const details = { Text: "x".repeat(16_000) };
        has(await rejection(client.failWith(failure("chatty", "", 16_000n))), { message: "chatty", details });
        has(await rejection(client.failWith(failure("chatty", "", 20_000n))), {
          message: "chatty",
          details: undefined,
        });
      },
    },
    {
      name: "of a chain of 100 errors 16 arrive, and of one that wraps itself",
      async run({ client }) {
        for (const what of [failure("deep", "", 100n), failure("endless")]) {
          let levels = 0;
          for (let e: unknown = await rejection(client.failWith(what)); e !== undefined; e = (e as Error).cause)
            levels++;
          equal(levels, 16, what.kind);
        }
      },
    },
    {
      name: "of 100 joined errors 31 arrive, 32 in all",
      async run({ client }) {
        const error = (await rejection(client.failWith(failure("many", "", 100n)))) as unknown as GoError;
        deepEqual(
          error.errors?.map(({ message }) => message),
          upTo(31).map((i) => `part ${i}`),
        );
        match(error.message, /part 99$/);
      },
    },
    arrives("an error that panics when it is asked for its code, its cause and its JSON", failure("grumpy"), {
      message: "grumpy",
      goType: "*main.grumpyError",
      details: undefined,
      cause: undefined,
    }),
    {
      name: "1000 errors at once with all that they wrap do not mix",
      async run({ client }) {
        const what = (i: number) => failure("wrap", `${i}`, 0n, notFound(BigInt(i), `/${i}`));
        const errors = await Promise.all(upTo(1000).map((i) => rejection(client.failWith(what(i)))));
        errors.forEach((error, i) => {
          equal(error.message, `${i}: ${i} is not at /${i}`);
          has(causeOf(error), { details: { id: i, Path: `/${i}`, Tags: ["a", "b"] } });
        });
      },
    },
  ],
};
