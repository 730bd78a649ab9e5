import { DecodeError, GoError, GoPanicError, Ts2goError } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import { deepEqual, equal, has, match, ok, rejection, upTo } from "../kit/checks.js";

/** Connect's and gRPC's codes, which are words like any other here. */
const CODES = [
  ...["canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists"],
  ...["permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range"],
  ...["unimplemented", "internal", "unavailable", "data_loss", "unauthenticated"],
];

/** A case of a Go error. */
const goError = (name: string, how: string, expected: object): Case => ({
  name,
  async run({ client }) {
    const error = await rejection(client.misbehave(how));
    ok(error instanceof GoError && error instanceof Ts2goError);
    has(error, { method: "Conformance.misbehave", ...expected });
  },
});

/** A case of a panic: that one call fails, with a stack, and those beside it do not. */
const panic = (name: string, how: string, message: RegExp, goType: RegExp): Case => ({
  name,
  async run({ client }) {
    const [error, beside] = await Promise.all([rejection(client.misbehave(how)), client.u8(5)]);
    ok(error instanceof GoPanicError);
    has(error, { code: "ERR_GO_PANIC", method: "Conformance.misbehave" });
    match(error.message, message);
    match(error.goType, goType);
    match(error.goStack, /main\./);
    equal(beside, 5);
  },
});

/** A case of a result that TypeScript cannot have. */
const refused = (
  name: string,
  call: (on: Parameters<Case["run"]>[0]) => Promise<unknown>,
  code: string,
  says: RegExp,
): Case => ({
  name,
  async run(on) {
    const error = await rejection(call(on));
    has(error, { code });
    match(error.message, says);
    equal(await on.client.u8(1), 1);
  },
});

export const errors: Group = {
  title: "Errors",
  cases: [
    {
      name: "an error rejects with its message, its type in Go, and the method",
      like: ["gRPC: status_code_and_message"],
      async run({ client }) {
        const error = await rejection(client.fail("no such user", ""));
        has(error, {
          name: "GoError",
          message: "no such user",
          code: "ERR_GO",
          goType: "*errors.errorString",
          method: "Conformance.fail",
        });
        ok(error instanceof Error);
      },
    },
    {
      name: "an error with a code of its own keeps it: each of Connect's 16",
      like: ["Errors: unary/canceled to unauthenticated (16 codes)"],
      async run({ client }) {
        const found = await Promise.all(CODES.map(async (code) => (await rejection(client.fail("m", code))).code));
        deepEqual(found, CODES);
      },
    },
    {
      name: "an empty code is none; any text can be one",
      like: ["Connect Error and End-Stream: error/null, null-code, missing-code, unrecognized-code"],
      async run({ client }) {
        equal((await rejection(client.fail("m", ""))).code, "ERR_GO");
        equal((await rejection(client.fail("m", "never heard of it: 世"))).code, "never heard of it: 世");
      },
    },
    {
      name: "an empty message",
      like: ["Connect Error and End-Stream: error/missing-message"],
      async run({ client }) {
        has(await rejection(client.misbehave("empty")), { name: "GoError", message: "" });
      },
    },
    {
      name: "a message in any script, of several lines, with control characters",
      like: ["Errors: unary/unicode-error-message"],
      async run({ client }) {
        for (const message of ["übel: 世界 🌍", "a\nb\r\n\tc", "\0\u0007"])
          equal((await rejection(client.fail(message, ""))).message, message);
      },
    },
    goError("an error beside a result: the error counts", "result and error", { message: "the result does not count" }),
    goError("a wrapped error has its whole message", "wrapped", {
      message: "reading the list: open /nowhere: file does not exist",
      goType: "*fmt.wrapError",
      code: "ERR_GO",
    }),
    goError("the code of a wrapped error is found", "wrapped code", {
      message: "while asking: no more",
      code: "QUOTA",
    }),
    goError("joined errors have both messages", "joined", {
      message: "the first\nthe second",
      goType: "*errors.joinError",
    }),
    goError("an error that is a value and no pointer", "value", { message: "9 used up", goType: "main.quotaError" }),
    goError("a message that is not UTF-8 is made so", "not UTF-8", { message: "ab\ufffdcd" }),
    goError("context.Canceled of a call that nobody has cancelled is an error like every other", "canceled", {
      message: "context canceled",
      code: "ERR_GO",
    }),
    {
      name: "the stack says who has called here",
      async run({ client }) {
        const error = await rejection(client.misbehave("error"));
        match(error.stack as string, /^GoError: an ordinary error/);
      },
    },
    panic("a panic with a string", "panic", /^panic in Go: a string$/, /^string$/),
    panic("a panic with an error", "panic with an error", /an error that was thrown/, /^\*main\.codedError$/),
    panic("a panic with any value", "panic with a value", /3 used up/, /^main\.quotaError$/),
    panic("a panic with nil", "panic with nil", /nil/, /^\*runtime\.PanicNilError$/),
    panic("a nil dereference", "nil dereference", /nil pointer dereference/, /^runtime\./),
    panic("an index out of range", "index", /index out of range/, /^runtime\./),
    panic("an assignment to a nil map", "nil map", /nil map/, /^runtime\./),
    panic("a division by zero", "division", /divide by zero/, /^runtime\./),
    {
      name: "the stack of a panic leads from where it was thrown to who has called",
      async run({ client }) {
        const error = (await rejection(client.misbehave("panic deep down"))) as unknown as GoPanicError;
        match(error.goStack.split("\n")[1] as string, /main\.deep/);
        match(error.stack as string, /^GoPanicError: panic in Go: deep down\n(.*\n)*.*failures\.go:\d+/);
      },
    },
    {
      name: "runtime.Goexit in a handler is a panic of that call, again and again",
      async run({ client }) {
        for (let i = 0; i < 20; i++) {
          const error = await rejection(client.misbehave("goexit"));
          has(error, { name: "GoPanicError" });
          match(error.message, /Goexit/);
        }
        equal(await client.u8(1), 1);
      },
    },
    {
      name: "100 panics and 100 answers at once do not mix",
      async run({ client }) {
        const results = await Promise.allSettled(
          upTo(200).map((i) => (i % 2 === 0 ? client.u32(i) : client.misbehave("panic"))),
        );
        results.forEach((result, i) => {
          if (i % 2 === 0) deepEqual(result, { status: "fulfilled", value: i });
          else has((result as PromiseRejectedResult).reason, { name: "GoPanicError" });
        });
      },
    },
    {
      name: "a write to a borrowed argument is a panic of that call, and says so",
      async run({ client }) {
        const error = await rejection(client.writeBorrowed({ name: "x", data: new Uint8Array(10), words: [] }));
        has(error, { name: "GoPanicError" });
        match(error.message, /borrowed request, which is read-only/);
        equal(await client.u8(1), 1);
      },
    },
    refused("a result that is not UTF-8", ({ client }) => client.invalidText(), "ERR_RESULT_REFUSED", /UTF-8/),
    refused(
      "a result that is no word of the union",
      ({ client }) => client.wrongColor(),
      "ERR_RESULT_REFUSED",
      /mauve/,
    ),
    refused(
      "a result that is no member of the enum",
      ({ client }) => client.wrongPriority(),
      "ERR_RESULT_REFUSED",
      /11/,
    ),
    refused(
      "a result that is a nil union of objects",
      ({ client }) => client.noShape(),
      "ERR_RESULT_REFUSED",
      /nil|Shape/,
    ),
    refused("a result that is a cycle", ({ client }) => client.cycle(), "ERR_RESULT_REFUSED", /cycle/),
    refused(
      "a result that is a date beyond JavaScript's",
      ({ client }) => client.farDate(),
      "ERR_RESULT_REFUSED",
      /date|Date|time/,
    ),
    {
      name: "a result that is an int beyond the safe integers is refused here",
      like: [
        "Connect Unexpected Responses: unexpected-error-body",
        "gRPC: resilience to buggy servers (postponed there)",
      ],
      async run({ client }) {
        const error = await rejection(client.unsafeInt());
        ok(error instanceof DecodeError);
        has(error, { code: "ERR_DECODE" });
        match(error.message, /safe integer/);
      },
    },
    {
      name: "1000 errors leave no body behind",
      async run({ client }) {
        await Promise.all(upTo(1000).map((i) => rejection(client.fail("x".repeat(i), "CODE"))));
      },
    },
  ],
};
