import { type Client, connect, GoError, GoPanicError, inspect, type Ts2goError } from "@x/ts2go";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Failures, Streams, Thrower } from "./src/gen/trust.js";
import { until } from "./src/resources.js";

/** What Go makes an error of: see errors.go. */
interface Plan {
  Kind: string;
  Text?: string;
  ID?: bigint;
  Cause?: Plan;
  Parts?: Plan[];
}

let client: Client<Failures>;
/** What `Thrower.raise` throws, by id; a function is called, to throw. */
const thrown = new Map<string, unknown>();
beforeAll(async () => {
  const raise = async (id: string): Promise<void> => {
    const what = thrown.get(id);
    if (typeof what === "function") return await what();
    throw what;
  };
  client = await connect(Failures, { provide: [Thrower.with({ raise })] });
});
afterAll(() => client.close());

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error as Ts2goError,
  );

const planned = (plan: Plan) =>
  JSON.stringify(plan, (_, v) => (typeof v === "bigint" ? `<${v}>` : v)).replace(/"<(-?\d+)>"/g, "$1");
const failWith = (plan: Plan) => rejection(client.fail(planned(plan))) as Promise<GoError>;

/** Throws `what` to Go under a name of its own, and makes `call` with that. */
async function throwing<T>(what: unknown, call: (id: string) => Promise<T>): Promise<T> {
  const id = `${thrown.size} ${Math.random()}`;
  thrown.set(id, what);
  try {
    return await call(id);
  } finally {
    thrown.delete(id);
  }
}

const text = fc.string({ unit: "binary", maxLength: 12 }).filter((s) => s.isWellFormed());
const id = fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(-9n, 9n));

/** Trees of at most 5 levels. */
function planOf(level: number): fc.Arbitrary<Plan> {
  const leaf: fc.Arbitrary<Plan> = fc.record({
    Kind: fc.constantFrom(
      "text",
      "notFound",
      "quota",
      "gone",
      "missing",
      "dated",
      "hidden",
      "path",
      "canceled",
      "deadline",
    ),
    Text: text,
    ID: id,
  });
  if (level === 5) return leaf;
  const below = planOf(level + 1);
  return fc.oneof(
    leaf,
    fc.record({ Kind: fc.constantFrom("wrap", "step", "notFound"), Text: text, ID: id, Cause: below }),
    fc.record({
      Kind: fc.constantFrom("join", "both"),
      Parts: fc.array(below, { minLength: 2, maxLength: level < 3 ? 3 : 2 }),
    }),
  );
}

const count = (plan: Plan): number =>
  1 + (plan.Kind === "path" ? 1 : 0) + [plan.Cause ?? [], plan.Parts ?? []].flat().reduce((n, p) => n + count(p), 0);
const plan = planOf(1).filter((p) => count(p) <= 32);

/** What a plan is in TypeScript: everything that can be seen of it. */
interface Seen {
  message: string;
  goType: string;
  code: string;
  details: unknown;
  cause: Seen | undefined;
  errors: Seen[] | undefined;
}

const number = (n: number) => (Number.isInteger(n) && !Number.isSafeInteger(n) ? BigInt(String(n)) : n);
const whole = (n: bigint) => (Number.isSafeInteger(Number(n)) ? Number(n) : n);

function expected({ Kind, Text = "", ID = 0n, Cause, Parts = [] }: Plan): Seen {
  let cause = Cause && expected(Cause);
  const parts = (Kind === "both" ? Parts.slice(0, 2) : Parts).map(expected);
  const said = cause?.message ?? "";
  const of = (goType: string, message: string, details?: unknown, code = ""): Seen => ({
    message,
    goType,
    code:
      [code, cause?.code, ...parts.map((part) => part.code)].find((c) => c !== undefined && !/^(ERR_GO)?$/.test(c)) ??
      "ERR_GO",
    details,
    cause,
    errors: parts.length > 0 ? parts : undefined,
  });
  switch (Kind) {
    case "notFound": {
      const details = { id: whole(ID), Tags: [Text, "b"], Ratio: number(Number(ID) / 8) };
      return of(
        "*main.notFound",
        `${ID} is not found: ${Text}`,
        Text === "" ? details : { ...details, text: Text },
        "NOT_FOUND",
      );
    }
    case "quota": {
      const limit = BigInt.asUintN(64, ID);
      return of("main.quota", `more than ${limit}`, { Limit: whole(limit) });
    }
    case "gone":
      return of("main.gone", "gone", {});
    case "missing":
      return of("main.missing", `no ${Text}`, Text);
    case "dated":
      return of("*main.dated", `in ${ID}`, whole(ID));
    case "hidden":
      return of("*main.hidden", Text);
    case "step":
      return of("*main.step", `${Text}: ${said}`, { Step: Text, Err: null });
    case "wrap":
      return of("*fmt.wrapError", `${Text}: ${said}`);
    case "join":
      return of("*errors.joinError", parts.map((part) => part.message).join("\n"));
    case "both":
      return of("*fmt.wrapErrors", `${parts[0]?.message} and ${parts[1]?.message}`);
    case "path":
      cause = expected({ Kind: "text", Text: "file does not exist" });
      return of("*fs.PathError", `open ${Text}: file does not exist`, { Op: "open", Path: Text, Err: null });
    case "canceled":
      return of("*errors.errorString", "context canceled");
    case "deadline":
      return of("context.deadlineExceededError", "context deadline exceeded", {});
    default:
      return of("*errors.errorString", Text);
  }
}

function seen(error: unknown): Seen {
  expect(error).toBeInstanceOf(GoError);
  const { message, goType, code, details, cause, errors } = error as GoError;
  return {
    message,
    goType,
    code,
    details,
    cause: cause === undefined ? undefined : seen(cause),
    errors: errors?.map(seen),
  };
}

describe("an error of Go", () => {
  test("arrives with all that it wraps: random trees", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (p) => {
        expect(seen(await failWith(p))).toEqual(expected(p));
      }),
      { numRuns: 300 },
    );
  });

  test("that TypeScript throws again, or wraps, is found by errors.As as what it was: random trees", async () => {
    const ways: ((error: Error) => unknown)[] = [
      (error) => error,
      (error) => new Error("wrapped", { cause: error }),
      (error) => new AggregateError([new TypeError("another"), error], "joined"),
      (error) => ({ message: "no Error", cause: { cause: error } }),
    ];
    await fc.assert(
      fc.asyncProperty(plan, fc.constantFrom(...ways), async (p, way) => {
        const again = async () => {
          throw way(await failWith(p));
        };
        expect(await throwing(again, (name) => client.compare(name, planned(p)))).toBe("");
      }),
      { numRuns: 300 },
    );
  });

  test("is found by its type, however deep", async () => {
    const deep: Plan = {
      Kind: "wrap",
      Cause: { Kind: "join", Parts: [{ Kind: "gone" }, { Kind: "wrap", Cause: { Kind: "notFound", ID: 7n } }] },
    };
    const error = await failWith(deep);
    const found = GoError.find<{ id: number }>(error, "main.notFound");
    expect(found?.details.id).toBe(7);
    expect(GoError.find(new Error("around", { cause: error }), "*main.notFound")).toBe(found);
    expect(GoError.find(error, "main.gone")).toBeInstanceOf(GoError);
    expect(GoError.find(error, "main.quota")).toBeUndefined();
    expect(GoError.find("no error", "main.gone")).toBeUndefined();
    const circle = new Error("circle");
    circle.cause = new AggregateError([circle]);
    expect(GoError.find(circle, "main.gone")).toBeUndefined();
  });

  test.each<[string, Partial<GoError>]>([
    [
      "nil pointer",
      { goType: "*main.notFound", message: expect.stringContaining("a method of *main.notFound panics") },
    ],
    ["huge details", { message: "chatty" }],
    ["function", { message: "strange", goType: "*main.strange" }],
    ["infinity", { message: "infinite" }],
    ["looped", { message: "looped" }],
    ["endless", { message: "endless", cause: expect.objectContaining({ message: "endless" }) }],
    ["panics", { message: "grumpy", goType: "*main.grumpy" }],
    ["bytes", { message: "chatty" }],
    ["no UTF-8", { message: "ab\ufffdcd" }],
  ])("that is no good arrives all the same: %s", async (Kind, what) => {
    const error = await failWith({ Kind });
    expect(error).toBeInstanceOf(GoError);
    expect(error).toMatchObject(what);
    expect(error.details).toEqual(Kind === "bytes" ? { Text: "ab\ufffdcd" } : undefined);
  });

  test("that is no good does not keep its call from ending at the deadline", async () => {
    for (const Kind of ["endless", "panics", "many"]) {
      expect(await rejection(client.fail(planned({ Kind }), { timeout: 60_000 }))).toMatchObject({ name: "GoError" });
    }
  });

  test("of too many parts, or too deep, is cut; all its texts together too", async () => {
    const many = await failWith({ Kind: "many" });
    const errors = many.errors as GoError[];
    // Each part is two: fmt's, which wraps nothing, has no cause.
    expect(errors.length).toBe(31);
    const length = errors.reduce((n, { message }) => n + message.length, 0);
    expect(length).toBeGreaterThan(100_000);
    expect(length).toBeLessThan(140_000);
    let levels = 0;
    for (let error: unknown = await failWith({ Kind: "deep" }); error !== undefined; error = (error as Error).cause)
      levels++;
    expect(levels).toBe(16);
    await until("no body", () => inspect(client).bodiesInUse === 0);
  });
});

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

describe("the stack", () => {
  test("of a rejection shows who awaits the call, through what is between", async () => {
    async function inner() {
      await client.fail(planned({ Kind: "gone" }));
    }
    async function outer() {
      await Promise.all([inner()]);
    }
    const { stack } = await rejection(outer());
    expect(stack).toMatch(/^GoError: gone\n {4}at Failures\.fail \(in Go\)\n.*inner.*error-trees\.test\.ts/);
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
