import type { GoService } from "@x/ts2go";

export interface Streams extends GoService {
  two(a: AsyncIterable<number>, b: AsyncIterable<number>): Promise<void>;
  optional(a?: AsyncIterable<number>): Promise<void>;
  oneway(a: AsyncIterable<number>): void;
  inside(a: AsyncIterable<number>[]): Promise<void>;
  late(): Promise<AsyncIterable<number>>;
  iterator(a: AsyncIterator<number>): Promise<void>;
}
