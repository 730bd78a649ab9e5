import type { GoService } from "@x/ts2go";

export interface Gone {
  a: null;
  b: undefined;
  c: never;
  d: void;
  e: null | undefined;
  f?: null;
}

export interface Demo extends GoService {
  send(gone: Gone): void;
}
