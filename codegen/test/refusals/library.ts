import type { Stats } from "node:fs";
import type { GoService } from "@x/ts2go";

export interface Job {
  pattern: RegExp;
  error: Error;
  wrapped: String;
  later: Promise<string>;
  link: URL;
  stats: Stats;
  many: Iterable<string>;
  formatter: Intl.DateTimeFormat;
}

export interface Demo extends GoService {
  run(job: Job): Promise<void>;
}
