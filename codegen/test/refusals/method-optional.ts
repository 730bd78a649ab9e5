import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  check?(name: string): Promise<boolean>;
}
