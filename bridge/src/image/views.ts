/**
 * One view of each width over a region, made once: creating a view costs more than using it.
 *
 * Every position in this folder is a byte offset from the region's start. A view is indexed by the position divided
 * by its element's size; the generator keeps every value naturally aligned.
 */
export class Views {
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u64: BigUint64Array;
  readonly i64: BigInt64Array;
  /** Node's own string conversions, which work on shared memory; TextEncoder and TextDecoder do not. */
  readonly text: TextBuffer;

  constructor(readonly buffer: ArrayBufferLike) {
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.text = Buffer.from(buffer as ArrayBuffer) as unknown as TextBuffer;
  }
}

/** The conversions that Buffer has beneath `write` and `toString`, without their argument handling. */
export interface TextBuffer {
  utf8Write(text: string, offset: number, length: number): number;
  utf8Slice(start: number, end: number): string;
}

/** From so many bytes on, a call into the addon's memcpy beats `set` on shared memory. */
export const NATIVE_COPY = 2048;

/** Nesting of recursive types stops here, in both directions. The same number stands in go/image. */
export const MAX_DEPTH = 512;
