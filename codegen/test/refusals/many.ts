/** Every fault of a file in one run. */
import type { GoService, u8 } from "@x/ts2go";

export interface Order {
	id: bigint;
	lines: { sku: string; when: RegExp }[];
	extra?: Map<string, any>;
	buyer: Buyer;
}

class Buyer {
	name = "";
}

export interface Shop extends GoService {
  order(order: Order, ...notes: string[]): Order;
  cancel(id: u8 | string): Promise<void>;
  close(): Promise<void>;
}
