import type { GoService } from "@x/ts2go";

export interface Page<T> {
  items: T[];
}
export interface Grow<T> {
  value: T;
  next?: Grow<T[]>;
}
export type Nest<T> = Nest<T[]>[];
export type Ever<T> = { value: T; next?: Ever<T | null>[]; more?: Ever<T[]> };
export type Boxed<T> = { value: T; self: Boxed<T> };

export interface Demo extends GoService {
  list(): Promise<Page<bigint>>;
  grow(tree: Grow<string>): Promise<void>;
  nest(nest: Nest<string>): Promise<void>;
  ever(ever: Ever<string>): Promise<void>;
  box(box: Boxed<string>): Promise<void>;
  each<T>(items: Page<T>): Promise<void>;
}
