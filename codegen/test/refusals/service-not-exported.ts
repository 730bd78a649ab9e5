import type { GoService } from "@x/ts2go";

interface Demo extends GoService {
  check(name: string): Promise<boolean>;
}

export type Used = Demo;
