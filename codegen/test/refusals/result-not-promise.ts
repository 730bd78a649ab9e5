import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  check(name: string): boolean;
  list(): string[];
  maybe(): Promise<string> | undefined;
  like(): PromiseLike<string>;
  nothing(): undefined;
}
