import type { GoService } from "@x/ts2go";

export interface Named {
  name: string;
}
export interface Aged {
  age: number;
}

export interface Demo extends GoService {
  greet(who: Named & Aged): Promise<void>;
}
