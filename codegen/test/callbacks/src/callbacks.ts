/** What TypeScript implements and Go calls, beside a service of Go's: one golden file. */
import type { GoService, i64, NodeService, u8 } from "@x/ts2go";

export type Level = "debug" | "info";

/** A document: both sides send it. */
export interface Doc {
  title: string;
  tags: string[];
  parent?: Doc;
}

/** Only Go sends it. */
export interface Line {
  level: Level;
  text: string;
}

/** Only TypeScript sends it. */
export interface Score {
  value: number;
  terms: string[] | null;
}

export interface Search extends GoService {
  add(doc: Doc): Promise<void>;
  count(): Promise<u8>;
}

/**
 * Where lines go.
 *
 * @deprecated Use Scorer.
 */
export interface Log extends NodeService {
  /** Keeps a line. */
  write(line: Line): Promise<void>;
  note(text: string): void;
  flush(): void;
  level(): Promise<Level>;
}

export interface Scorer extends NodeService {
  score(doc: Doc, terms: string[]): Promise<Score>;
  each(docs: Doc[], r?: Doc): Promise<Score[]>;
  /** Names that generated code uses itself. */
  odd(ctx: u8, c: i64, err: boolean, result: number): Promise<i64>;
  best(): Promise<Doc | null>;
  raw(data: Uint8Array): Promise<Float64Array>;
  then(): Promise<void>;
}

/** The same number as a method of Search, and the same name. */
export interface Other extends NodeService {
  count(n: u8): Promise<u8>;
}
