import type { GoService } from "@x/ts2go";

export interface Named {
  name: string;
}
export interface Coded {
  name: "a" | "b";
  code: number;
}
export type UserId = string & { readonly brand: unique symbol };

export interface Demo extends GoService {
  greet(who: Named & Coded): Promise<void>;
  find(id: UserId): Promise<void>;
  both(both: Named & { [key: string]: string }): Promise<void>;
  nothing(none: {} & {}): Promise<void>;
}
