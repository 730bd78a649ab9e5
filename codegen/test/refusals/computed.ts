import type { GoService } from "@x/ts2go";

const defaults = { port: 80 };

export interface User {
  name: string;
}

export interface Odd {
  a: keyof string[];
  b: User["name" | "length"];
  c: typeof defaults;
  d: { [K in "x" | "y"]: number };
  e: User extends string ? number : boolean;
  f: this;
  g: import("node:fs").Stats;
  h: symbol;
  i: string[][number];
}

export interface Demo extends GoService {
  send(odd: Odd): Promise<void>;
}
