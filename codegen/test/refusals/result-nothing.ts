import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  a(): Promise<undefined>;
  b(): Promise<null>;
  c(): Promise<Promise<string>>;
  d(): Promise<never>;
}
