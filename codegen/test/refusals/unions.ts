import type { GoService } from "@x/ts2go";

export interface Circle {
  kind: "circle";
  radius: number;
}
export interface Square {
  kind: "square";
  side: number;
}
export type Shape = Circle | Square;

export interface Demo extends GoService {
  area(shape: Shape): Promise<number>;
  either(value: string | number): Promise<void>;
  open(colour: "red" | "green" | string): Promise<void>;
  flag(value: boolean | "auto"): Promise<void>;
  mixed(value: "a" | 1 | null): Promise<void>;
}
