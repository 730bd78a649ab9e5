import type { GoService as Service } from "@x/ts2go";

export interface Base extends Service {
  ping(): Promise<void>;
}

export interface Demo extends Base {
  check(name: string): Promise<boolean>;
}

export interface Other extends Service, Base {
  more(): Promise<void>;
}
