import type { GoService } from "@x/ts2go";

export interface Other extends GoService {
  ping(): Promise<void>;
}

export interface Demo extends GoService {
  send(other: Other, any: GoService): Promise<void>;
}
