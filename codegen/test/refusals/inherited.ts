import type { GoService } from "@x/ts2go";

interface Base {
  when: bigint;
}
export interface A extends Base {
  a: string;
}
export interface B extends Base {
  b: string;
}

export interface Demo extends GoService {
  send(a: A, b: B): Promise<void>;
}
