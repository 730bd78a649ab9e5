import { deepStrictEqual } from "node:assert";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, connect, type Service } from "@x/ts2go";
import { run } from "@x/ts2go-codegen";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
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

beforeAll(async () => {
  rmSync(out, { recursive: true, force: true });
  for (const [i, schema] of random.entries()) {
    const dir = join(out, `s${i}`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "random.ts"), interfaceSource(schema));
  }
  for (let i = 0; i < random.length; i++) {
    const dir = join(out, `s${i}`);
    let said = "";
    const say = (text: string) => {
      said += text;
    };
    const args = [
      join(dir, "random.ts"),
      "--out",
      join(dir, "gen"),
      "--go",
      join(dir, `g${i}`),
      "--binary",
      "out/echo",
    ];
    const code = await run(["gen", ...args], { cwd: here, env: {}, colour: false, out: say, err: say });
    if (code !== 0) throw new Error(`${interfaceSource(random[i] as (typeof random)[number])}\n${said}`);
    writeFileSync(
      join(dir, `g${i}`, "echo.go"),
      `package g${i}\n\nimport (\n\t"context"\n\t"time"\n\n\t"example.test/trust/src/arbitrary/equal"\n)\n\n${echoes(readFileSync(join(dir, `g${i}`, "random.go"), "utf8"))}`,
    );
  }
  const packages = random.map((_, i) => `g${i}`);
  writeFileSync(
    join(out, "main.go"),
    [
      "package main",
      `import (\n\t"os"\n\n${packages.map((g, i) => `\t"example.test/trust/out/s${i}/${g}"`).join("\n")}\n\t"x.example/go/ts2go"\n)`,
      `func main() {\n\tswitch os.Args[1] {\n${packages.map((g) => `\tcase "${g}":\n\t\tts2go.Main(${g}.ServeRandom(&${g}.Echo{}))`).join("\n")}\n\t}\n}`,
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
