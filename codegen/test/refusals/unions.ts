import type { GoService } from "@x/ts2go";

export interface Circle {
  radius: number;
}
export interface Square {
  side: number;
}
export type Shape = Circle | Square;

export type Event = { type: "open"; path: string } | { type: "close" } | { type: "open"; mode: number };
export type Loose = { kind: "a" | "b"; a: number } | { kind: "c"; c: number };
export type Often = { kind?: "a"; a: number } | { kind: "c"; c: number };

export class Line {
  readonly kind = "line";
}

export interface Demo extends GoService {
  area(shape: Shape): Promise<Event>;
  loose(loose: Loose, often: Often): Promise<void>;
  either(value: string | number): Promise<void>;
  open(colour: "red" | "green" | string): Promise<void>;
  flag(value: boolean | "auto"): Promise<void>;
  mixed(value: "a" | 1 | null): Promise<void>;
  data(value: Circle | string[] | undefined): Promise<Circle | Date>;
  line(line: Line | { kind: "dot" }): Promise<void>;
}
