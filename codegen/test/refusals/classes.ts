import type { GoService } from "@x/ts2go";

export class User {
  name = "";
}

export interface Demo extends GoService {
  greet(user: User): Promise<User[]>;
}
