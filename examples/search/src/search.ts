/** The interface between the two sides: what a TypeScript program wants of bleve, a full-text search library for Go. */
import type { GoService, NodeService, u8, u32, u64 } from "@x/ts2go";

export interface Document {
  /** What it is updated and removed by; not empty. */
  id: string;
  title: string;
  text: string;
  /** Found as they are, and not word by word. */
  tags: string[];
  date?: Date;
}

export type Field = "title" | "text" | "tags";

/** What to look for. A part without a `field` looks everywhere. */
export type Query =
  /** A person's search box: `+must -not "a phrase" title:word tags:exact wor* wrod~1`. */
  | { kind: "typed"; text: string }
  /** Any of the words, or `every` one of them, each with up to so many typing errors: 0 to 2. */
  | { kind: "words"; text: string; field?: Field; every?: boolean; errors?: u8 }
  /** These words in this order. */
  | { kind: "phrase"; text: string; field?: Field }
  /** Words that match a regular expression as a whole. */
  | { kind: "pattern"; pattern: string; field?: Field }
  | { kind: "tag"; tag: string }
  /** From `from` on, and before `to`. At least one of them. */
  | { kind: "dates"; from?: Date; to?: Date }
  | { kind: "all"; of: Query[] }
  /** At least so many of them; 1 if it is not said. */
  | { kind: "any"; of: Query[]; least?: u32 }
  | { kind: "not"; query: Query };

export interface SearchOptions {
  /** The most hits. All by default. */
  limit?: u32;
  /** Give each hit a fragment of its text. */
  fragments?: boolean;
  /** Let the {@link Scorer} have the last word. */
  rerank?: Rerank;
}

export interface Rerank {
  /** Handed to the scorer as it is. */
  by: string;
  /** Only so many, the best by bleve's score, are scored again, and only they are given. */
  best: u32;
}

export interface Hit {
  id: string;
  /** The higher the better. */
  score: number;
  title: string;
  tags: string[];
  date?: Date;
  /** The part of the text that answers best, as HTML: what was found is in `<mark>`, the rest is escaped. */
  fragment?: string;
}

/** An index of documents, by bleve. A query that cannot be is an error with the code `ERR_QUERY`. */
export interface Index extends GoService {
  /**
   * Adds documents as they come, each in the place of one with the same id, and says how many came. Those that
   * bleve has taken before an error stay.
   */
  add(documents: AsyncIterable<Document>): Promise<u64>;
  /** Removes documents. An id that is not there is passed over. */
  remove(ids: string[]): Promise<void>;
  count(): Promise<u64>;
  /** The hits, best first; of the same score, in the order of their ids. They show the index as it was at the first. */
  search(query: Query, options?: SearchOptions): AsyncIterable<Hit>;
  /** How many hits have each tag, for the `most` frequent ones. */
  tags(query: Query, most: u32): Promise<Map<string, u32>>;
}

/** What the TypeScript side knows better than any index: implemented there, called by Go for a `rerank`. */
export interface Scorer extends NodeService {
  /** A new score for each of the hits, which have bleve's. */
  score(by: string, hits: Hit[]): Promise<Float64Array>;
}
