import type { GoService } from "@x/ts2go";

export interface Index {
  words: Map<string, number>;
  tags: Set<string>;
  counts: Record<string, number>;
  frozen: ReadonlyMap<string, number>;
  weak: WeakSet<object>;
}

export interface Demo extends GoService {
  load(index: Index): Promise<void>;
}
