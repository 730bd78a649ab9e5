import type { GoService } from "@x/ts2go";

export interface User {
  name: string;
  age: number;
}

export interface Odd {
  a: Partial<string>;
  b: Pick<Map<string, string>, "size">;
  c: Exclude<string | number, string>;
  d: Omit<User, "name" | "age">;
  e: Awaited<string>;
  f: Uppercase<"a">;
  g: Exclude<"a" | "b", "a" | "b">;
  h: Required<Date>;
  i: NonNullable<unknown>;
  j: ReturnType<() => string>;
}

export interface Demo extends GoService {
  send(odd: Odd): Promise<void>;
}
