import type { GoService } from "@x/ts2go";

interface Base {
  ping(): Promise<void>;
}

export interface Demo extends GoService, Base {
  check(name: string): Promise<boolean>;
}
