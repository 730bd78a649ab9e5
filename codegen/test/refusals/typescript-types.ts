import type { GoService } from "@x/ts2go";
import type { Missing } from "./nowhere.js";

export interface User {
  name: strin;
  age: bigint;
}

export interface Demo extends GoService {
  check(user: User, missing: Missing): Promise<boolean>;
}
