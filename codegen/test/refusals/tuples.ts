import type { GoService } from "@x/ts2go";

export type Range = [from: number, to?: number];

export interface Demo extends GoService {
  cut(range: Range, pairs: [string, number?]): Promise<void>;
  rest(words: [first: string, ...more: string[]], all: [string, ...string[]]): Promise<[]>;
  inner(pair: [string, bigint]): Promise<void>;
}
