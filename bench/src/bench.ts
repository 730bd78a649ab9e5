/** The interface that every contender implements: `ts2go` reads this file for ours, the others follow it by hand. */
import type { Borrow, GoService, u8, u32 } from "@x/ts2go";

export interface DemoUser {
  name: string;
  age: u8;
}

export interface DemoComplicatedRequest {
  users: DemoUser[];
  balabala: Uint8Array;
}

export interface DemoResponse {
  pass: boolean;
}

/** What Go's collector has done since the program began. */
export interface GoMemory {
  collections: number;
  allocatedBytes: number;
}

export interface Bench extends GoService {
  /** Says whether everybody in the request is of age. */
  check(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** The same after 10 ms of sleep in Go: a handler that waits. */
  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** The same after 5 ms of sleep: the slow call among quick ones. */
  checkLong(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** The same after some 50 µs of work: a handler bound by the processor. */
  checkBusy(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** The same as `check`, with the request read in place. */
  checkBorrowed(req: Borrow<DemoComplicatedRequest>): Promise<DemoResponse>;
  /** Receives a payload; answers with a number that depends on all its pages. */
  take(payload: Uint8Array): Promise<u32>;
  /** The same, with the payload read in place. */
  takeBorrowed(payload: Borrow<Uint8Array>): Promise<u32>;
  /** Answers with `size` bytes. */
  give(size: u32): Promise<Uint8Array>;
  /** Answers with what it got. */
  echo(payload: Uint8Array): Promise<Uint8Array>;
  /** How much garbage Go has made so far. */
  memory(): Promise<GoMemory>;
}
