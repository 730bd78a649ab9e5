import { OverloadedError, Ts2goError } from "../../errors.js";
import { LeasedBytes } from "../../image/leased-bytes.js";
import type { Views } from "../../image/views.js";
import type { Arena } from "../arena.js";

/** Bytes of the request arena that the program fills, and passes in a call without a copy. */
export class Lent {
  /** Those that are encoded just now. */
  private readonly moving: LeasedBytes[] = [];
  /** Called when bytes were given back: a call may wait for them. */
  room: () => void = () => {};

  constructor(
    private readonly views: Views,
    private readonly arena: Arena,
  ) {}

  /**
   * Takes `n` bytes, which are not zeroed.
   *
   * @throws {Ts2goError} `ERR_BODY_TOO_LARGE`, {@link OverloadedError} while there is no room.
   */
  alloc(n: number): LeasedBytes {
    const { arena } = this;
    if (n === 0) return LeasedBytes.empty();
    const at = arena.alloc(n);
    if (at >= 0) return LeasedBytes.lend(this.views, at, n, () => this.release(at));
    if (n > arena.max) {
      throw new Ts2goError(
        "ERR_BODY_TOO_LARGE",
        `alloc: expected at most ${arena.max} bytes, the request arena, got ${n}: connect with a larger regionSize`,
      );
    }
    throw new OverloadedError(
      arena.used,
      `alloc: expected ${n} free bytes in the request arena of ${arena.max}, got none in one piece: ${arena.used} calls and buffers have the rest. Await or release some first, or connect with a larger regionSize.`,
    );
  }

  private release(at: number): void {
    this.arena.release(at);
    this.room();
  }

  /** The writer comes to such bytes: where they lie, or -1 if that is not here, and they have to be copied. */
  move(bytes: LeasedBytes): number {
    const at = bytes.positionIn(this.views);
    // What came in a result lies in Go's arena.
    if (!this.arena.has(at)) return -1;
    if (!this.moving.some(({ start }) => start === bytes.start)) this.moving.push(bytes);
    return at;
  }

  /** The request is encoded anew, or not sent. */
  forget(): void {
    this.moving.length = 0;
  }

  /** The request is sent: its bytes are the call's. Gives their positions, to be released when it is completed. */
  moved(): number[] {
    const positions = this.moving.map(({ start }) => start);
    for (const bytes of this.moving) bytes.end();
    this.moving.length = 0;
    return positions;
  }
}
