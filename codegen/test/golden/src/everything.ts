/** Everything that an interface file can hold, as one golden file. */
import type { Borrow, Duration, f32, f64, GoService, i16, i32, i64, i8, int, u16, u64 } from "@x/ts2go";
import type Ledger from "./parts/account.js";
import type { Holder, User as AccountUser } from "./parts/account.js";
import type { Byte, InPlace, Service, u32 } from "./parts/words.js";

/** Nothing of this is sent, and nothing is said about it. */
export interface Unused {
  when: RegExp;
}

export type UserId = u32;
export type Tags = string[];
export type Maybe = string | null;

/**
 * A colour.
 *
 * - one that glows
 * - or one that does not
 *
 * ```ts
 * const colour: Colour = "red";
 * ```
 *
 * @deprecated Use the spectrum.
 */
export type Colour = "red" | "dark-blue" | "" | "2nd" | "Red" | "\u00e9" | "`";
export type AnyColour = Colour | "infra-red";
export type OrNothing = "on" | "off" | null;

/** Every plain type. */
export interface Plain {
  yes: boolean;
  text: string;
  /** A number as TypeScript has it. */
  number: number;
  a: Byte;
  b: i8;
  c: u16;
  d: i16;
  e: u32;
  f: i32;
  g: f32;
  h: f64;
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
  bytes: Byte[];
  ints: readonly int[];
  flags: Array<boolean>;
  words: ReadonlyArray<string>;
  matrix: number[][];
  cube: readonly (readonly (readonly string[])[])[];
  colours: Colour[];
}

export interface Optionals {
  a?: string;
  b: string | null;
  c: string | undefined;
  d?: Byte | null;
  e: Maybe;
  f?: Tags;
  g: (string | null)[] | null;
  h?: Plain;
  i: Colour | null;
  j?: Optionals;
  k: OrNothing;
  l?: readonly (Plain | undefined)[];
  last: boolean;
}

/** A tree. */
export interface Tree {
  value: number;
  left?: Tree;
  right: Tree | null;
  kids: Tree[];
}

/** Two that need each other. */
export interface Ping {
  pong: Pong[];
}
export interface Pong {
  ping?: Ping;
}

export interface Empty {}

/** Names that ask for trouble. */
export interface Names {
  userId: UserId;
  userID: string;
  user_id: string;
  htmlURL: string;
  ids: UserId[];
  type: string;
  "content-type": string;
  "2fa": boolean;
  $ref: string;
  _: string;
  "\u540d\u524d": string;
  constructor: string;
  toString?: string;
  func: { range: string; select: { go: string }[] };
  either: "yes" | "no";
}

export type Aliased = { plain: Plain; next?: Aliased };
export type Listed = { inner: string }[];

/** Called like a type of the runtime. */
export interface Reader {
  name: string;
}
export interface Client {
  reader: Reader;
}
/** Called like a client. */
export interface everything {
  client: Client;
}
export interface User {
  name: string;
}

/**
 * Everything at once.
 * Second line.
 */
export interface Everything extends GoService {
  /** No parameters, no result. */
  nothing(): Promise<void>;
  /** Fire and forget. */
  notify(): void;
  tell(user: User): void;
  plain(plain: Plain): Promise<Plain>;
  arrays(arrays: Arrays): Promise<Arrays>;
  optionals(optionals: Optionals): Promise<Optionals>;
  tree(tree: Tree): Promise<Tree>;
  ping(ping: Ping): Promise<Pong | null>;
  empty(empty: Empty, list: Empty[]): Promise<Empty>;
  names(names: Names): Promise<Names>;
  aliased(aliased: Aliased, listed: Listed): Promise<Listed>;
  runtime(client: Client, everything: everything): Promise<Reader>;
  holder(holder: Holder, ledger: Ledger, user: AccountUser, own: User): Promise<Ledger>;
  scalars(a: boolean, b: string, c: Byte, d: u64): Promise<number>;
  words(type: string, ctx: string, err?: string, n?: number): Promise<string>;
  inline(options: { depth?: int; mode: "fast" | "slow" }): Promise<{ took: number }>;
  colour(colour: Colour): Promise<AnyColour | null>;
  lists(names: string[], users: readonly User[], maybe: Tags | undefined): Promise<(User | null)[]>;
  /**
   * @param id the user's number
   */
  "odd-name"(id: UserId): Promise<OrNothing>;
}

/** Values in place. */
export interface Loans extends Service {
  tree(tree: Borrow<Tree>): Promise<number>;
  arrays(arrays: InPlace<Arrays>): Promise<void>;
  optionals(optionals: Borrow<Optionals>): Promise<void>;
  several(a: Borrow<string>, b: Borrow<Uint8Array>, c: Borrow<Plain[]>, d: Borrow<Tree | null>, e: Borrow<Colour>): void;
  mixed(plain: Borrow<Plain>, own: Tree, empty: Borrow<Empty>): Promise<boolean>;
  matrix(matrix: Borrow<readonly string[][]>, flags: Borrow<boolean[]>, numbers: Borrow<number[]>): Promise<void>;
}

/** An enum of strings. */
export enum Status {
  /** Not begun. */
  Open = "open",
  InProgress = "in-progress",
  /** @deprecated Use {@link Status.Open}. */
  Old = "old",
}
export enum Priority {
  Low,
  High = 10,
  Never = -1,
}
export const enum Size {
  Small = "s",
  Large = "l",
}
export type Grade = 1 | 2 | -3;

/** A span, by its ends. */
export type Span = readonly [
  /** Where it begins. */
  from: number,
  to: number | null,
];

export interface Circle {
  kind: "circle";
  radius: number;
}
export interface Rectangle {
  readonly kind: "rectangle";
  readonly size: readonly [width: number, height: number];
}
export interface Group {
  kind: "group";
  name?: string;
  shapes: readonly Shape[];
  background: Shape | null;
}
/** Any shape. */
export type Shape = Circle | Rectangle | Group;
/** More of them, two without a name. */
export type Figure = Shape | { kind: "point" } | { kind: "label"; text: string; at?: Span };
/** Told apart by an enum. */
export type Step = { status: Status.Open } | { status: Status.InProgress; since: Date };

/** A page of anything. */
export interface Page<T, Cursor = string> {
  items: readonly T[];
  next?: Cursor;
  /** The same for all instances. */
  about: { total: u32 };
  /** Another one for each. */
  ends: { first: T | null };
}
export type Result<T> = { ok: true; value: T } | { ok: false; error: string };
export type Option<T> = T | null;
export interface Linked<T extends { id: UserId }> {
  value: T;
  next?: Linked<T>;
}
export interface Entity<Id> {
  /** The key. */
  id: Id;
}
export interface Task extends Entity<UserId>, Omit<User, "id"> {
  status: Status;
  /** @deprecated Nobody reads it. */
  priority: Priority;
  due: Date | null;
  took?: Duration;
}
export type TaskPatch = Partial<Omit<Task, "id">> & { readonly version: 2 };

export interface Collections {
  byName: Map<string, User>;
  bySize: ReadonlyMap<Size, Duration[]>;
  flags: Map<boolean, Set<i64>>;
  deep: Map<u32, Map<Priority, string | null>>;
  counts: Record<string, number>;
  open: { [name: string]: Shape | undefined };
  tags: ReadonlySet<string>;
  /** A struct: its keys are known. */
  perStatus: Record<Status, u32>;
  maybe?: Map<string, Date>;
}

/** What has another form in Go than in an image. */
export interface Kinds extends GoService {
  status(status: Status, priority: Priority, size: Size, grade: Grade): Promise<[Status, Grade | null]>;
  values(warm: Exclude<Colour, "" | "`">, key: keyof Circle, yes: true | false): Promise<Status.Open | null>;
  span(span: Borrow<Span>, pairs: [string, u32][]): Promise<Span>;
  shape(shape: Shape, figure: Figure | null): Promise<Figure>;
  maybe(shape?: Shape): Promise<Shape | undefined>;
  step(step: Step): Promise<Step[]>;
  page(page: Page<User>): Promise<Page<Page<string>, u32>>;
  generic(names: Page<string[]>, task: Linked<Task>, option: Option<Tags>): Promise<Result<Task>>;
  patch(patch: TaskPatch, some: Pick<Task, "id" | "due">, user: Partial<User>): Promise<Required<TaskPatch>>;
  lookUp(id: Task["id"], took: Task["took"]): Promise<NonNullable<Task["due"]>>;
  collections(collections: Collections): Promise<Collections>;
  time(at: Date, every: Duration): Promise<Duration>;
}
