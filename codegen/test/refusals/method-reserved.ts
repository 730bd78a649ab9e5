import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  close(): Promise<void>;
  then(): Promise<void>;
  sync(): Promise<void>;
  constructor(): Promise<void>;
  $stats(): Promise<void>;
  "__proto__"(): Promise<void>;
}
