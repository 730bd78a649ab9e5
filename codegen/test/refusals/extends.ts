import type { GoService } from "@x/ts2go";

export interface Box<T> {
  value: T;
}
export class Base {
  id = 0;
}
export interface A extends Box<string> {
  a: string;
}
export interface B extends Base {
  b: string;
}
export interface C extends Omit<A, "value"> {
  c: string;
}

export interface Demo extends GoService {
  send(a: A, b: B, c: C): Promise<void>;
}
