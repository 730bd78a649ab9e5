import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  check<T extends string>(name: T): Promise<boolean>;
}
