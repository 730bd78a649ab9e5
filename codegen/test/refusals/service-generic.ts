import type { GoService } from "@x/ts2go";

export interface Demo<T> extends GoService {
  check(name: T): Promise<boolean>;
}
