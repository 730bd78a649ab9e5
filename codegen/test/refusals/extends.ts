import type { GoService } from "@x/ts2go";

export class Base {
  id = 0;
}
export interface B extends Base {
  b: string;
}
export interface C extends Map<string, string> {
  c: string;
}
export interface D extends Array<string> {
  d: string;
}

export interface Demo extends GoService {
  send(b: B, c: C, d: D): Promise<void>;
}
