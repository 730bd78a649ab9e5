import { GoError, inspect } from "@x/ts2go";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { client, failWith, type Plan, planned, rejection, text, throwing } from "./src/failing.js";
import { until } from "./src/resources.js";

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
