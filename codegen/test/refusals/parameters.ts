import type { GoService } from "@x/ts2go";

export interface Point {
  x: number;
}

export interface Demo extends GoService {
  rest(...names: string[]): Promise<void>;
  apart({ x }: Point): Promise<void>;
  self(this: Demo, name: string): Promise<void>;
}
