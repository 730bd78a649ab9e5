import { RingError } from "../errors.js";

/** The memory of a queue, seen as numbers of every size. Made once: making a view costs as much as ten entries. */
export interface Views {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
  readonly data: DataView;
}

export type TypedArray = Uint8Array | Int32Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array;

/** What an entry is: its size, and how it is written and read. One's own may be any fixed-size record. */
export interface Entry<T> {
  /** Bytes, from 1 to 65,536. */
  readonly size: number;
  /** Writes the value at a byte position: 4,096 and a multiple of `size`. Throws if it is no such value. */
  write(views: Views, at: number, value: T): void;
  /** Reads it; never `undefined`, which means that there is none. The peer may be writing there: read each word once, and check what was read. */
  read(views: Views, at: number): T;
  /** Which view holds one entry an element, if one does: then many are copied at once. */
  readonly array?: Exclude<keyof Views, "data">;
}

const refuse = (expected: string, value: unknown): never => {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  const received = value instanceof Uint8Array ? `one of ${value.length} bytes` : `${typeof value} ${shown}`;
  throw new RingError("ERR_RING_MISUSE", `push: expected ${expected}, got ${received}`);
};

/** Numbers of 64 bits, as JavaScript has them. */
export const f64: Entry<number> = {
  size: 8,
  array: "f64",
  write(views, at, value) {
    if (typeof value !== "number") refuse("a number", value);
    views.f64[at >>> 3] = value;
  },
  read: (views, at) => views.f64[at >>> 3] as number,
};

/** Whole numbers from 0 to 4,294,967,295. */
export const u32: Entry<number> = {
  size: 4,
  array: "u32",
  write(views, at, value) {
    if (typeof value !== "number" || value >>> 0 !== value) refuse("a whole number from 0 to 4294967295", value);
    views.u32[at >>> 2] = value;
  },
  read: (views, at) => views.u32[at >>> 2] as number,
};

/** Whole numbers from -2,147,483,648 to 2,147,483,647. */
export const i32: Entry<number> = {
  size: 4,
  array: "i32",
  write(views, at, value) {
    if (typeof value !== "number" || (value | 0) !== value)
      refuse("a whole number from -2147483648 to 2147483647", value);
    views.i32[at >>> 2] = value;
  },
  read: (views, at) => views.i32[at >>> 2] as number,
};

/** Bigints from 0 to 2^64 - 1. */
export const u64: Entry<bigint> = {
  size: 8,
  array: "u64",
  write(views, at, value) {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) refuse("a bigint from 0 to 2^64 - 1", value);
    views.u64[at >>> 3] = value;
  },
  read: (views, at) => views.u64[at >>> 3] as bigint,
};

/** Bigints from -2^63 to 2^63 - 1. */
export const i64: Entry<bigint> = {
  size: 8,
  array: "i64",
  write(views, at, value) {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse("a bigint of 64 bits", value);
    views.i64[at >>> 3] = value;
  },
  read: (views, at) => views.i64[at >>> 3] as bigint,
};

/** Exactly so many bytes. What is popped is a copy. */
export const bytes = (size: number): Entry<Uint8Array> => ({
  size,
  write(views, at, value) {
    if (!(value instanceof Uint8Array) || value.length !== size) refuse(`a Uint8Array of ${size} bytes`, value);
    views.u8.set(value, at);
  },
  read: (views, at) => views.u8.slice(at, at + size),
});

/** Every view of a memory, each as long as it goes into it: the last entry of four bytes may begin at a multiple of 8. */
export function viewsOf(memory: SharedArrayBuffer): Views {
  const fours = Math.floor(memory.byteLength / 4);
  const eights = Math.floor(memory.byteLength / 8);
  return {
    u8: new Uint8Array(memory),
    i32: new Int32Array(memory, 0, fours),
    u32: new Uint32Array(memory, 0, fours),
    f64: new Float64Array(memory, 0, eights),
    i64: new BigInt64Array(memory, 0, eights),
    u64: new BigUint64Array(memory, 0, eights),
    data: new DataView(memory),
  };
}
