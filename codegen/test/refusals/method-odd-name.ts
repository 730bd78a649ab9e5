import type { GoService } from "@x/ts2go";

declare const key: unique symbol;

export interface Demo extends GoService {
  42(): Promise<void>;
  [key](): Promise<void>;
}
