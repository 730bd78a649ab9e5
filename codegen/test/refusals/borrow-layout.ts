import type { Borrow, GoService } from "@x/ts2go";

export interface Meeting {
  start: Date;
}
export interface Diary {
  meetings: Meeting[];
}
export type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
export interface Drawing {
  shapes: Shape[];
}

export interface Demo extends GoService {
  a(index: Borrow<Map<string, number>>, tags: Borrow<Set<string>>): Promise<void>;
  b(diary: Borrow<Diary>, times: Borrow<Date[]>): Promise<void>;
  c(drawing: Borrow<Drawing>, shape: Borrow<Shape>): Promise<void>;
  d(when: Borrow<Date>, counts: Borrow<Record<string, number> | null>): Promise<void>;
}
