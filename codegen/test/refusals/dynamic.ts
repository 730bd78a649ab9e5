import type { GoService } from "@x/ts2go";

export interface Event {
  payload: any;
  extra: unknown;
  options: object;
  more: Object;
  nothing: {};
}

export interface Demo extends GoService {
  send(event: Event): void;
}
