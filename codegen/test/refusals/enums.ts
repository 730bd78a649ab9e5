import type { GoService } from "@x/ts2go";

export enum Colour {
  Red,
  Green,
}
export const enum Size {
  Small = "small",
}

export interface Demo extends GoService {
  paint(colour: Colour, size: Size): Promise<Colour.Red>;
}
