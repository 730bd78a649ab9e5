import type { Duration, f32, GoService } from "@x/ts2go";

export interface User {
  name: string;
}
export interface Numbered {
  [id: number]: string;
}
export interface Forest {
  [name: string]: Forest;
}

export interface Index {
  sizes: Map<number, string>;
  small: Set<f32>;
  times: Map<Duration, string>;
  users: Set<User>;
  lists: ReadonlyMap<string[], number>;
  days: ReadonlySet<Date>;
  maybe: Map<string | null, number>;
  counts: Record<number, string>;
  numbered: Numbered;
  patch: Partial<Record<string, number>>;
  forest: Forest;
  weak: WeakMap<User, string>;
  weakest: WeakSet<User>;
  values: Map<string, unknown>;
}

export interface Demo extends GoService {
  load(index: Index): Promise<void>;
}
