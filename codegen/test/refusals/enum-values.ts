import type { GoService } from "@x/ts2go";

export enum Computed {
  Now = "abc".length,
}
export enum Mixed {
  Off = 0,
  Auto = "auto",
}
export enum Fractions {
  Half = 0.5,
  Whole = 1,
}
export enum Broken {
  Half = "\ud800",
}

export interface Demo extends GoService {
  paint(computed: Computed, mixed: Mixed): Promise<Fractions>;
  broken(broken: Broken): Promise<void>;
}
