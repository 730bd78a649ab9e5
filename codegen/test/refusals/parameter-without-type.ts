import type { GoService } from "@x/ts2go";

export interface User {
  name;
}

export interface Demo extends GoService {
  check(user: User, name): Promise<void>;
}
