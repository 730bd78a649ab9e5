/** Bleve without the bridge: runs `reference/main.go`, and says what a query of ours is in bleve's own JSON. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Document, Field, Hit, Query } from "../src/search.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));

/** What the reference finds for one query: its hits in order, or bleve's error. */
export interface Reference {
  hits: Hit[];
  error?: string;
}

interface BleveResult {
  result?: {
    hits: {
      id: string;
      score: number;
      fields: { title: string; tags?: string | string[]; date?: string };
      fragments?: { text?: string[] };
    }[];
  };
  error?: string;
}

const english = { type: "text", analyzer: "en", store: true, index: true, include_term_vectors: true };
const keyword = { ...english, analyzer: "keyword", docvalues: true };
const datetime = { type: "datetime", store: true, index: true, docvalues: true };
const field = (mapping: object) => ({ fields: [{ include_in_all: true, ...mapping }] });
const mapping = {
  default_analyzer: "en",
  default_mapping: {
    enabled: true,
    dynamic: false,
    properties: { title: field(english), text: field(english), tags: field(keyword), date: field(datetime) },
  },
};

/** What is done to the index before it is searched. */
export type Step = { add: Document } | { remove: string };

export interface Search {
  query: Query;
  /** The most hits. All by default. */
  limit?: number;
  fragments?: boolean;
}

/** Takes these steps by bleve alone, and then does each search. */
export function reference(steps: readonly Step[], searches: readonly Search[]): Reference[] {
  const requests = searches.map(({ query, limit = steps.length, fragments = false }) => ({
    query: inBleve(query),
    size: limit,
    sort: ["-_score", "_id"],
    fields: ["title", "tags", "date"],
    ...(fragments && { highlight: { style: "html", fields: ["text"] } }),
  }));
  const output = execFileSync("go", ["run", "./test/reference"], {
    cwd,
    encoding: "utf8",
    input: JSON.stringify({ mapping, steps, searches: requests }),
    maxBuffer: 2 ** 30,
  });
  return (JSON.parse(output) as BleveResult[]).map(({ result, error }) => ({
    hits: (result?.hits ?? []).map(({ id, score, fields: { title, tags = [], date }, fragments }) => ({
      id,
      score,
      title,
      tags: [tags].flat(),
      ...(date !== undefined && { date: new Date(date) }),
      ...(fragments?.text?.[0] !== undefined && { fragment: fragments.text[0] }),
    })),
    ...(error !== undefined && { error }),
  }));
}

function inBleve(query: Query): object {
  switch (query.kind) {
    case "typed":
      return { query: query.text };
    case "words":
      return {
        match: query.text,
        ...inField(query.field),
        operator: query.every === true ? "and" : "or",
        ...(query.errors !== undefined && { fuzziness: query.errors }),
      };
    case "phrase":
      return { match_phrase: query.text, ...inField(query.field) };
    case "pattern":
      return { regexp: query.pattern, ...inField(query.field) };
    case "tag":
      return { term: query.tag, field: "tags" };
    case "dates":
      return { start: query.from, end: query.to, field: "date" };
    case "all":
      return { conjuncts: query.of.map(inBleve) };
    case "any":
      return { disjuncts: query.of.map(inBleve), ...(query.least !== undefined && { min: query.least }) };
    case "not":
      return { must_not: { disjuncts: [inBleve(query.query)] } };
  }
}

const inField = (field: Field | undefined) => (field === undefined ? {} : { field });
