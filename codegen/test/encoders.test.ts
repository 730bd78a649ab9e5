import { deepStrictEqual } from "node:assert";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../bridge/src/schema/explain.js";
import { misfits, requests, schemas } from "../../test/src/arbitrary/index.js";
import { canonicalSchema } from "../src/index.js";
import { Body, loadService } from "./client.js";
import { clientOf, readSchema } from "./generated.js";
import { temporaryFolder } from "./support.js";

const SCHEMAS = 40;
const VALUES = 60;

describe("random interfaces", () => {
  test("are read as the schemas that they were written from", { timeout: 60_000 }, () => {
    const folder = temporaryFolder();
    let next = 0;
    fc.assert(
      fc.property(schemas({ borrow: true }), (schema) => {
        const read = readSchema(join(folder, `s${next++}`), schema);
        expect(canonicalSchema(read.model).schema).toEqual(schema);
      }),
      { numRuns: 30 },
    );
  });

  test("encoders take what explain() finds no fault in, refuse what it does, and decoders give it back", {
    timeout: 60_000,
  }, async () => {
    const folder = temporaryFolder();
    const body = new Body();
    let next = 0;
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(schemas({ echo: true, types: 4 }), fc.integer(), async (schema, seed) => {
        const service = await loadService(clientOf(readSchema(join(folder, `s${next++}`), schema)), "Random");
        for (const [index, method] of schema.methods.entries()) {
          const spec = service.methods[index] as (typeof service.methods)[number];
          const fitting = fc.property(requests(schema, method), (args) => {
            const outcome = body.encode(spec, args);
            expect(explain(schema, method, args)).toBeUndefined();
            if (!("image" in outcome)) throw outcome.refused;
            // Not Vitest's own comparison: a field may be called `constructor`.
            deepStrictEqual(body.decode(spec, outcome.image), args[0]);
          });
          const agreed = fc.property(misfits(schema, method), (args) => {
            const refused = "refused" in body.encode(spec, args);
            expect(explained(schema, method, args), JSON.stringify(method)).toBe(refused);
            seen[refused ? "refused" : "taken"]++;
          });
          fc.assert(fitting, { numRuns: VALUES / 2, seed });
          fc.assert(agreed, { numRuns: VALUES, seed });
        }
      }),
      { numRuns: SCHEMAS },
    );
    // Both happen often, or the agreement means nothing.
    expect(seen.taken).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(100);
  });
});

/** Whether explain() finds a fault. A getter that throws does so in both; that is the caller's own error then. */
function explained(...about: Parameters<typeof explain>): boolean {
  try {
    return explain(...about) !== undefined;
  } catch {
    return true;
  }
}
