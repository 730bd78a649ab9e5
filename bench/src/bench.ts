/** The interface that every contender implements: `ts2go` reads this file for ours, the others follow it by hand. */
import type { Borrow, GoService, Lease, NodeService, u8, u32 } from "@x/ts2go";

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

/** An item of a stream. */
export interface Reading {
  id: u32;
  value: number;
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
  /** Answers with a number that depends on the first and the last bytes of a payload, and on nothing between them. */
  takeEnds(payload: Uint8Array): Promise<u32>;
  /** The same, with the payload read in place. */
  takeEndsBorrowed(payload: Borrow<Uint8Array>): Promise<u32>;
  /** The same, with a payload that was written in place. */
  takeEndsLeased(payload: Lease<Uint8Array>): Promise<u32>;
  /** Answers with `size` bytes, of which the first and the last depend on the mark. */
  giveEnds(size: u32, mark: u8): Promise<Uint8Array>;
  /** The same, made and read in place. */
  giveEndsLeased(size: u32, mark: u8): Promise<Lease<Uint8Array>>;
  /** So many readings, numbered from 0, each with half its number as its value. */
  readings(count: u32): AsyncIterable<Reading>;
  /** The sum of all numbers and values. */
  total(readings: AsyncIterable<Reading>): Promise<number>;
  /** Sends back what comes. */
  mirror(readings: AsyncIterable<Reading>): AsyncIterable<Reading>;
  /**
   * Has so many goroutines call `Host.double` with 0 to `count - 1`. The nanoseconds that it took, and then those of some
   * of the calls.
   */
  callBack(count: u32, goroutines: u32): Promise<Float64Array>;
  /** How much garbage Go has made so far. */
  memory(): Promise<GoMemory>;
}

/** What Go calls. */
export interface Host extends NodeService {
  /** Twice the number, and one more. */
  double(number: u32): Promise<u32>;
}
