/** What the tests of the whole call: every type of the first issue, and handlers that misbehave in every known way. */
import type { Borrow, f32, GoService, i8, i16, i32, i64, int, Lease, NodeService, u8, u16, u32, u64 } from "@x/ts2go";

export type Color = "red" | "green" | "blue";

/** A chain of any length. */
export interface Chain {
  value: u32;
  next?: Chain;
}

export interface Numbers {
  a: u8;
  b: i8;
  c: u16;
  d: i16;
  e: u32;
  f: i32;
  g: f32;
  h: number;
  i: u64;
  j: i64;
  k: int;
}

export interface Arrays {
  u8: Uint8Array;
  i8: Int8Array;
  u16: Uint16Array;
  i16: Int16Array;
  u32: Uint32Array;
  i32: Int32Array;
  f32: Float32Array;
  f64: Float64Array;
  u64: BigUint64Array;
  i64: BigInt64Array;
}

export interface Everything {
  yes: boolean;
  text: string;
  numbers: Numbers;
  arrays: Arrays;
  list: string[];
  nested: i32[][];
  color: Color;
  colors: Color[];
  maybe?: string;
  orNull: Numbers | null;
  chain?: Chain;
}

export interface Payload {
  name: string;
  data: Uint8Array;
}

/** Handlers that behave. */
export interface Trust extends GoService {
  echo(value: Everything): Promise<Everything>;
  bytes(data: Uint8Array): Promise<Uint8Array>;
  add(a: i32, b: i32): Promise<i32>;
  join(words: string[], separator: string): Promise<string>;
  ping(): Promise<void>;
  /** The sum of the bytes, read in place. */
  sum(payload: Borrow<Payload>): Promise<u32>;
  /** Keeps the name of an owned payload. */
  keep(payload: Payload): Promise<void>;
  kept(): Promise<string[]>;
  note(text: string): void;
  notes(): Promise<string[]>;
  sleep(ms: u32): Promise<u32>;
  /** Burns processor time. */
  burn(us: u32): Promise<void>;
  zeros(n: u32): Promise<Uint8Array>;
  pid(): Promise<i32>;
  environment(name: string): Promise<string>;
  print(toStdout: string, toStderr: string): Promise<void>;
}

/** Handlers that do not. */
export interface Trouble extends GoService {
  fail(message: string, code: string): Promise<void>;
  failWrapped(): Promise<void>;
  panic(message: string): Promise<void>;
  panicInPlace(): Promise<void>;
  nilDereference(): Promise<u32>;
  goexit(): Promise<void>;
  exit(code: i32): Promise<void>;
  /** A fatal error that no recover stops. */
  fatal(): Promise<void>;
  writeBorrowed(payload: Borrow<Payload>): Promise<void>;
  invalidText(): Promise<string>;
  unsafeInt(): Promise<int>;
  wrongColor(): Promise<Color>;
  cycle(): Promise<Chain>;
  onewayPanic(message: string): void;
}

/** Handlers that look at their context. */
export interface Patience extends GoService {
  /** Waits for so long or until its context ends, and says what ended it. */
  wait(name: string, ms: u32): Promise<string>;
  /** Sleeps for so long, whatever its context says. */
  ignore(data: Uint8Array, ms: u32): Promise<void>;
  /** Milliseconds until the context's deadline; 0 without one. */
  remaining(): Promise<number>;
  /** What ended the contexts of `wait`, in order: its name and the cause. */
  ends(): Promise<string[]>;
}

export interface Reading {
  name: string;
  value: number;
}

/** Streams: from Go, to Go, and both at once. */
export interface Streams extends GoService {
  /** 0, 1, 2, ... and no more than `n` of them. */
  count(n: u32): AsyncIterable<u32>;
  /** As `count`, with so many milliseconds of sleep before each. */
  slowly(n: u32, ms: u32): AsyncIterable<u32>;
  /** Fails after `n` readings. */
  failing(n: u32, message: string): AsyncIterable<Reading>;
  panicking(n: u32): AsyncIterable<u32>;
  blobs(n: u32, size: u32): AsyncIterable<Uint8Array>;
  nothing(): AsyncIterable<string>;
  sum(values: AsyncIterable<number>): Promise<number>;
  /** Joins what comes; stops after `most` and answers then. */
  join(separator: string, readings: AsyncIterable<Reading>, most: u32): Promise<string>;
  /** Reads so many and says what error the stream has ended with. */
  fate(values: AsyncIterable<number>): Promise<string>;
  /** Sends each value back twice, as it comes. */
  twice(values: AsyncIterable<Reading>): AsyncIterable<Reading>;
  /** How many streams have ended, and the last error that ended one. */
  ended(): Promise<string>;
  /** Items that `count` has yielded. */
  yielded(): Promise<number>;
}

/** Implemented in TypeScript: values of several types, and implementations that misbehave. */
export interface Host extends NodeService {
  /** Keeps a line. */
  note(line: string): void;
  echo(value: Everything): Promise<Everything>;
  add(a: i32, b: i32): Promise<i32>;
  join(words: string[], separator?: string): Promise<string>;
  bytes(data: Uint8Array): Promise<Uint8Array>;
  paint(color: Color): Promise<Color>;
  nothing(): Promise<void>;
  /** Does what its name says: rejects, throws, returns what does not fit, waits for the end of its signal, ... */
  misbehave(how: string): Promise<u8>;
  /** Calls `Nest.down` with one less. */
  down(depth: u32): Promise<u32>;
  /** Milliseconds that its caller waits. */
  patience(): Promise<number>;
}

/** Implemented in TypeScript, and never provided by the tests. */
export interface Missing extends NodeService {
  call(): Promise<void>;
  tell(text: string): void;
}

/** A picture whose pixels stay where Go has made them. */
export interface Picture {
  width: u32;
  pixels: Lease<Uint8Array>;
  thumbnail: Lease<Uint8Array> | null;
  tiles: Lease<Uint8Array>[];
}

/** What is passed in place, and beside it what is not. */
export interface Upload {
  name: string;
  data: Lease<Uint8Array>;
  more: Lease<Uint8Array>[];
  copied: Uint8Array;
}

/** Bytes that cross without a copy. */
export interface Leases extends GoService {
  /** `n` bytes that count up from `first`, made in place. */
  make(n: u32, first: u8): Promise<Lease<Uint8Array>>;
  /** The same from memory of Go's own. */
  copy(n: u32, first: u8): Promise<Lease<Uint8Array>>;
  /** The bytes from `from` to `to` of what `make` gives. */
  part(n: u32, from: u32, to: u32): Promise<Lease<Uint8Array>>;
  picture(width: u32, tiles: u32): Promise<Picture>;
  /** Allocates and fails. */
  failing(n: u32): Promise<Lease<Uint8Array>>;
  panicking(n: u32): Promise<Lease<Uint8Array>>;
  /** Allocates, waits for its context to end, and returns it all the same. */
  late(n: u32): Promise<Lease<Uint8Array>>;
  /** A lease, and beside it a number that no number in TypeScript can be. */
  unsafe(): Promise<UnsafeLease>;
  /** Allocates after an earlier handler's context has ended; gives the error. */
  stale(): Promise<string>;
  sum(data: Lease<Uint8Array>): Promise<u64>;
  upload(upload: Upload): Promise<u64>;
  /** Writes to what it may only read. */
  deface(data: Lease<Uint8Array>): Promise<void>;
  /** The sums of the bytes and of the stream. */
  both(data: Lease<Uint8Array>, items: AsyncIterable<u32>): Promise<u64>;
  discard(data: Lease<Uint8Array>): void;
  discarded(): Promise<u64>;
  /** Waits for its context to end, and gives the sum that the bytes had before and after. */
  hold(data: Lease<Uint8Array>): Promise<u64>;
}

export interface UnsafeLease {
  data: Lease<Uint8Array>;
  n: int;
}

/** Handlers that call back. */
export interface Nest extends GoService {
  echo(value: Everything): Promise<Everything>;
  add(a: i32, b: i32): Promise<i32>;
  join(words: string[], separator: string): Promise<string>;
  bytes(data: Uint8Array): Promise<Uint8Array>;
  paint(color: Color): Promise<Color>;
  nothing(): Promise<void>;
  note(lines: string[]): Promise<void>;
  /** The error that calling has ended with, handed on as it came. */
  misbehave(how: string): Promise<u8>;
  /** The same, but the error is looked at in Go: its fields, one a line. */
  look(how: string): Promise<string>;
  missing(): Promise<void>;
  tellMissing(): Promise<void>;
  /** Calls `misbehave`, and gives up after so many milliseconds: by the context's deadline, or by cancelling. */
  giveUp(how: string, ms: u32, deadline: boolean): Promise<string>;
  /** 0 where it ends; else what `Host.down` says, and one more. */
  down(depth: u32): Promise<u32>;
  /** So many goroutines call `Host.add` so many times each; the sum of what came back. */
  many(goroutines: u32, calls: u32): Promise<number>;
  /** The same with bodies, one-way calls and calls that are given up in the mix; how many had the right answer. */
  mix(goroutines: u32, calls: u32): Promise<number>;
  /** Adds up by calling for each. */
  total(values: AsyncIterable<i32>): Promise<i32>;
  /** Each item comes from TypeScript. */
  called(n: u32): AsyncIterable<i32>;
  /** Starts a goroutine that goes on calling when this has returned; `later` says what became of it. */
  goOn(calls: u32): Promise<void>;
  later(): Promise<string>;
  /** Starts a goroutine that calls `misbehave("forever")`. */
  waitLater(): Promise<void>;
  /** Nanoseconds that each of so many calls took, one after the other. */
  latency(calls: u32): Promise<Float64Array>;
  patience(ms: u32): Promise<number>;
  /** Calls of Go's that wait for an answer, and bodies in its arena. */
  left(): Promise<string>;
}

/** Every kind of call side by side in one worker: see mixture.ts. */
export interface Mix extends GoService {
  add(a: i32, b: i32): Promise<i32>;
  join(words: string[], separator: string): Promise<string>;
  bytes(data: Uint8Array): Promise<Uint8Array>;
  sleep(ms: u32): Promise<u32>;
  fail(message: string): Promise<void>;
  count(n: u32): AsyncIterable<u32>;
  /** Never ends by itself. */
  endless(): AsyncIterable<u32>;
  total(values: AsyncIterable<u32>): Promise<u32>;
  twice(values: AsyncIterable<u32>): AsyncIterable<u32>;
  make(n: u32): Promise<Lease<Uint8Array>>;
  sum(data: Lease<Uint8Array>): Promise<u64>;
  /** Comes back to TypeScript for the sum. */
  called(a: i32, b: i32): Promise<i32>;
  /** Waits for the end of its context. */
  forever(): Promise<void>;
  note(text: string): void;
  /** Go's own calls that wait for an answer, and bodies in its arena. */
  left(): Promise<string>;
}

/** Errors with all that they carry, in both directions. What fails, and how, is a plan of JSON: see errors.go. */
export interface Failures extends GoService {
  /** Fails as planned. */
  fail(plan: string): Promise<void>;
  /** Panics with the error that is planned. */
  panic(plan: string): Promise<void>;
  /** Calls `Thrower.raise`, and fails with what that has failed with, wrapped so many times. */
  relay(id: string, wraps: u32): Promise<void>;
  /** Calls `Thrower.raise`, and panics with what that has failed with. */
  panicWith(id: string): Promise<void>;
  /** Calls `Thrower.raise`, and says as JSON what Go sees of what that has failed with. */
  look(id: string): Promise<string>;
  /** Calls `Thrower.raise`, and says what is found in its failure that differs from the planned error; nothing if all is well. */
  compare(id: string, plan: string): Promise<string>;
  /** Calls itself through `Thrower.raise` so many times, and panics at the end. */
  nest(depth: u32): Promise<void>;
}

/** Implemented in TypeScript: throws what is known under the id. */
export interface Thrower extends NodeService {
  raise(id: string): Promise<void>;
}

/** What came with a call, as Go has it. */
export interface Seen {
  metadata: Record<string, string>;
  words: string[];
}

/** Implemented in TypeScript: says what came with calls from Go. */
export interface Witness extends NodeService {
  look(words: string[]): Promise<Seen>;
  /** The same, with arguments that travel in an entry. */
  count(n: i32): Promise<Seen>;
  nothing(): Promise<Seen>;
  tell(line: string): void;
}

/** Handlers that look at what came with their calls. */
export interface Context extends GoService {
  look(words: string[]): Promise<Seen>;
  count(n: i32): Promise<Seen>;
  nothing(): Promise<Seen>;
  note(text: string): void;
  /** What came with the calls of `note`. */
  notes(): Promise<Seen[]>;
  /** What came with the call, then each item. */
  items(words: AsyncIterable<string>): AsyncIterable<string>;
  /** Calls the method of `Witness` that `how` says, with this metadata. */
  back(how: string, metadata: Record<string, string>): Promise<Seen>;
  /** The same, with what came with the call. */
  forward(): Promise<Seen>;
  /** Calls back when this has returned, with a context that this had; `later` waits for it. */
  goOn(): Promise<void>;
  later(): Promise<Seen>;
}

/** Handlers that interceptors of Go stand around. */
export interface Guarded extends GoService {
  /** Fails so many times first. */
  flaky(failures: u32): Promise<string>;
  /** A result that takes memory, however often it is made. */
  large(n: u32): Promise<Uint8Array>;
  tell(text: string): void;
  count(n: u32): AsyncIterable<u32>;
  /** What the interceptors saw since the last time. */
  log(): Promise<string[]>;
}
