import type { Borrow, GoService, NodeService } from "@x/ts2go";

export interface Greeter extends GoService {
  greet(name: string): Promise<string>;
}

export interface Log extends NodeService {
  lines(): AsyncIterable<string>;
  take(lines: AsyncIterable<string>): Promise<void>;
  keep(data: Borrow<Uint8Array>): Promise<void>;
  now(): string;
  maybe?(): Promise<void>;
  constructor(): Promise<void>;
  /** Fine: no client has this method, and so nothing that it could hide. */
  close(): Promise<void>;
}

export interface Both extends GoService, NodeService {
  call(): Promise<void>;
}

export interface Child extends Log {
  more(): Promise<void>;
}

export interface Passing extends GoService {
  pass(log: Log): Promise<void>;
}

interface Hidden extends NodeService {
  call(): Promise<void>;
}
