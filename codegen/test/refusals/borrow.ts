import type { Borrow, GoService, u8 } from "@x/ts2go";

export interface User {
  name: Borrow<string>;
}

export interface Demo extends GoService {
  a(users: Borrow<User>[]): Promise<void>;
  b(user: User): Promise<Borrow<User>>;
  c(age: Borrow<u8>, on: Borrow<boolean>): Promise<void>;
  d(user: Borrow<User> | null): Promise<void>;
}
