import type { u8 } from "@x/ts2go";

export interface Account {
	owner: { name: string; born: RegExp };
	level: u8;
}

export interface Unused {
  fine: Map<string, string>;
}
