import type { GoService } from "@x/ts2go";

declare const key: unique symbol;

export interface Odd {
  [name: string]: unknown;
  method(): void;
  (): string;
  new (): Odd;
  get size(): number;
  [key]: string;
  ["computed"]: string;
  __proto__: string;
}

export interface Demo extends GoService {
  send(odd: Odd): Promise<void>;
}
