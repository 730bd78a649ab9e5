import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  version: string;
  check: (name: string) => Promise<boolean>;
  [key: string]: unknown;
  (name: string): Promise<boolean>;
  get size(): number;
}
