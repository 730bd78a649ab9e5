import { GoError, inspect } from "@x/ts2go";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { client, planned, rejection, text, throwing } from "./src/failing.js";
import { until } from "./src/resources.js";

/** An error of TypeScript as a tree. */
interface Tree {
  kind: "Error" | "TypeError" | "RangeError" | "named" | "AggregateError" | "GoError";
  message: string;
  code: string;
  details: Record<string, unknown> | undefined;
  cause: Tree | undefined;
  errors: Tree[];
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, true, false, 0, -1.5, 1e300, 2 ** 53 - 1),
    fc.oneof(fc.bigInt(2n ** 53n, 2n ** 70n), fc.bigInt(-(2n ** 70n), -(2n ** 53n))),
    text,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const TOLD = ["name", "message", "code", "stack", "cause", "errors"];
const properties = fc
  .dictionary(
    text.filter((key) => !TOLD.includes(key)),
    json,
    { maxKeys: 3, noNullPrototype: true },
  )
  .map((all) => (Object.keys(all).length === 0 ? undefined : all));

function treeOf(level: number): fc.Arbitrary<Tree> {
  const below = level === 4 ? fc.constant(undefined) : fc.option(treeOf(level + 1), { nil: undefined });
  return fc.record({
    kind: fc.constantFrom("Error", "TypeError", "RangeError", "named", "AggregateError", "GoError"),
    message: text,
    code: fc.constantFrom("", "E_ONE", "ERR_GO"),
    details: properties,
    cause: below,
    errors: level === 4 ? fc.constant([]) : fc.array(treeOf(level + 1), { maxLength: 2 }),
  }) as fc.Arbitrary<Tree>;
}

const size = ({ cause, errors }: Tree): number =>
  1 + (cause === undefined ? 0 : size(cause)) + errors.reduce((n, error) => n + size(error), 0);
const tree = treeOf(1).filter((t) => size(t) <= 28);

function made({ kind, message, code, details, cause, errors }: Tree): Error {
  const parts = errors.map(made);
  const options = cause === undefined ? undefined : { cause: made(cause) };
  if (kind === "GoError") {
    return new GoError(message, "*main.other", code, "Some.method", { details, cause: options?.cause, errors: parts });
  }
  const classes = { Error, TypeError, RangeError, named: Error };
  const error =
    kind === "AggregateError" ? new AggregateError(parts, message, options) : new classes[kind](message, options);
  if (kind === "named") error.name = "NamedError";
  if (code !== "") Object.assign(error, { code });
  for (const [key, value] of Object.entries(details ?? {})) {
    Object.defineProperty(error, key, { value, enumerable: true });
  }
  return error;
}

/** What Go makes of it, as JSON. Numbers beyond 2^53 lose their digits here, on both sides. */
function inGo(error: Error, tree: Tree, method: string): unknown {
  const errors = (error as { errors?: Error[] }).errors ?? [];
  const isGo = tree.kind === "GoError";
  return {
    Name: error.name,
    Message: error.message,
    Code: isGo && tree.code === "" ? "ERR_GO" : tree.code,
    Stack: error.stack,
    Method: method,
    GoType: isGo ? "*main.other" : "",
    Details: tree.details === undefined ? null : JSON.parse(planned(tree.details as never)),
    Cause: tree.cause === undefined ? null : inGo(error.cause as Error, tree.cause, ""),
    Errors:
      tree.kind === "AggregateError" || isGo
        ? tree.errors.length === 0
          ? null
          : tree.errors.map((part, i) => inGo(errors[i] as Error, part, ""))
        : null,
  };
}

/** The error that comes back has to be as the one that was thrown. */
function expectSame(back: unknown, was: Error, tree: Tree): void {
  const isGo = tree.kind === "GoError";
  expect(back).toBeInstanceOf(Error);
  expect(back).toBeInstanceOf(was.constructor);
  const error = back as GoError;
  expect(error.name).toBe(was.name);
  expect(error.message).toBe(was.message);
  expect(error.code).toBe(tree.code === "" && isGo ? firstCode(tree) : tree.code === "" ? undefined : tree.code);
  if (isGo) {
    expect(error.goType).toBe("*main.other");
    expect(error.details).toEqual(tree.details);
  } else {
    expect(error.stack).toBe(was.stack);
    const properties = Object.fromEntries(Object.entries(error).filter(([key]) => key !== "code"));
    expect(properties).toEqual(tree.details ?? {});
  }
  if (tree.cause === undefined) expect("cause" in error).toBe(false);
  else expectSame(error.cause, was.cause as Error, tree.cause);
  const parts = isGo || tree.kind === "AggregateError" ? tree.errors : [];
  if (parts.length > 0) expect(error.errors?.length).toBe(parts.length);
  for (const [i, part] of parts.entries()) {
    expectSame(error.errors?.[i], (was as AggregateError).errors[i], part);
  }
}

const firstCode = ({ code }: Tree): string => (code === "" ? "ERR_GO" : code);

describe("an error of TypeScript", () => {
  test("is in Go with all that it wraps: random trees", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (t) => {
        const error = made(t);
        const got = JSON.parse(await throwing(error, (name) => client.look(name)));
        expect(got).toEqual(inGo(error, t, "Thrower.raise"));
      }),
      { numRuns: 300 },
    );
  });

  test("comes back through Go, as the cause of what Go made of it: random trees", async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.nat({ max: 3 }), async (t, wraps) => {
        const was = made(t);
        let error: unknown = await throwing(was, (name) => rejection(client.relay(name, wraps)));
        for (let i = wraps - 1; i >= 0; i--) {
          expect(error).toMatchObject({ name: "GoError", goType: "*fmt.wrapError" });
          expect((error as Error).message).toMatch(`wrap ${i}: `);
          error = (error as Error).cause;
        }
        const said = t.kind === "Error" ? t.message : `${was.name}: ${t.message}`;
        expect(error).toMatchObject({ name: "GoError", message: `Thrower.raise: ${said}` });
        if (t.kind === "GoError") {
          expect(error).toMatchObject({ goType: "*main.other", code: firstCode(t) });
          expect((error as GoError).details).toEqual(t.details);
          return;
        }
        expect(error).toMatchObject({ goType: "*ts2go.NodeError" });
        expectSame((error as Error).cause, was, t);
      }),
      { numRuns: 300 },
    );
  });

  const circle = new Error("circle", { cause: new Error("inner") });
  (circle.cause as Error).cause = circle;
  const deep = Array.from({ length: 100 }).reduce<Error>(
    (cause, _, i) => new Error(`level ${i}`, { cause }),
    new Error("bottom"),
  );
  const throws = () => {
    throw new Error("no");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const getter = (key: string) => Object.defineProperty(new Error("got"), key, { get: throws, enumerable: true });
  const looped: Record<string, unknown> = {};
  looped.self = looped;
  test.each<[string, unknown, object]>([
    ["a circle", circle, { Message: "circle", Cause: expect.objectContaining({ Message: "inner", Cause: null }) }],
    ["a getter of its cause", getter("cause"), { Message: "got", Cause: null }],
    ["a getter of its errors", getter("errors"), { Message: "got", Errors: null }],
    ["a getter of its code", getter("code"), { Message: "got", Code: "" }],
    ["a getter of another property", Object.assign(getter("other"), { n: 1 }), { Details: { n: 1 } }],
    ["half a surrogate", new Error("half \ud800", { cause: new Error("\udc00") }), { Message: "half \ufffd" }],
    [
      "half a surrogate in its details",
      Object.assign(new Error("x"), { "\ud800": "\ud800" }),
      { Details: { "\ud800": "\ud800" } },
    ],
    ["a circle in its details", Object.assign(new Error("x"), { looped, n: 1 }), { Details: { n: 1 } }],
    ["functions and symbols", Object.assign(new Error("x"), { f() {}, s: Symbol("s") }), { Details: null }],
    ["a large property", Object.assign(new Error("x"), { large: "x".repeat(1e6), n: 1 }), { Details: { n: 1 } }],
    ["an endless list", Object.assign(new Error("x"), { list: new Array(1e6).fill(0), n: 1 }), { Details: { n: 1 } }],
    [
      "bytes",
      Object.assign(new Error("x"), { a: Buffer.alloc(1e8), b: new Uint8Array(1e8), n: 1 }),
      { Details: { n: 1 } },
    ],
    [
      "too many properties",
      Object.assign(new Error("x"), Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, i]))),
      { Details: null },
    ],
    [
      "a toJSON that throws",
      Object.assign(new Error("x"), { bad: { toJSON: throws }, at: new Date(0) }),
      { Details: { at: "1970-01-01T00:00:00.000Z" } },
    ],
    [
      "__proto__ as a property",
      Object.defineProperty(new Error("x"), "__proto__", { value: 7, enumerable: true }),
      { Details: JSON.parse('{"__proto__":7}') },
    ],
    [
      "a cause that is no error",
      new Error("x", { cause: "a string" }),
      { Cause: expect.objectContaining({ Name: "", Message: "a string" }) },
    ],
    ["a cause that is nothing", new Error("x", { cause: null }), { Cause: null }],
    ["errors that are no list", Object.assign(new Error("x"), { errors: { length: 3 } }), { Errors: null }],
    [
      "a list that throws",
      Object.assign(new Error("x"), { errors: new Proxy([1, 2], { get: throws }) }),
      { Errors: null },
    ],
    ["a proxy that is revoked", revoked.proxy, { Name: "", Message: "" }],
    ["a cause that is a revoked proxy", new Error("x", { cause: revoked.proxy }), { Message: "x" }],
    [
      "huge texts",
      new Error("é".repeat(1e6), { cause: new Error("y".repeat(1e6)) }),
      { Message: `${"é".repeat(16_384)}…` },
    ],
  ])("is in Go though it has %s", async (_, what, inGo) => {
    expect(JSON.parse(await throwing(what, (name) => client.look(name)))).toMatchObject(inGo);
    expect(await throwing(what, (name) => rejection(client.relay(name, 1)))).toBeInstanceOf(GoError);
  });

  test("of too many parts, or too deep, is cut; all its texts together too", async () => {
    const parts = Array.from({ length: 100 }, (_, i) => new Error(`${i} ${"z".repeat(10_000)}`));
    const many = JSON.parse(await throwing(new AggregateError(parts, "many"), (name) => client.look(name)));
    expect(many.Errors.length).toBe(31);
    expect(JSON.stringify(many).length).toBeLessThan(80_000);
    let levels = 0;
    for (let e = JSON.parse(await throwing(deep, (name) => client.look(name))); e !== null; e = e.Cause) levels++;
    expect(levels).toBe(16);
    await until("no body", () => inspect(client).bodiesInUse === 0);
  });
});
