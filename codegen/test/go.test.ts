import { deepStrictEqual } from "node:assert";
import { cpSync } from "node:fs";
import { basename, join } from "node:path";
import { inspect } from "node:util";
import type { Schema } from "@x/ts2go/schema";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { isInPlace, requests, schemas } from "../../test/src/arbitrary/index.js";
import { Layouts } from "../src/index.js";
import { Body, loadService } from "./client.js";
import { clientOf, type Read, readSchema } from "./generated.js";
import { go, writeModule, writePackage, writeProgram } from "./go-module.js";
import { suiteFolder } from "./support.js";

/** Another one in every run; it stands in every message, and this is where to put it to see a fault again. */
const SEED = Number(process.env.TS2GO_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PACKAGES = 12;
const VALUES = 25;

/** One random interface with its Go package. */
interface Case {
  readonly name: string;
  readonly schema: Schema;
  readonly read: Read;
  /** The values of the first echo; random ones if there are none. */
  readonly values?: readonly unknown[];
}

const folder = suiteFolder();
const cases = fc
  .sample(schemas({ borrow: true, types: 8 }), { numRuns: PACKAGES, seed: SEED })
  .map((schema, i): Case => {
    const all = withEchoes(schema);
    return { name: `p${i}`, schema: all, read: readSchema(join(folder, `ts${i}`), all) };
  });

/** Nesting is counted, and only nesting: as deep as it may be, and wider than that. */
const node = (name: string): { kind: "named"; name: string } => ({ kind: "named", name });
const deep: Schema = {
  name: "random",
  types: [
    {
      kind: "struct",
      name: "Node",
      fields: [
        { name: "kids", type: { kind: "list", element: node("Node") } },
        { name: "next", type: { kind: "optional", absent: "undefined", element: node("Node") } },
      ],
    },
  ],
  methods: [],
};
const wide = { kids: Array.from({ length: 600 }, () => ({ kids: [] })) };
let chain: unknown = { kids: [] };
for (let i = 1; i < 512; i++) chain = { kids: [], next: chain };
cases.push({
  name: "deep",
  schema: withEchoes(deep),
  read: readSchema(join(folder, "deep"), withEchoes(deep)),
  values: [wide, chain],
});

/** Whatever chance leaves out: each of the newer kinds that Go uses in place, between fields of one byte. */
const places: Schema = {
  name: "random",
  types: [
    {
      kind: "struct",
      name: "Places",
      fields: [
        { name: "a", type: { kind: "u8" } },
        { name: "duration", type: { kind: "duration" } },
        { name: "b", type: { kind: "u8" } },
        { name: "level", type: node("Level") },
        { name: "constant", type: { kind: "constant", value: "c" } },
        { name: "c", type: { kind: "u8" } },
        { name: "pair", type: node("Pair") },
        { name: "durations", type: { kind: "list", element: { kind: "duration" } } },
        { name: "d", type: { kind: "bool" } },
      ],
    },
    { kind: "numbers", name: "Level", values: [1, -5] },
    {
      kind: "tuple",
      name: "Pair",
      fields: [
        { name: "0", type: { kind: "u8" } },
        { name: "1", type: { kind: "optional", absent: "null", element: { kind: "duration" } } },
        { name: "2", type: { kind: "u16" } },
      ],
    },
  ],
  methods: [],
};
cases.push({
  name: "places",
  schema: withEchoes(places),
  read: readSchema(join(folder, "places"), withEchoes(places)),
});

/** Besides its own methods: each struct borrowed where it can be, and sent back. */
function withEchoes(schema: Schema): Schema {
  const structs = schema.types.filter((type) => type.kind === "struct" || type.kind === "tuple");
  const echoes = structs.map(({ name }): Schema["methods"][number] => ({
    name: `Random.echo${name}`,
    kind: "unary",
    params: [
      {
        name: "value",
        type: { kind: "named", name },
        ...(isInPlace(schema, { kind: "named", name }) ? { borrow: true as const } : {}),
      },
    ],
    result: { kind: "named", name },
  }));
  return { ...schema, methods: [...schema.methods, ...echoes] };
}

describe(`generated Go (seed ${SEED})`, { timeout: 120_000 }, () => {
  const module = join(folder, "go");
  const program = join(module, "program");

  beforeAll(() => {
    writeModule(module);
    for (const { name, read } of cases) writePackage(module, name, read);
    // The golden packages too.
    for (const name of ["golden/everything", "callbacks/callbacks"]) {
      cpSync(join(import.meta.dirname, name), join(module, basename(name)), { recursive: true });
    }
    writeProgram(
      module,
      cases.map(({ name }) => name),
    );
    // checkptr: every conversion of an unsafe pointer is checked at run time.
    go(module, ["go", "build", "-gcflags=example.test/random/...=-d=checkptr", "-o", program, "."]);
  });

  test("compiles and passes go vet", () => {
    expect(go(module, ["go", "vet", "./..."])).toBe("");
  });

  test("compiles for arm64, where the layouts are the same", () => {
    // The harness asserts sizes and offsets as constants: a wrong one does not compile.
    expect(go(module, ["go", "vet", "./..."], undefined, { GOARCH: "arm64", CGO_ENABLED: "0" })).toBe("");
  });

  test("is in gofmt's form as it is emitted", () => {
    expect(go(module, ["gofmt", "-d", ...cases.map(({ name }) => `${name}/${name}.go`)])).toBe("");
  });

  test("lays structs out as the TypeScript half believes", () => {
    const [line = ""] = go(module, [program], "").split("\n");
    const layouts = JSON.parse(line) as Record<string, Record<string, unknown>>;
    let structs = 0;
    for (const { name, read } of cases) {
      const ours = new Layouts(read.model);
      for (const type of read.model.types) {
        if (!("fields" in type) || !ours.inPlace({ kind: "named", name: type.name })) continue;
        const { size, align, offsets } = ours.struct(type.name);
        expect(layouts[name]?.[type.name], `${type.name} of ${inspect(type, { depth: 9 })}`).toEqual({
          size,
          align,
          offsets: offsets.filter((_, i) => type.fields[i]?.type.kind !== "constant"),
        });
        structs++;
      }
    }
    expect(structs).toBeGreaterThan(PACKAGES / 2);
  });

  test("reads what the encoders write, owned and borrowed, and sends it back equal; nothing spoilt does harm", async () => {
    const body = new Body();
    const lines: string[] = [];
    const expected: { value: unknown; decode: (image: Uint8Array) => unknown; about: string }[] = [];
    for (const { name, schema, read, values } of cases) {
      const service = await loadService(clientOf(read), "Random");
      for (const [index, method] of schema.methods.entries()) {
        const type = method.params[0]?.type;
        const spec = service.methods[index];
        if (!method.name.startsWith("Random.echo") || type?.kind !== "named" || spec === undefined) continue;
        const random = fc.sample(requests(schema, method), { numRuns: VALUES, seed: SEED });
        for (const args of values?.map((value) => [value]) ?? random) {
          const outcome = body.encode(spec, args);
          if (!("image" in outcome)) throw outcome.refused;
          lines.push(`${name} ${type.name} ${Body.base} ${Buffer.from(outcome.image).toString("base64")}`);
          const decode = (image: Uint8Array): unknown => body.decode(spec, image);
          expected.push({ value: args[0], decode, about: `${inspect(schema, { depth: 9 })} ${inspect(args[0])}` });
        }
      }
    }
    const [, ...answers] = go(module, [program], `${lines.join("\n")}\n`)
      .trimEnd()
      .split("\n");
    expect(answers.length).toBe(expected.length);
    answers.forEach((answer, i) => {
      const { value, decode, about } = expected[i] as (typeof expected)[number];
      expect(answer, about).not.toMatch(/^error/);
      deepStrictEqual(decode(Buffer.from(answer, "base64")), value);
    });
  });
});
