import { deepStrictEqual } from "node:assert";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Field, NamedType, Schema, Type } from "@x/ts2go/schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MethodSpec } from "../../bridge/src/client/service.js";
import { AdaptedMethods } from "../../bridge/src/compat/index.js";
import { EncodeError } from "../../bridge/src/errors.js";
import { obstacles } from "../../bridge/src/schema/difference.js";
import { misfits, requests, schemas } from "../../test/src/arbitrary/index.js";
import { canonicalSchema } from "../src/index.js";
import { Body, loadService } from "./client.js";
import { clientOf, readSchema } from "./generated.js";
import { temporaryFolder } from "./support.js";

const SCHEMAS = 25;
const VALUES = 30;

/** A schema read by the generator, and what it generates for its methods. */
async function versionOf(folder: string, schema: Schema): Promise<{ schema: Schema; methods: readonly MethodSpec[] }> {
  const read = readSchema(folder, schema);
  const { methods } = await loadService(clientOf(read), "Random");
  return { schema: canonicalSchema(read.model).schema, methods };
}

test("for one version they write what generated encoders write, and read what generated decoders read", async () => {
  const folder = temporaryFolder();
  const [generated, adapted] = [new Body(), new Body()];
  let next = 0;
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(schemas({ echo: true, types: 5 }), fc.integer(), async (random, seed) => {
      const { schema, methods } = await versionOf(join(folder, `s${next++}`), random);
      const adaptation = new AdaptedMethods(schema, schema);
      for (const [index, method] of random.methods.entries()) {
        const spec = methods[index] as MethodSpec;
        const same = adaptation.of(spec);
        const { write: _, read: __, ...layout } = spec;
        expect(same).toMatchObject(layout);
        const fitting = fc.property(requests(random, method), (args) => {
          const { image } = generated.encode(spec, args) as { image: Uint8Array };
          deepStrictEqual(adapted.encode(same, args), { image });
          deepStrictEqual(adapted.decode(same, image), args[0]);
        });
        const agreed = fc.property(misfits(random, method), (args) => {
          const refused = "refused" in generated.encode(spec, args);
          if (refused) refusals++;
          expect("refused" in adapted.encode(same, args), JSON.stringify(method)).toBe(refused);
        });
        fc.assert(fitting, { numRuns: VALUES, seed });
        fc.assert(agreed, { numRuns: VALUES, seed });
      }
    }),
    { numRuns: SCHEMAS },
  );
  expect(refusals).toBeGreaterThan(100);
});

test("between two versions they write what the other's generated encoders write, and read that", async () => {
  const folder = temporaryFolder();
  const [generated, adapted] = [new Body(), new Body()];
  const seen = { refused: 0, dropped: 0 };
  let next = 0;
  await fc.assert(
    fc.asyncProperty(schemas({ echo: true, types: 5 }), fc.integer({ min: 0 }), async (random, seed) => {
      const dir = join(folder, `s${next++}`);
      const older = await versionOf(join(dir, "older"), random);
      const grown = grow(random, seed);
      const newer = await versionOf(join(dir, "newer"), grown);
      expect(obstacles(older.schema, newer.schema)).toEqual([]);
      expect(obstacles(newer.schema, older.schema)).toEqual([]);
      const toNewer = new AdaptedMethods(older.schema, newer.schema);
      const toOlder = new AdaptedMethods(newer.schema, older.schema);
      for (const [index, method] of random.methods.entries()) {
        const ofOlder = older.methods[index] as MethodSpec;
        const ofNewer = newer.methods[index] as MethodSpec;
        const old = fc.property(requests(random, method), (args) => {
          for (const [spec, by] of [
            [ofNewer, toNewer.of(ofOlder)],
            [ofOlder, toOlder.of(ofNewer)],
          ] as const) {
            const { image } = generated.encode(spec, args) as { image: Uint8Array };
            deepStrictEqual(adapted.encode(by, args), { image });
            deepStrictEqual(adapted.decode(by, image), args[0]);
          }
        });
        const whole = fc.property(requests(grown, method), (args) => {
          const known = without(args[0]);
          const more = !isDeepStrictEqual(known, args[0]);
          const { image } = generated.encode(ofNewer, args) as { image: Uint8Array };
          deepStrictEqual(adapted.decode(toNewer.of(ofOlder), image), known);
          const outcome = adapted.encode(toOlder.of(ofNewer), args);
          if (!more) {
            expect(outcome).toHaveProperty("image");
            return;
          }
          seen.dropped++;
          const { refused } = outcome as { refused: unknown };
          expect(refused).toBeInstanceOf(EncodeError);
          expect((refused as EncodeError).message).toMatch(/added\d: expected nothing \(the Go program's version of T/);
          seen.refused++;
        });
        fc.assert(old, { numRuns: VALUES, seed });
        fc.assert(whole, { numRuns: VALUES, seed });
      }
    }),
    { numRuns: SCHEMAS },
  );
  expect(seen.dropped).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(100);
});

/** The next version: about every other struct has more optional fields at its end, also of types that hold it. */
function grow(schema: Schema, seed: number): Schema {
  const all = schema.types.map(({ name }): Type => ({ kind: "named", name }));
  const choices: readonly Type[] = [
    { kind: "string" },
    { kind: "u8" },
    { kind: "list", element: { kind: "date" } },
    ...all,
  ];
  const added = (n: number, i: number): Field => {
    const element = choices[(seed + n) % choices.length] as Type;
    return { name: `added${i}`, type: { kind: "optional", absent: "undefined", element } };
  };
  const types = schema.types.map((type, n): NamedType => {
    if (type.kind !== "struct" || (seed + n) % 2 === 0) return type;
    const more = Array.from({ length: 1 + (n % 2) }, (_, i) => added(n + i, i));
    return { ...type, fields: [...type.fields, ...more] };
  });
  return { ...schema, types };
}

/** A value without what only the grown version has. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, without(inner)]));
  if (typeof value !== "object" || value === null || Object.prototype.toString.call(value) !== "[object Object]") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (/^added\d$/.test(key) ? [] : [[key, without(inner)]])),
  );
}
