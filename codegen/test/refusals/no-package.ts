import type { GoService } from "@x/ts2gone";

export interface Demo extends GoService {
  check(): Promise<boolean>;
}
