/** The interface between the two sides: an ordinary TypeScript module. `ts2go` reads it; nothing here runs. */
import type { GoService, u8 } from "@x/ts2go";

/** Somebody who wants to get in. */
export interface DemoUser {
  /** The name as it stands on the ticket. */
  name: string;
  /** Age in years. */
  age: u8;
}

export interface DemoComplicatedRequest {
  users: DemoUser[];
  balabala: Uint8Array;
}

export interface DemoResponse {
  pass: boolean;
}

/** The door: greets people and checks their age. */
export interface Demo extends GoService {
  /** Tells Go about a user and does not wait. */
  oneway(user: DemoUser): void;
  /** Says whether everybody in the request is of age. */
  check(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** The same after 10 ms of sleep in Go: a handler that waits. */
  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse>;
}
