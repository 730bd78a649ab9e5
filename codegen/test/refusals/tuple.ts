import type { GoService } from "@x/ts2go";

export type Range = [from: number, to: number];

export interface Demo extends GoService {
  cut(range: Range, pairs: [string, number][]): Promise<readonly [number, number]>;
}
