import type { i64, u64 } from "@x/ts2go";

/** An account of a bank. */
export interface Account {
  iban: string;
  balance: i64;
  opened: u64;
}

/** Another User than that of the interface file. */
export interface User {
  accountId: string;
}

/** Not exported, but reached. */
interface Hidden {
  depth: number;
}

export interface Holder extends Base {
  user: User;
  accounts: readonly Account[];
  hidden?: Hidden;
}

export default interface Ledger {
  entries: { at: i64; text: string | null }[];
}

export interface Base {
  id: string;
  audit: { by: string };
}
