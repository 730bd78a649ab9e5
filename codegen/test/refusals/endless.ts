import type { GoService } from "@x/ts2go";

export interface Node {
  value: number;
  next: Node;
}
export interface A {
  b: B;
}
export interface B {
  inner: { a: A };
}
export type Nest = Nest[];
export type Chain = { rest: Chain };

export interface Demo extends GoService {
  send(node: Node, a: A, nest: Nest, chain: Chain): Promise<void>;
}
