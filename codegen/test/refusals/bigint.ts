import type { GoService } from "@x/ts2go";

export interface Account {
  balance: bigint;
  history: bigint[];
}

export interface Demo extends GoService {
  pay(account: Account, amount: bigint): Promise<bigint>;
}
