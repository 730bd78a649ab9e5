import { deepStrictEqual } from "node:assert";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, connect, inspect, type Service } from "@x/ts2go";
import { run } from "@x/ts2go-codegen";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interfaceSource, schemas, values } from "./src/arbitrary/index.js";

// Random interfaces, each generated and compiled for both languages as a user would do it; every method echoes. For
// each there is a second one that is called twice: what Go has sent the first time has to come back the second time.
// One Go program holds them all, because linking is what costs; its argument says which it serves.
const SCHEMAS = 24;
const VALUES = 40;
const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "out");

type Echo = Record<string, (value: unknown) => Promise<unknown>>;
const seed = Number(process.env.TS2GO_SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = fc.sample(schemas({ echo: true, borrow: true, types: 8 }), { numRuns: SCHEMAS, seed }).map(withTwins);
const clients: Client<Echo>[] = [];

/** Keeps what a method is called with, and compares what it is called with next. */
const KEEPER = `var _ time.Duration // not every interface has one

type Echo struct{ kept map[string]any }

func (e *Echo) again(name string, value any) error {
	sent, ok := e.kept[name]
	if !ok {
		e.kept = map[string]any{name: value}
		return nil
	}
	delete(e.kept, name)
	return equal.Back(sent, value)
}`;

/** Each method again, with a value of its own that it may keep. */
function withTwins(schema: Parameters<typeof values>[0]) {
  const twins = schema.methods.map((method) => {
    const params = method.params.map(({ borrow: _, ...param }) => param);
    return { ...method, name: method.name.replace("method", "twice"), params };
  });
  return { ...schema, methods: [...schema.methods, ...twins] };
}

/** Results that Go has and TypeScript has not, and such as come in an order. */
const ODD_SOURCE = `import type { GoService, u8 } from "@x/ts2go";
export interface Meeting { title: string; start: Date }
export enum Level { Low = 1, High = 7 }
export type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
export interface Random extends GoService {
  zero(): Promise<Date>;
  zeroInside(): Promise<Meeting[]>;
  far(): Promise<Meeting>;
  level(n: u8): Promise<Level>;
  nothing(): Promise<Shape>;
  typedNil(): Promise<Map<string, Shape>>;
  sorted(): Promise<Map<string, boolean>>;
  flags(): Promise<Map<boolean, Set<Level>>>;
  missing(): Promise<{ map: Map<string, u8>; set: Set<u8>; record: Record<string, u8> }>;
}
`;

const ODD_HANDLERS = `package odd

import (
	"context"
	"time"
)

type Odd struct{}

func (Odd) Zero(context.Context) (time.Time, error) { return time.Time{}, nil }
func (Odd) ZeroInside(context.Context) ([]Meeting, error) {
	return []Meeting{{Title: "now", Start: time.Now()}, {Title: "never"}}, nil
}
func (Odd) Far(context.Context) (Meeting, error) {
	return Meeting{Start: time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC)}, nil
}
func (Odd) Level(_ context.Context, n uint8) (Level, error)      { return Level(n), nil }
func (Odd) Nothing(context.Context) (Shape, error)               { return nil, nil }
func (Odd) TypedNil(context.Context) (map[string]Shape, error) {
	return map[string]Shape{"a": (*ShapeCircle)(nil)}, nil
}
func (Odd) Sorted(context.Context) (map[string]bool, error) {
	return map[string]bool{"b": true, "": false, "a": true, "B": false, "é": true}, nil
}
func (Odd) Flags(context.Context) (map[bool]map[Level]struct{}, error) {
	return map[bool]map[Level]struct{}{true: {LevelHigh: {}, LevelLow: {}}, false: nil}, nil
}
func (Odd) Missing(context.Context) (RandomMissingResult, error) { return RandomMissingResult{}, nil }
`;

/** Go methods that give back what they get, read off the generated interface. */
function echoes(source: string): string {
  const methods = [...source.matchAll(/^\t(\S+)\(ctx context\.Context, (\S+) (\S+)\) \((\S+), error\)$/gm)];
  if (methods.length === 0) throw new Error(`no methods in\n${source}`);
  const bodies = methods.map(([, name = "", param, type, result]) => {
    const value = type === `*${result}` ? `*${param}` : param;
    const error = name.startsWith("Twice") ? `e.again("${name}", ${param})` : "nil";
    return `func (e *Echo) ${name}(_ context.Context, ${param} ${type}) (${result}, error) { return ${value}, ${error} }`;
  });
  return [KEEPER, ...bodies, ""].join("\n\n");
}

/** Writes an interface file into a folder of its own and generates its client and its Go package. */
async function generate(name: string, goPackage: string, source: string): Promise<void> {
  const dir = join(out, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "random.ts"), source);
  let said = "";
  const say = (text: string) => {
    said += text;
  };
  const paths = ["--out", join(dir, "gen"), "--go", join(dir, goPackage), "--binary", "out/echo"];
  const io = { cwd: here, env: {}, colour: false, colourOut: false, out: say, err: say };
  if ((await run(["gen", join(dir, "random.ts"), ...paths], io)) !== 0) throw new Error(`${source}\n${said}`);
}

beforeAll(async () => {
  rmSync(out, { recursive: true, force: true });
  await generate("odd", "odd", ODD_SOURCE);
  writeFileSync(join(out, "odd/odd/odd.go"), ODD_HANDLERS);
  for (const [i, schema] of random.entries()) {
    const dir = join(out, `s${i}`);
    await generate(`s${i}`, `g${i}`, interfaceSource(schema));
    writeFileSync(
      join(dir, `g${i}`, "echo.go"),
      `package g${i}\n\nimport (\n\t"context"\n\t"time"\n\n\t"example.test/trust/src/arbitrary/equal"\n)\n\n${echoes(readFileSync(join(dir, `g${i}`, "random.go"), "utf8"))}`,
    );
  }
  const packages = random.map((_, i) => `g${i}`);
  const odd = '\tcase "odd":\n\t\tts2go.Main(odd.ServeRandom(odd.Odd{}))';
  writeFileSync(
    join(out, "main.go"),
    [
      "package main",
      `import (\n\t"os"\n\n${packages.map((g, i) => `\t"example.test/trust/out/s${i}/${g}"`).join("\n")}\n\t"example.test/trust/out/odd/odd"\n\t"x.example/go/ts2go"\n)`,
      `func main() {\n\tswitch os.Args[1] {\n${packages.map((g) => `\tcase "${g}":\n\t\tts2go.Main(${g}.ServeRandom(&${g}.Echo{}))`).join("\n")}\n${odd}\n\t}\n}`,
      "",
    ].join("\n\n"),
  );
  await execa("go", ["build", "-o", "echo", "main.go"], { cwd: out });
  for (let i = 0; i < random.length; i++) {
    const { Random } = (await import(join(out, `s${i}`, "gen/random.ts"))) as { Random: Service<Echo> };
    clients.push(await connect(Random, { binary: join(out, "echo"), args: [`g${i}`] }));
  }
}, 300_000);

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  rmSync(out, { recursive: true, force: true });
});

for (const [i, schema] of random.entries()) {
  const about = `${schema.methods.length} methods over ${schema.types.length} types`;
  test(`random interface ${i} (seed ${seed}): ${about} give every value back equal`, async () => {
    const client = clients[i] as Client<Echo>;
    for (const method of schema.methods) {
      const call = client[method.name.replace("Random.", "")] as Echo[string];
      const type = method.params[0]?.type;
      if (type === undefined) throw new Error("an echo without a parameter");
      const twice = method.name.includes("twice");
      const property = fc.asyncProperty(values(schema, type), async (value) => {
        const back = await call(value);
        // Not Vitest's own comparison: a field may be called `constructor`, and a key `__proto__`.
        deepStrictEqual(back, value);
        if (twice) deepStrictEqual(await call(back), value);
      });
      await fc.assert(property, { numRuns: VALUES }).catch((error: Error) => {
        throw new Error(`${interfaceSource(schema)}\n${method.name}: ${error.message}`, { cause: error });
      });
      if (twice) continue;
      // And many at once, so that bodies lie beside each other.
      const many = fc.sample(values(schema, type), 200);
      deepStrictEqual(await Promise.all(many.map((value) => call(value))), many);
    }
  });
}

describe("what Go has and TypeScript has not", () => {
  let client: Client<Echo>;
  const call = (name: string, value?: unknown) =>
    (client[name] as unknown as (value?: unknown) => Promise<unknown>)(value);

  beforeAll(async () => {
    const { Random } = (await import(join(out, "odd/gen/random.ts"))) as { Random: Service<Echo> };
    client = await connect(Random, { binary: join(out, "echo"), args: ["odd"] });
    clients.push(client);
  });

  test.each([
    ["zero", undefined, "the result is the zero time; where there may be none, declare it as Date | null"],
    ["zeroInside", undefined, "Meeting.Start is the zero time"],
    ["far", undefined, "Meeting.Start is in the year 300000, beyond what Date can hold"],
    ["level", 2, "the result holds 2, which is none of the constants of Level"],
    ["nothing", undefined, "the result holds a nil Shape; where it may be absent, declare it as Shape | null"],
    ["typedNil", undefined, "the result holds a nil Shape"],
  ])("%s is refused, and what is wrong is named", async (name, value, message) => {
    const error = await call(name, value).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "ERR_RESULT_REFUSED", message: expect.stringContaining(message) });
  });

  test("a map arrives in the order of its keys", async () => {
    expect([...((await call("sorted")) as Map<string, boolean>).keys()]).toEqual(["", "B", "a", "b", "é"]);
    const flags = (await call("flags")) as Map<boolean, Set<number>>;
    expect([...flags].map(([flag, levels]) => [flag, [...levels]])).toEqual([
      [false, []],
      [true, [1, 7]],
    ]);
  });

  test("a nil map is an empty one", async () => {
    expect(await call("missing")).toEqual({ map: new Map(), set: new Set(), record: {} });
  });

  test("what was refused leaves no body behind", () => {
    expect(inspect(client).bodiesInUse).toBe(0);
  });
});
