import type { GoService } from "@x/ts2go";

export interface Settings {
  level: 1 | 2 | 3;
  on: true;
  version: 2;
  big: 10n;
  id: `user-${string}`;
  plain: `plain`;
  broken: "\ud800" | "fine";
}

export interface Demo extends GoService {
  set(settings: Settings): Promise<void>;
}
