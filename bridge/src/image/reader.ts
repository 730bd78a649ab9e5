import { native } from "@x/mem-ring/channel";
import { DecodeError } from "../errors.js";
import { LeasedBytes } from "./leased-bytes.js";
import { DATE_MAX, NANOSECONDS } from "./objects.js";
import { MAX_DEPTH, NATIVE_COPY, type Views } from "./views.js";
import type { TypedArray, TypedArrayConstructor } from "./writer.js";

const TWO_32 = 2 ** 32;
/** Up to this many bytes a loop over `fromCharCode` beats the call into Buffer's own decoder. */
const SHORT = 16;

/**
 * Reads one image in place and returns values of its own: nothing that it returns refers to the region.
 *
 * Nothing in the region is trusted. Every ref is read once into locals, and those are checked against the body before
 * use; the sum of all that refs claim is bounded by the body's length. A fault throws {@link DecodeError}, which fails
 * the one call. The mirror is go/image/reader.go.
 */
export class Reader {
  private readonly v: Views;
  private readonly high: number;
  private start = 0;
  private end = 0;
  /** Bytes that refs may still claim: an honest image claims each byte at most once. */
  private left = 0;
  private depth = 0;
  /** Lends bytes of the arena that is read, wherever they lie in it, while a result with leases is read. */
  lend: ((at: number, n: number) => LeasedBytes) | undefined = undefined;
  /** The position of the first element of the list that {@link list} has just returned. */
  first = 0;

  /** The arena from `arenaStart` to `arenaEnd` is where leases may lie. */
  constructor(
    views: Views,
    high: number,
    private readonly arenaStart: number,
    private readonly arenaEnd: number,
  ) {
    this.v = views;
    this.high = high;
  }

  /** Begins to read the body from `start` to `end`, whose root takes `rootSize` bytes. */
  begin(start: number, rootSize: number, end: number): void {
    this.start = start;
    this.end = end;
    this.left = end - start;
    this.depth = 0;
    if (start + rootSize > end) {
      throw new DecodeError(`the body has ${end - start} bytes, its root needs ${rootSize}`);
    }
  }

  private claim(low: number, high: number, count: number, size: number, align: number): number {
    const cost = size === 0 ? 1 : size;
    if (high !== this.high || low < this.start || low > this.end || count * size > this.end - low) {
      throw new DecodeError(`a ref to ${count * size} bytes outside the body`);
    }
    if (count * cost > this.left) throw new DecodeError(`refs to more bytes than the body holds`);
    if ((low & (align - 1)) !== 0) throw new DecodeError(`a ref that is not aligned to ${align} bytes`);
    this.left -= count * cost;
    return low;
  }

  /** A length word: anything above 2^32 is beyond every region, and fails the bounds check that follows. */
  private count(p: number): number {
    const u32 = this.v.u32;
    return (u32[p >>> 2] as number) + (u32[(p >>> 2) + 1] as number) * TWO_32;
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) throw new DecodeError(`nested deeper than ${MAX_DEPTH}`);
  }

  leave(): void {
    this.depth--;
  }

  bool(p: number): boolean {
    return this.v.u8[p] !== 0;
  }

  u8(p: number): number {
    return this.v.u8[p] as number;
  }

  i8(p: number): number {
    return this.v.i8[p] as number;
  }

  u16(p: number): number {
    return this.v.u16[p >>> 1] as number;
  }

  i16(p: number): number {
    return this.v.i16[p >>> 1] as number;
  }

  u32(p: number): number {
    return this.v.u32[p >>> 2] as number;
  }

  i32(p: number): number {
    return this.v.i32[p >>> 2] as number;
  }

  f32(p: number): number {
    return this.v.f32[p >>> 2] as number;
  }

  f64(p: number): number {
    return this.v.f64[p >>> 3] as number;
  }

  u64(p: number): bigint {
    return this.v.u64[p >>> 3] as bigint;
  }

  i64(p: number): bigint {
    return this.v.i64[p >>> 3] as bigint;
  }

  int(p: number): number {
    const value = (this.v.u32[p >>> 2] as number) + (this.v.i32[(p >>> 2) + 1] as number) * TWO_32;
    if (!Number.isSafeInteger(value)) {
      throw new DecodeError(`an int that is not a safe integer (${this.v.i64[p >>> 3]}); declare it as i64`);
    }
    return value;
  }

  string(p: number): string {
    const n = this.count(p + 8);
    if (n === 0) return "";
    const u32 = this.v.u32;
    const at = this.claim(u32[p >>> 2] as number, u32[(p >>> 2) + 1] as number, n, 1, 1);
    if (n <= SHORT) {
      const u8 = this.v.u8;
      let text = "";
      for (let i = at; i < at + n; i++) {
        const c = u8[i] as number;
        if (c > 0x7f) return this.v.text.utf8Slice(at, at + n);
        text += String.fromCharCode(c);
      }
      return text;
    }
    return this.v.text.utf8Slice(at, at + n);
  }

  /** A string that is one of a set: returns the set's own string. */
  literal<T extends string>(p: number, values: ReadonlyMap<string, T>): T {
    const text = this.string(p);
    const value = values.get(text);
    if (value === undefined) {
      throw new DecodeError(`${JSON.stringify(text)} where one of ${[...values.keys()].join(", ")} was expected`);
    }
    return value;
  }

  /** Reads the header of a list: returns how many elements there are and leaves the first one's position in `first`. */
  list(p: number, size: number, align: number): number {
    const n = this.count(p + 8);
    if (n === 0) {
      this.first = 0;
      return 0;
    }
    const u32 = this.v.u32;
    this.first = this.claim(u32[p >>> 2] as number, u32[(p >>> 2) + 1] as number, n, size, align);
    return n;
  }

  /** Copies a typed array out of the region: the result has memory of its own. */
  typedArray<T extends TypedArray>(p: number, type: TypedArrayConstructor<T>): T {
    const size = type.BYTES_PER_ELEMENT;
    const n = this.list(p, size, size);
    const bytes = n * size;
    if (bytes < NATIVE_COPY) {
      const out = new type(n);
      if (n > 0) out.set(new type(this.v.buffer, this.first, n) as never);
      return out;
    }
    // Every byte is written, so none has to be zeroed first; the slow one is not a part of Buffer's shared pool.
    const out = Buffer.allocUnsafeSlow(bytes);
    native.copyBytes(out, 0, this.v.u8, this.first, bytes);
    return new type(out.buffer);
  }

  /** Bytes in place, which the program gives back. */
  lease(p: number): LeasedBytes {
    const n = this.count(p + 8);
    if (n === 0) return LeasedBytes.empty();
    const { u32 } = this.v;
    const at = u32[p >>> 2] as number;
    const { arenaStart, arenaEnd, lend } = this;
    if (u32[(p >>> 2) + 1] !== this.high || at < arenaStart || at > arenaEnd || n > arenaEnd - at) {
      throw new DecodeError(`a lease of ${n} bytes outside the response arena`);
    }
    if (lend === undefined) throw new DecodeError("a lease in a result that has none");
    return lend(at, n);
  }

  /** The position of an optional value, or 0 where it is absent. */
  pointer(p: number, size: number, align: number): number {
    const u32 = this.v.u32;
    const low = u32[p >>> 2] as number;
    const high = u32[(p >>> 2) + 1] as number;
    if (low === 0 && high === 0) return 0;
    return this.claim(low, high, 1, size, align);
  }

  /** A whole number that is one of a set: returns the set's own. */
  numeral<T>(p: number, values: ReadonlyMap<number, T>): T {
    const number = this.int(p);
    const value = values.get(number);
    if (value === undefined) {
      throw new DecodeError(`${number} where one of ${[...values.keys()].join(", ")} was expected`);
    }
    return value;
  }

  date(p: number): Date {
    const ms = (this.v.u32[p >>> 2] as number) + (this.v.i32[(p >>> 2) + 1] as number) * TWO_32;
    if (Math.abs(ms) > DATE_MAX) throw new DecodeError(`a time of ${ms} ms since 1970, which is no Date`);
    return new Date(ms);
  }

  /** Milliseconds; from 99 days on, rounded to what a number can hold. */
  duration(p: number): number {
    const n = (this.v.u32[p >>> 2] as number) + (this.v.i32[(p >>> 2) + 1] as number) * TWO_32;
    if (Number.isSafeInteger(n)) return n / NANOSECONDS;
    const exact = this.v.i64[p >>> 3] as bigint;
    const ns = BigInt(NANOSECONDS);
    return Number(exact / ns) + Number(exact % ns) / NANOSECONDS;
  }

  /** Refuses a map, or a set, in which a key came twice. */
  distinct(size: number, n: number): void {
    if (size !== n) throw new DecodeError(`${n} entries with only ${size} different keys`);
  }

  /** Puts an entry into an object with any keys: `__proto__` is a key like every other, as it is to JSON.parse. */
  put<T>(object: Record<string, T>, key: string, value: T): void {
    if (Object.hasOwn(object, key)) throw new DecodeError(`an entry ${JSON.stringify(key)} that came twice`);
    if (key !== "__proto__") object[key] = value;
    else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  }

  /** Which member of a union follows, from 1; 0 where there is none. */
  tag(p: number): number {
    return this.v.u32[p >>> 2] as number;
  }

  /** The position of a union's member. */
  variant(p: number, size: number, align: number): number {
    const at = this.pointer(p + 8, size, align);
    if (at === 0) throw new DecodeError("a member of a union that is not there");
    return at;
  }

  /** Refuses a number that is no member's. */
  noVariant(tag: number, union: string, members: number): never {
    throw new DecodeError(`member ${tag} of ${union}, which has members 1 to ${members}`);
  }
}
