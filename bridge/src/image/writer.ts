import { native } from "@x/mem-ring/channel";
import type { ElementKind } from "../schema/index.js";
import { LeasedBytes } from "./leased-bytes.js";
import { isDate, isMap, isRecord, isSet, NANOSECONDS, nanoseconds } from "./objects.js";
import { MAX_DEPTH, NATIVE_COPY, type Views } from "./views.js";

/**
 * Thrown when a value does not fit its type. It carries nothing: the hot path builds no strings. Whoever catches it
 * asks `explain` where the fault lies.
 */
export const REFUSED: unique symbol = Symbol("a value does not fit its type");

/** Thrown when the body is too small; `Writer.wanted` says how many bytes would have been enough so far. */
export const BODY_FULL: unique symbol = Symbol("the body is full");

const TWO_32 = 2 ** 32;
/** Up to this many UTF-16 units a loop over `charCodeAt` beats the call into Buffer's own encoder. */
const SHORT = 24;

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** The constructor of a typed array, which names its element type. */
export interface TypedArrayConstructor<T extends TypedArray = TypedArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): T;
}

export const TYPED_ARRAYS: { readonly [K in ElementKind]: TypedArrayConstructor } = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
};

/**
 * Writes one image: Go's own memory layout, straight into the body, in one pass over the value.
 *
 * Generated code calls it with positions that the generator computed. Every method checks that the value fits and
 * throws {@link REFUSED} where it does not, before anything is published. The mirror is go/image/writer.go.
 */
export class Writer {
  private readonly v: Views;
  // The two views that every image needs, one load away.
  private readonly bytes8: Uint8Array;
  private readonly words: Int32Array;
  /** The next free position of the body. */
  private top = 0;
  /** The position behind the body. */
  private end = 0;
  /** The upper half of every pointer: the region lies 4 GiB-aligned in Go, so the lower half is the position. */
  private high: number;
  private depth = 0;
  /** Bytes that the body would have had to have when {@link BODY_FULL} was thrown. */
  wanted = 0;
  private start = 0;

  /** Says where bytes lie that need not be copied, or -1. */
  move: ((bytes: LeasedBytes) => number) | undefined = undefined;

  constructor(views: Views, high: number) {
    this.v = views;
    this.bytes8 = views.u8;
    this.words = views.i32;
    this.high = high | 0;
  }

  /** Begins an image at `start`, with its root of `rootSize` bytes there; `end` is the position behind the body. */
  begin(start: number, rootSize: number, end: number): void {
    this.start = start;
    this.top = start + rootSize;
    this.end = end;
    this.depth = 0;
    if (this.top > end) this.full(this.top);
  }

  /** The image's length in bytes so far. */
  get length(): number {
    return this.top - this.start;
  }

  private full(top: number): never {
    this.wanted = top - this.start;
    throw BODY_FULL;
  }

  /** Reserves `bytes`, aligned, and returns their position. */
  private take(bytes: number, align: number): number {
    // Unsigned: the request arena of the largest region ends beyond 2 GiB.
    const at = ((this.top + align - 1) & -align) >>> 0;
    const top = at + bytes;
    if (top > this.end) this.full(top);
    this.top = top;
    return at;
  }

  /** Writes the ref of a string, {ptr, len}, at the word `q`. */
  private stringHeader(q: number, at: number, n: number): void {
    const words = this.words;
    words[q] = at;
    words[q + 1] = this.high;
    words[q + 2] = n;
    words[q + 3] = 0;
  }

  /** Writes the ref of a slice, {ptr, len, cap}, at the word `q`. */
  private listHeader(q: number, at: number, n: number): void {
    const words = this.words;
    words[q] = at;
    words[q + 1] = this.high;
    words[q + 2] = n;
    words[q + 3] = 0;
    words[q + 4] = n;
    words[q + 5] = 0;
  }

  private emptyList(q: number): void {
    const words = this.words;
    for (let i = 0; i < 6; i++) words[q + i] = 0;
  }

  /** Counts a level of a recursive type; pair with {@link leave}. A value in a cycle ends here. */
  enter(): void {
    if (++this.depth > MAX_DEPTH) throw REFUSED;
  }

  leave(): void {
    this.depth--;
  }

  /** Refuses what is no object where a struct is wanted: needed only where no field would notice. */
  object(v: unknown): void {
    if (typeof v !== "object" || v === null) throw REFUSED;
  }

  bool(p: number, v: boolean): void {
    if (typeof v !== "boolean") throw REFUSED;
    this.bytes8[p] = v ? 1 : 0;
  }

  u8(p: number, v: number): void {
    if (v !== (v & 0xff)) throw REFUSED;
    this.bytes8[p] = v;
  }

  i8(p: number, v: number): void {
    if (v !== (v << 24) >> 24) throw REFUSED;
    this.v.i8[p] = v;
  }

  u16(p: number, v: number): void {
    if (v !== (v & 0xffff)) throw REFUSED;
    this.v.u16[p >>> 1] = v;
  }

  i16(p: number, v: number): void {
    if (v !== (v << 16) >> 16) throw REFUSED;
    this.v.i16[p >>> 1] = v;
  }

  u32(p: number, v: number): void {
    if (v !== v >>> 0) throw REFUSED;
    this.v.u32[p >>> 2] = v;
  }

  i32(p: number, v: number): void {
    if (v !== (v | 0)) throw REFUSED;
    this.v.i32[p >>> 2] = v;
  }

  /** A finite number that would become infinite is refused; one that only loses digits is not. */
  f32(p: number, v: number): void {
    if (typeof v !== "number") throw REFUSED;
    const f = Math.fround(v);
    if (f - f !== 0 && v - v === 0) throw REFUSED;
    this.v.f32[p >>> 2] = f;
  }

  f64(p: number, v: number): void {
    if (typeof v !== "number") throw REFUSED;
    this.v.f64[p >>> 3] = v;
  }

  u64(p: number, v: bigint): void {
    if (typeof v !== "bigint" || BigInt.asUintN(64, v) !== v) throw REFUSED;
    this.v.u64[p >>> 3] = v;
  }

  i64(p: number, v: bigint): void {
    if (typeof v !== "bigint" || BigInt.asIntN(64, v) !== v) throw REFUSED;
    this.v.i64[p >>> 3] = v;
  }

  int(p: number, v: number): void {
    if (!Number.isSafeInteger(v)) throw REFUSED;
    const u32 = this.v.u32;
    u32[p >>> 2] = v >>> 0;
    u32[(p >>> 2) + 1] = Math.floor(v / TWO_32) >>> 0;
  }

  string(p: number, v: string): void {
    if (typeof v !== "string") throw REFUSED;
    const n = v.length;
    const at = this.top;
    if (n > SHORT || at + n > this.end) return this.longString(p, v);
    const bytes8 = this.bytes8;
    for (let i = 0; i < n; i++) {
      const c = v.charCodeAt(i);
      if (c > 0x7f) return this.longString(p, v);
      bytes8[at + i] = c;
    }
    if (n === 0) return this.emptyString(p >>> 2);
    this.top = at + n;
    this.stringHeader(p >>> 2, at, n);
  }

  private emptyString(q: number): void {
    const words = this.words;
    for (let i = 0; i < 4; i++) words[q + i] = 0;
  }

  private longString(p: number, v: string): void {
    const at = this.top;
    // A UTF-16 unit takes at most three bytes. Counting them exactly costs a pass, so it is done only if they may not fit.
    if (at + v.length * 3 > this.end) {
      const bytes = Buffer.byteLength(v);
      if (at + bytes > this.end) this.full(at + bytes);
    }
    const bytes = this.v.text.utf8Write(v, at, this.end - at);
    // As many bytes as units is pure ASCII. Otherwise a lone surrogate may have become U+FFFD.
    if (bytes !== v.length && !v.isWellFormed()) throw REFUSED;
    this.top = at + bytes;
    this.stringHeader(p >>> 2, at, bytes);
  }

  /** A string that is one of a set. */
  literal(p: number, v: string, values: ReadonlyMap<string, string>): void {
    if (!values.has(v)) throw REFUSED;
    this.string(p, v);
  }

  /** A `Uint8Array`: {@link typedArray} for the type that most bodies carry. */
  bytes(p: number, v: Uint8Array): void {
    if (!(v instanceof Uint8Array)) throw REFUSED;
    const n = v.length;
    if (n === 0) {
      // Nothing is left of these, and nothing is hardly what was meant.
      if (v instanceof LeasedBytes && v.released) throw REFUSED;
      return this.emptyList(p >>> 2);
    }
    // On shared memory `set` goes word by word, but byte by byte where the two sides are not aligned alike.
    const at = this.take(n, n <= SHORT ? 1 : 8);
    this.copy(v, n, at);
    this.listHeader(p >>> 2, at, n);
  }

  /** Bytes that Go sees in place: those of `alloc` stay where they are. */
  lease(p: number, v: Uint8Array): void {
    if (v instanceof LeasedBytes && v.length > 0) {
      const at = this.move?.(v) ?? -1;
      if (at >= 0) return this.listHeader(p >>> 2, at, v.length);
    }
    this.bytes(p, v);
  }

  /** Copies `n` bytes to `at`, by what is quickest for so many. */
  private copy(v: Uint8Array, n: number, at: number): void {
    const bytes8 = this.bytes8;
    if (n <= SHORT) for (let i = 0; i < n; i++) bytes8[at + i] = v[i] as number;
    else if (n < NATIVE_COPY) bytes8.set(v, at);
    else native.copyBytes(bytes8, at, v, 0, n);
  }

  /** A typed array of another element type. */
  typedArray<T extends TypedArray>(p: number, v: T, type: TypedArrayConstructor<T>): void {
    if (!(v instanceof type)) throw REFUSED;
    const n = v.length;
    if (n === 0) return this.emptyList(p >>> 2);
    const size = type.BYTES_PER_ELEMENT;
    const at = this.take(n * size, size);
    this.copy(new Uint8Array(v.buffer, v.byteOffset, n * size), n * size, at);
    this.listHeader(p >>> 2, at, n);
  }

  /** Writes the header of a list and returns the position of its first element (0 if it is empty). */
  list(p: number, v: readonly unknown[], size: number, align: number): number {
    if (!Array.isArray(v)) throw REFUSED;
    const n = v.length;
    if (n === 0) {
      this.emptyList(p >>> 2);
      return 0;
    }
    const at = this.take(n * size, align);
    this.listHeader(p >>> 2, at, n);
    return at;
  }

  /** Writes a pointer to a value of this size and returns the value's position. */
  pointer(p: number, size: number, align: number): number {
    const at = this.take(size, align);
    const q = p >>> 2;
    this.words[q] = at;
    this.words[q + 1] = this.high;
    return at;
  }

  /** Writes an absent optional value. */
  nil(p: number): void {
    const q = p >>> 2;
    this.words[q] = 0;
    this.words[q + 1] = 0;
  }

  /** Refuses a value that the calling encoder found not to fit. */
  refuse(): never {
    throw REFUSED;
  }

  /** A field that has only one value: it is checked and not sent. */
  constant(v: unknown, value: unknown): void {
    if (v !== value) throw REFUSED;
  }

  /** A whole number that is one of a set. */
  numeral(p: number, v: number, values: ReadonlyMap<number, unknown>): void {
    if (!values.has(v)) throw REFUSED;
    this.int(p, v);
  }

  /** A tuple has as many places as its type says. */
  tuple(v: readonly unknown[], n: number): void {
    if (!Array.isArray(v) || v.length !== n) throw REFUSED;
  }

  /** A Date, as milliseconds since 1970. */
  date(p: number, v: Date): void {
    if (!isDate(v)) throw REFUSED;
    this.int(p, v.getTime());
  }

  /** Milliseconds, as whole nanoseconds. */
  duration(p: number, v: number): void {
    if (typeof v !== "number") throw REFUSED;
    const n = Math.round(v * NANOSECONDS);
    // Above that the product itself is rounded, and may be off by one.
    if (Math.abs(n) <= 2 ** 51) return this.int(p, n);
    const exact = nanoseconds(v);
    if (exact === undefined) throw REFUSED;
    this.i64(p, exact);
  }

  /** The position behind the entries that {@link map} or {@link set} has just made room for. */
  limit = 0;

  /**
   * Writes the header of a map whose entries take `size` bytes each and returns the position of the first. The encoder
   * writes entries up to {@link limit} and refuses a map that has more or fewer by then: a getter may change it.
   */
  map(p: number, v: ReadonlyMap<unknown, unknown>, size: number, align: number): number {
    if (!isMap(v)) throw REFUSED;
    return this.entries(p, v.size, size, align);
  }

  set(p: number, v: ReadonlySet<unknown>, size: number, align: number): number {
    if (!isSet(v)) throw REFUSED;
    return this.entries(p, v.size, size, align);
  }

  private entries(p: number, n: number, size: number, align: number): number {
    this.limit = 0;
    if (n === 0) {
      this.emptyList(p >>> 2);
      return 0;
    }
    const at = this.take(n * size, align);
    this.listHeader(p >>> 2, at, n);
    this.limit = at + n * size;
    return at;
  }

  /** The position of the first entry of the object that {@link record} has just returned the keys of. */
  first = 0;

  /** Writes the header of an object with any keys and returns these. */
  record(p: number, v: Readonly<Record<string, unknown>>, size: number, align: number): readonly string[] {
    if (!isRecord(v)) throw REFUSED;
    const keys = Object.keys(v);
    this.first = this.entries(p, keys.length, size, align);
    return keys;
  }

  /** Writes which member of a union follows, and a pointer to it: returns the member's position. */
  variant(p: number, tag: number, size: number, align: number): number {
    this.words[p >>> 2] = tag;
    return this.pointer(p + 8, size, align);
  }

  /** Writes an absent union. */
  noVariant(p: number): void {
    this.words[p >>> 2] = 0;
    this.nil(p + 8);
  }
}
