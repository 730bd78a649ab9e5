/**
 * What the conformance suite calls: one interface with a method for each behaviour that a case looks at, in the groups of
 * `cases`. `name` is a gate wherever it is a parameter: see the first group.
 */
import type {
  Borrow,
  Duration,
  f32,
  GoService,
  i8,
  i16,
  i32,
  i64,
  int,
  Lease,
  NodeService,
  u8,
  u16,
  u32,
  u64,
} from "@x/ts2go";

/** A number of every kind. */
export interface Numbers {
  u8: u8;
  i8: i8;
  u16: u16;
  i16: i16;
  u32: u32;
  i32: i32;
  f32: f32;
  f64: number;
  u64: u64;
  i64: i64;
  int: int;
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

export interface User {
  name: string;
  age: u8;
}

export type Color = "red" | "green" | "blue";
export enum Status {
  Open = "open",
  InProgress = "in-progress",
}
export enum Priority {
  Low,
  High = 10,
  Never = -1,
}
export type Grade = 1 | 2 | -3;

/** A span, by its ends, each with whether it belongs to it. */
export type Span = [from: [at: number, closed: boolean], to: [at: number, closed: boolean] | null];

export interface Circle {
  kind: "circle";
  radius: number;
}
export interface Label {
  kind: "label";
  text: string;
  color?: Color;
}
export interface Group {
  kind: "group";
  shapes: Shape[];
}
export type Shape = Circle | Label | Group | { kind: "origin" };

export interface Page<T> {
  items: T[];
  next?: string;
}

/** A chain of any length. */
export interface Chain {
  value: u32;
  next?: Chain;
}
export interface Tree {
  name: string;
  children: Tree[];
}

export interface Optionals {
  flag?: boolean;
  count?: u32;
  text?: string;
  big?: i64;
  list?: string[];
  bytes?: Uint8Array;
  user?: User;
  color?: Color;
  day?: Date;
  orNull: string | null;
  orUndefined: u8 | undefined;
}

export interface Base {
  id: u32;
  note: string;
}
/** Made of others by what TypeScript has for that. */
export interface Derived extends Omit<Base, "note"> {
  some: Partial<User>;
  picked: Pick<User, "name">;
  both: User & { height: number };
}

// biome-ignore lint/suspicious/noEmptyInterface: that is what is tested.
export interface Empty {}

/** A value of most kinds, for the calls in both directions. */
export interface Everything {
  yes: boolean;
  text: string;
  numbers: Numbers;
  arrays: Arrays;
  list: string[];
  nested: i32[][];
  pair: [string, u8];
  byName: Map<string, u32>;
  tags: Set<string>;
  color: Color;
  status: Status;
  shape: Shape;
  maybe?: string;
  orNull: Numbers | null;
  chain?: Chain;
  day: Date;
  span: Duration;
}

export interface Payload {
  name: string;
  data: Uint8Array;
  words: string[];
}

/** One question of a conversation: how large the answer is to be. */
export interface Question {
  size: u32;
  payload: Uint8Array;
}

/** A large result in several pieces. */
export interface Picture {
  width: u32;
  pixels: Lease<Uint8Array>;
  thumbnail: Lease<Uint8Array> | null;
  tiles: Lease<Uint8Array>[];
}

/** A lease, and beside it a number that no number in TypeScript can be. */
export interface Spoilt {
  data: Lease<Uint8Array>;
  n: int;
}

/** What is passed in place, and beside it what is not. */
export interface Upload {
  name: string;
  data: Lease<Uint8Array>;
  more: Lease<Uint8Array>[];
  copied: Uint8Array;
}

/** What an error of Go is made of: its kind, what it says, and what it wraps or joins. */
export interface Failure {
  kind: string;
  text: string;
  id: i64;
  parts: Failure[];
}

/** What has come beside the arguments, and the arguments. */
export interface Seen {
  metadata: Map<string, string>;
  words: string[];
}

export interface Conformance extends GoService {
  // Gates: what makes cases sure of an order without looking at a clock.

  /** Waits until `release` or the end of its context: says which by `ends`, too. */
  hold(name: string): Promise<string>;
  /** Waits for `release`, whatever its context says. */
  stubborn(name: string, data: Uint8Array): Promise<Uint8Array>;
  /** Returns when a handler with this name has begun. */
  begun(name: string): Promise<void>;
  release(name: string): Promise<void>;
  /** Returns when a handler with this name has ended: the error of its context, and its cause. */
  ends(name: string): Promise<string>;
  hasEnded(name: string): Promise<boolean>;
  /** How many handlers with this name have begun, and how many items they have yielded. */
  times(name: string): Promise<u32>;

  // Values: each comes back as it came.

  bool(v: boolean): Promise<boolean>;
  text(v: string): Promise<string>;
  f64(v: number): Promise<number>;
  f32(v: f32): Promise<f32>;
  u8(v: u8): Promise<u8>;
  i8(v: i8): Promise<i8>;
  u16(v: u16): Promise<u16>;
  i16(v: i16): Promise<i16>;
  u32(v: u32): Promise<u32>;
  i32(v: i32): Promise<i32>;
  u64(v: u64): Promise<u64>;
  i64(v: i64): Promise<i64>;
  int(v: int): Promise<int>;
  bytes(v: Uint8Array): Promise<Uint8Array>;
  arrays(v: Arrays): Promise<Arrays>;
  words(v: string[]): Promise<string[]>;
  cube(v: i32[][][]): Promise<i32[][][]>;
  users(v: User[]): Promise<User[]>;
  pair(v: [string, u8]): Promise<[string, u8]>;
  span(v: Span): Promise<Span>;
  byName(v: Map<string, u32>): Promise<Map<string, u32>>;
  byNumber(v: Map<i32, string>): Promise<Map<i32, string>>;
  byFlag(v: Map<boolean, Map<Color, u8>>): Promise<Map<boolean, Map<Color, u8>>>;
  record(v: Record<string, User>): Promise<Record<string, User>>;
  byWord(v: Record<"left" | "right", u8>): Promise<Record<"left" | "right", u8>>;
  tags(v: Set<string>): Promise<Set<string>>;
  ids(v: Set<u32>): Promise<Set<u32>>;
  color(v: Color): Promise<Color>;
  status(v: Status): Promise<Status>;
  priority(v: Priority): Promise<Priority>;
  grade(v: Grade): Promise<Grade>;
  shape(v: Shape): Promise<Shape>;
  shapes(v: Shape[]): Promise<Shape[]>;
  maybeShape(v: Shape | null): Promise<Shape | null>;
  page(v: Page<User>): Promise<Page<User>>;
  pages(v: Page<Page<string>>): Promise<Page<Page<string>>>;
  chain(v: Chain): Promise<Chain>;
  tree(v: Tree): Promise<Tree>;
  date(v: Date): Promise<Date>;
  duration(v: Duration): Promise<Duration>;
  optionals(v: Optionals): Promise<Optionals>;
  derived(v: Derived): Promise<Derived>;
  empty(v: Empty): Promise<Empty>;
  everything(v: Everything): Promise<Everything>;
  nothing(): Promise<void>;
  /** What the arguments are in Go, `<nil>` for one that was left out. */
  several(a: boolean, b: string, c: u8, d?: i64): Promise<string>;
  /** What each number is in Go. */
  seenNumbers(v: Numbers): Promise<string[]>;
  /** What the others are in Go: text, day, span, color, shape, the map's values, whether `maybe` is there. */
  seen(v: Everything): Promise<string[]>;
  /** A value that Go has made. */
  made(): Promise<Everything>;
  /** What a handler that borrows sees: the name, the words, the sum of the bytes. */
  borrowed(v: Borrow<Payload>): Promise<string>;
  keep(v: Payload): Promise<void>;
  /** What was kept, and forgets it. */
  kept(): Promise<Payload[]>;

  // One-way calls.

  /** Keeps a line beneath a name. */
  note(name: string, text: string): void;
  /** Lines kept beneath a name, as soon as there are so many. */
  notes(name: string, n: u32): Promise<string[]>;
  noteFailing(how: string): void;

  // Errors.

  /** Fails with a message, and with a code unless that is empty. */
  fail(message: string, code: string): Promise<void>;
  /** Fails in the way that is named. */
  misbehave(how: string): Promise<u32>;
  invalidText(): Promise<string>;
  unsafeInt(): Promise<int>;
  wrongColor(): Promise<Color>;
  wrongPriority(): Promise<Priority>;
  noShape(): Promise<Shape>;
  cycle(): Promise<Chain>;
  farDate(): Promise<Date>;
  writeBorrowed(v: Borrow<Payload>): Promise<void>;

  // Details of errors.

  failWith(failure: Failure): Promise<void>;
  panicWith(failure: Failure): Promise<void>;
  /** Fails after `n` items. */
  failingWith(n: u32, failure: Failure): AsyncIterable<u32>;
  /** Fails after the first item. */
  failTakingWith(values: AsyncIterable<number>, failure: Failure): Promise<void>;
  /** Fails by what `Host.misbehave` has failed with, wrapped so many times. */
  relay(how: string, wraps: u32): Promise<void>;
  /** That error, with all that it wraps, as Go's JSON. */
  lookThrough(how: string): Promise<string>;
  /** What `errors.As` and `errors.Is` find of it. */
  find(how: string): Promise<string[]>;

  // Sizes.

  zeros(n: u32): Promise<Uint8Array>;
  large(size: u32, payload: Uint8Array): Promise<Uint8Array>;

  // Deadlines.

  /** Milliseconds until the context's deadline; 0 without one. */
  remaining(): Promise<number>;
  remainingStream(): AsyncIterable<number>;
  remainingOfItems(values: AsyncIterable<number>): Promise<number>;
  /** Waits with a shorter deadline of its own, and fails with its context's error. */
  ownDeadline(): Promise<void>;

  // Streams from Go.

  /** 0, 1, 2, ... and no more than `n` of them. */
  count(name: string, n: u32): AsyncIterable<u32>;
  /** As `count`, each after a call of `step`. */
  stepwise(name: string, n: u32): AsyncIterable<u32>;
  step(name: string): Promise<void>;
  /** Fails after `n` items in the way that is named. */
  failing(n: u32, how: string): AsyncIterable<u32>;
  blobs(n: u32, size: u32): AsyncIterable<Uint8Array>;
  userStream(n: u32): AsyncIterable<User>;
  shapeStream(): AsyncIterable<Shape>;
  mapStream(): AsyncIterable<Map<string, u32>>;
  /** The handler returns no iterator at all. */
  noStream(): AsyncIterable<string>;
  badItem(): AsyncIterable<string>;

  // Streams to Go.

  sum(values: AsyncIterable<number>): Promise<number>;
  /** Bytes of all items together. */
  sizes(blobs: AsyncIterable<Uint8Array>): Promise<number>;
  /** Joins names; has enough after `most`. */
  join(separator: string, users: AsyncIterable<User>, most: u32): Promise<string>;
  /** Reads all, and says how many came and how it ended: by `ends`, too. */
  fate(name: string, values: AsyncIterable<number>): Promise<string>;
  /** Reads nothing before `release`, then all: how many. */
  unread(name: string, values: AsyncIterable<number>): Promise<number>;
  /** Fails in the way that is named after `n` items. */
  failAfter(values: AsyncIterable<number>, n: u32, how: string): Promise<number>;
  kinds(values: AsyncIterable<Shape>): Promise<string[]>;

  // Both ways.

  twice(name: string, values: AsyncIterable<number>): AsyncIterable<number>;
  /** Reads all before it answers. */
  collected(values: AsyncIterable<string>): AsyncIterable<string>;
  /** Answers without reading. */
  deaf(values: AsyncIterable<number>, n: u32): AsyncIterable<u32>;
  /** An answer of so many bytes for each question. */
  answers(questions: AsyncIterable<Question>): AsyncIterable<Uint8Array>;
  /** Gives back `n` items, then fails. */
  twoWayFailing(values: AsyncIterable<number>, n: u32, how: string): AsyncIterable<number>;

  // Calls from Go: each asks `Host` for its answer.

  viaEverything(v: Everything): Promise<Everything>;
  viaAdd(a: i32, b: i32): Promise<i32>;
  viaJoin(words: string[], separator?: string): Promise<string>;
  viaBytes(v: Uint8Array): Promise<Uint8Array>;
  viaShape(v: Shape): Promise<Shape>;
  viaColor(v: Color): Promise<Color>;
  viaNothing(): Promise<void>;
  /** Makes one-way calls. */
  viaNote(lines: string[]): Promise<void>;
  /** The error that `Host.misbehave` has failed with, handed on as it came. */
  viaMisbehave(how: string): Promise<u8>;
  /** That error as Go sees it: name, message, code, method, Go type, stack. */
  look(how: string): Promise<string[]>;
  viaMissing(): Promise<void>;
  tellMissing(): Promise<void>;
  /** Calls `Host.misbehave("wait")` and gives up at `release`; says with what error the call ended. */
  giveUp(name: string): Promise<string>;
  /** The same by a deadline of its own of so many milliseconds. */
  giveUpAfter(ms: u32): Promise<string>;
  /** 0 where it ends; else what `Host.down` says, and one more. */
  down(depth: u32): Promise<u32>;
  /** So many goroutines call `Host.add` so many times each: the sum. */
  many(goroutines: u32, calls: u32): Promise<number>;
  /** Adds up by calling for each. */
  total(values: AsyncIterable<i32>): Promise<i32>;
  /** Each item comes from TypeScript. */
  called(n: u32): AsyncIterable<i32>;
  /** Starts a goroutine that calls `Host.add` at `release`, and returns before: `ends` says what came of it. */
  goOn(name: string): Promise<void>;
  /** Milliseconds that `Host.patience` is told; with a deadline of so many here unless that is 0. */
  viaPatience(ms: u32): Promise<number>;
  /** Calls of Go's that wait for an answer, and bodies in its arena. */
  left(): Promise<string>;

  // Leases.

  /** `n` bytes that count up from `first`, made in place. */
  make(n: u32, first: u8): Promise<Lease<Uint8Array>>;
  /** The same from memory of Go's own. */
  makeElsewhere(n: u32, first: u8): Promise<Lease<Uint8Array>>;
  /** The bytes from `from` to `to` of what `make` gives. */
  makePart(n: u32, from: u32, to: u32): Promise<Lease<Uint8Array>>;
  picture(width: u32, tiles: u32): Promise<Picture>;
  /** Allocates, and fails in the way that is named. */
  makeFailing(n: u32, how: string): Promise<Lease<Uint8Array>>;
  /** Allocates, and waits for `release` whatever its context says. */
  makeLate(name: string, n: u32): Promise<Lease<Uint8Array>>;
  spoilt(): Promise<Spoilt>;
  /** What allocating says once the handler has returned. */
  makeStale(name: string): Promise<void>;
  addUp(data: Lease<Uint8Array>): Promise<number>;
  upload(v: Upload): Promise<number>;
  /** Writes to what it may only read. */
  deface(data: Lease<Uint8Array>): Promise<void>;
  /** The sums of the bytes, and of the items behind them. */
  addUpBoth(data: Lease<Uint8Array>, values: AsyncIterable<number>): Promise<number>;
  /** Adds up before `release` and after, whatever its context says: both by `ends`, too. */
  addUpTwice(name: string, data: Lease<Uint8Array>): Promise<string>;
  /** Keeps the sum beneath a name, for `notes`. */
  noteSum(name: string, data: Lease<Uint8Array>): void;

  // Metadata: what has come with the call.

  surroundings(): Promise<Seen>;
  surroundingsOf(n: u32): Promise<Seen>;
  surroundingsBeside(words: string[]): Promise<Seen>;
  surroundingsBorrowed(v: Borrow<Payload>): Promise<Seen>;
  surroundingsOfItems(words: AsyncIterable<string>): Promise<Seen>;
  /** An item for each pair, then the words. */
  surroundingsStream(words: AsyncIterable<string>): AsyncIterable<string>;
  /** Keeps an item for each pair beneath a name, for `notes`. */
  noteSurroundings(name: string): void;
  /** Calls the method of `Host` that is named, with these. */
  viaWith(method: string, metadata: Map<string, string>): Promise<void>;
  /** Calls `Host.nothing` with what has come. */
  forward(): Promise<void>;
  /** The same after `release`, from a goroutine that goes on: `ends` says what came of it. */
  forwardLater(name: string): Promise<void>;

  // The worker.

  pid(): Promise<i32>;
  environment(name: string): Promise<string>;
  print(toStdout: string, toStderr: string): Promise<void>;
  /** Adds to a number that lives as long as the Go program. */
  increase(): Promise<u32>;
}

/** Handlers with interceptors around them, which do what the metadata says: see guarded.go. */
export interface Guarded extends GoService {
  /** How often this has been called beneath a name; fails the first `failures` times. */
  flaky(name: string, failures: u32): Promise<u32>;
  large(n: u32): Promise<Uint8Array>;
  count(n: u32): AsyncIterable<u32>;
  sum(values: AsyncIterable<number>): Promise<number>;
  /** Whom the interceptor has let in. */
  who(): Promise<string>;
  /** Keeps that as a line beneath a name. */
  tell(name: string): void;
  /** Lines kept beneath a name, as soon as there are so many. */
  lines(name: string, n: u32): Promise<string[]>;
}

/** Implemented in TypeScript: cases replace its methods one by one. */
export interface Host extends NodeService {
  everything(v: Everything): Promise<Everything>;
  add(a: i32, b: i32): Promise<i32>;
  join(words: string[], separator?: string): Promise<string>;
  bytes(v: Uint8Array): Promise<Uint8Array>;
  shape(v: Shape): Promise<Shape>;
  color(v: Color): Promise<Color>;
  nothing(): Promise<void>;
  note(line: string): void;
  misbehave(how: string): Promise<u8>;
  down(depth: u32): Promise<u32>;
  patience(): Promise<number>;
}

/** Implemented in TypeScript, and never provided. */
export interface Missing extends NodeService {
  call(): Promise<void>;
  tell(text: string): void;
}
