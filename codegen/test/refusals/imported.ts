import type { GoService } from "@x/ts2go";
import type { Account } from "./parts/model.js";

export interface Demo extends GoService {
  open(account: Account, key: symbol): Promise<bigint>;
}
