import type { GoService } from "@x/ts2go";

export interface Settings {
  big: 10n;
  id: `user-${string}`;
  broken: "\ud800" | "fine";
  alone: "\udfff";
  fraction: 0.5 | 1;
  huge: 9007199254740992 | 1;
  on?: true;
}

export interface Demo extends GoService {
  set(settings: Settings, flag: true): Promise<false>;
}
