import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  watch(topic: string): AsyncIterable<string>;
  generate(): AsyncGenerator<string>;
}
