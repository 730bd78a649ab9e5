/** Queries for the comparison: of every kind by hand, and any number at random. */
import fc from "fast-check";
import type { Query } from "../src/search.js";

export const EPOCH = Date.UTC(2020, 0, 1);
export const DAY_MS = 86_400_000;

export const byHand: Query[] = [
  { kind: "typed", text: "" },
  { kind: "typed", text: "+glob -javascript" },
  { kind: "typed", text: 'title:mini* "command line"^3 tags:cli' },
  { kind: "typed", text: "asinc~1 text:/iterat(e|or)/" },
  { kind: "typed", text: 'date:>"2021-01-01T00:00:00Z"' },
  { kind: "words", text: "" },
  { kind: "words", text: "the of" },
  { kind: "words", text: "glob matching" },
  { kind: "words", text: "glob matching", every: true },
  { kind: "words", text: "glob matching", field: "title" },
  { kind: "words", text: "asinc iterrator", errors: 2 },
  { kind: "words", text: "grüße 世界 🌍", errors: 1 },
  { kind: "phrase", text: "command line" },
  { kind: "phrase", text: "command line", field: "text" },
  { kind: "phrase", text: "line command" },
  { kind: "pattern", pattern: "type.*", field: "text" },
  { kind: "pattern", pattern: "[a-c]{3,4}" },
  { kind: "tag", tag: "cli" },
  { kind: "tag", tag: "CLI" },
  { kind: "dates", from: new Date(EPOCH + 400 * DAY_MS) },
  { kind: "dates", to: new Date(EPOCH + 400 * DAY_MS) },
  { kind: "dates", from: new Date(EPOCH), to: new Date(EPOCH) },
  { kind: "all", of: [] },
  { kind: "any", of: [] },
  { kind: "not", query: { kind: "words", text: "node" } },
  { kind: "not", query: { kind: "not", query: { kind: "tag", tag: "parser" } } },
  {
    kind: "any",
    least: 2,
    of: ["stream", "buffer", "file"].map((text): Query => ({ kind: "words", text })),
  },
];

const words = ["glob", "stream", "buffer", "node", "parse", "command", "line", "typescript", "unicode", "the", "zzz"];
const word = fc.constantFrom(...words);
const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((some) => some.join(" "));
const field = fc.constantFrom("title" as const, "text" as const, "tags" as const);
const date = fc.integer({ min: 0, max: 4000 }).map((days) => new Date(EPOCH + days * DAY_MS));
const optional = { requiredKeys: ["kind", "text"] as const };

/** Any query that bleve takes. */
export const query: fc.Arbitrary<Query> = fc.letrec<{ query: Query; leaf: Query }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ kind: fc.constant("typed" as const), text }),
    fc.record(
      { kind: fc.constant("words" as const), text, field, every: fc.boolean(), errors: fc.integer({ min: 0, max: 2 }) },
      { requiredKeys: [...optional.requiredKeys] },
    ),
    fc.record({ kind: fc.constant("phrase" as const), text, field }, { requiredKeys: [...optional.requiredKeys] }),
    fc.record({ kind: fc.constant("pattern" as const), pattern: word.map((one) => `${one.slice(0, 3)}.*`), field }),
    fc.record({ kind: fc.constant("tag" as const), tag: word }),
    fc.record({ kind: fc.constant("dates" as const), from: date, to: date }),
  ),
  query: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.record({ kind: fc.constant("all" as const), of: fc.array(tie("query"), { maxLength: 3 }) }),
    fc
      .tuple(fc.array(tie("query"), { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 3 }))
      .map(([of, least]): Query => ({ kind: "any", of, least: Math.min(least, of.length) })),
    fc.record({ kind: fc.constant("not" as const), query: tie("query") }),
  ),
})).query;
