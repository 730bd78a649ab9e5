/**
 * The words that an interface file uses beyond TypeScript's own. All are types: they leave nothing at run time.
 */

/** Marks an interface whose methods are implemented in Go and called from TypeScript. */
// biome-ignore lint/suspicious/noEmptyInterface: a marker that the generator looks for; the user's interface extends it.
export interface GoService {}

/** Marks an interface whose methods are implemented in TypeScript and called from Go. */
// biome-ignore lint/suspicious/noEmptyInterface: as GoService.
export interface NodeService {}

export type u8 = number;
export type i8 = number;
export type u16 = number;
export type i16 = number;
export type u32 = number;
export type i32 = number;
export type f32 = number;
/** The same as a plain `number`. */
export type f64 = number;
/** 64 bits, unsigned: a bigint from 0 to 2^64 - 1. */
export type u64 = bigint;
/** 64 bits, signed. */
export type i64 = bigint;
/** Go's `int`: a whole number from -(2^53 - 1) to 2^53 - 1, refused outside it in both directions. */
export type int = number;

/**
 * A span of time in milliseconds, Go's `time.Duration`: any number may be passed for one. Fractions are kept to the
 * nanosecond; what is beyond Go's 292 years is refused. Above 99 days a number cannot hold every nanosecond.
 */
export type Duration = number & { readonly "unit of Duration"?: "milliseconds" };

/** Bytes in memory that this process shares with Go. They are released by `using`, or by hand. */
export interface LeasedArray extends Uint8Array<ArrayBuffer>, Disposable {
  /** Whether they were released, or passed in a call: then they are gone, and `length` is 0. */
  readonly released: boolean;
  /** Gives them back, and takes them away from all views of their buffer. Doing it again does nothing. */
  release(): void;
  /** A part of the same lease: it is released, and passed on, with the whole. */
  subarray(begin?: number, end?: number): LeasedArray;
}

/**
 * Bytes that cross without a copy: `Lease<Uint8Array>`, in a method's result or parameters.
 *
 * In a result they lie where Go has put them (`ts2go.Alloc`), until `release`, which `using` calls. Who forgets them is
 * helped by the garbage collector, later. As an argument pass a buffer of `client.alloc(n)`: it becomes the call's, and is
 * gone on this side. Go's handler sees it in place, until it returns, and cannot write to it.
 */
export type Lease<T> = T extends Uint8Array ? LeasedArray : never;

/**
 * On a parameter: the Go handler gets the value in place, in the request arena, instead of a copy of its own.
 *
 * It is valid until the handler returns and may not be written to or kept. Saves the copy; the default (owned) is
 * right until a measurement says otherwise.
 */
export type Borrow<T> = T;
