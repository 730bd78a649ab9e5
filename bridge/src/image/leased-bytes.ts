import { native } from "@x/mem-ring/channel";
import type { Views } from "./views.js";

/** What is told when the bytes are given back, however that comes about. It must not hold the bytes. */
export type GiveBack = () => void;

/** Gives back what nobody can reach any more. It watches the buffer and not the bytes: other views may be in use. */
const forgotten = new FinalizationRegistry<GiveBack>((giveBack) => giveBack());

/** What all views of one lease share. */
class Hold {
  giveBack: GiveBack | undefined;
  released = false;

  constructor(
    readonly region: ArrayBufferLike | undefined,
    /** Where in the region the buffer lies. */
    readonly at: number,
    giveBack: GiveBack | undefined,
  ) {
    this.giveBack = giveBack;
  }
}

/**
 * Bytes of a region in place, until they are released: then they are gone, and so are all other views of their buffer.
 * Not a view of the region's own SharedArrayBuffer, which nobody could take away.
 */
export class LeasedBytes extends Uint8Array<ArrayBuffer> implements Disposable {
  // The region's memory lives for as long as its buffer, which this holds.
  readonly #hold: Hold;

  private constructor(hold: Hold, buffer: ArrayBuffer, offset?: number, length?: number) {
    super(buffer, offset, length);
    this.#hold = hold;
  }

  /** Lends `n` bytes of the region at `at`. */
  static lend(views: Views, at: number, n: number, giveBack: GiveBack): LeasedBytes {
    const buffer = native.leaseBytes(views.u8, at, n);
    const hold = new Hold(views.buffer, at, giveBack);
    // Other views of the buffer keep the memory, too.
    Object.defineProperty(buffer, "lease", { value: hold });
    forgotten.register(buffer, giveBack, buffer);
    return new LeasedBytes(hold, buffer);
  }

  /** No bytes at all: there is nothing to give back. */
  static empty(): LeasedBytes {
    return new LeasedBytes(new Hold(undefined, 0, undefined), new ArrayBuffer(0));
  }

  /** Copies, such as `slice` makes, are ordinary arrays. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  /** A part of the same lease: it is released, and passed on, with the whole. */
  override subarray(begin?: number, end?: number): LeasedBytes {
    const { byteOffset, length } = super.subarray(begin, end);
    return new LeasedBytes(this.#hold, this.buffer, byteOffset, length);
  }

  /** Whether the bytes were given back, or passed on. */
  get released(): boolean {
    return this.#hold.released;
  }

  /** Where they lie in this region, or -1 if they don't. */
  positionIn(views: Views): number {
    const { region, at, released } = this.#hold;
    return released || region !== views.buffer ? -1 : at + this.byteOffset;
  }

  /** What all parts of one lease have in common, for who collects them: where it begins. */
  get start(): number {
    return this.#hold.at;
  }

  /** Takes the bytes away without giving them back: somebody else does. */
  end(): void {
    const hold = this.#hold;
    if (hold.released) return;
    hold.released = true;
    if (hold.giveBack === undefined) return;
    hold.giveBack = undefined;
    forgotten.unregister(this.buffer);
    native.endLease(this.buffer);
  }

  /** Gives the bytes back. Reading them afterwards finds none. Doing it again does nothing. */
  release(): void {
    const { giveBack } = this.#hold;
    this.end();
    giveBack?.();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
