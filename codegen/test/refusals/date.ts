import type { GoService } from "@x/ts2go";

export interface Meeting {
  start: Date;
  ends: Date[];
}

export interface Demo extends GoService {
  plan(meeting: Meeting): Promise<Date | null>;
}
