import type { GoService } from "@x/ts2go";

export interface Page<T> {
  items: T[];
}
export type Maybe<T> = T | null;

export interface Demo extends GoService {
  list(): Promise<Page<string>>;
  find(name: string): Promise<Maybe<string>>;
  update(user: Partial<{ name: string }>): Promise<void>;
  freeze(user: Readonly<{ name: string }>): Promise<void>;
}
