import { RingError } from "../errors.js";
import * as L from "../layout.js";
import type { Host } from "../queue/end.js";
import { ProducerEnd } from "../queue/producer.js";
import type { Place } from "../raw/index.js";
import type { Wait } from "../wait/spin.js";
import { MessageTooLongError, maxLength, recordSize } from "./record.js";

/**
 * The producing end of a queue of messages. It belongs to the thread that acquired it.
 *
 * `tryPush`, `tryClaim`, `commit` and `abort` never wait; `push` and `pushMany` wait for room without blocking the
 * thread; `pushSync` blocks it.
 */
export class MessageProducer extends ProducerEnd<Uint8Array> {
  /** The longest message in bytes. */
  readonly maxLength: number;
  private readonly u8: Uint8Array;
  private readonly u32: Uint32Array;
  /** Where the message of the open claim begins, or -1. */
  private claimed = -1;

  constructor(memory: SharedArrayBuffer, place: Place, host: Host, wait: Wait) {
    super(memory, place, host, wait);
    this.maxLength = maxLength(place.capacity);
    this.u8 = new Uint8Array(memory);
    this.u32 = new Uint32Array(memory, 0, (L.DATA + place.capacity) >>> 2);
  }

  /**
   * Room for a message of so many bytes, to be written in place and then committed; `undefined` if there is none now. The
   * bytes hold what was there before. Only one claim is open at a time.
   *
   * @throws {MessageTooLongError}; {ClosedError}, {PeerDiedError}, {DamagedError}; {RingError} `ERR_RING_MISUSE`
   */
  tryClaim(length: number): Uint8Array | undefined {
    if (this.claimed >= 0) throw new RingError("ERR_RING_MISUSE", "tryClaim: commit or abort the open claim first");
    if (this.busy) return undefined;
    const at = this.reserve(length);
    if (at < 0) return undefined;
    this.claimed = at;
    return this.u8.subarray(at, at + length);
  }

  /**
   * Publishes the claimed message. What was claimed belongs to the consumer from here on: the view must not be used.
   *
   * @throws {RingError} `ERR_RING_MISUSE` without an open claim: it was committed or aborted; {ClosedError} after `close`:
   * nothing may follow the end.
   */
  commit(): void {
    this.endClaim("commit");
    if (this.closed) this.refuseIfOver();
    this.raw.publish();
  }

  /** Gives the claimed room back. The view must not be used any more. */
  abort(): void {
    this.endClaim("abort");
    this.raw.unclaimAll();
  }

  private endClaim(method: string): void {
    if (this.claimed < 0) {
      throw new RingError("ERR_RING_MISUSE", `${method}: no claim is open; it was committed or aborted before`);
    }
    this.claimed = -1;
  }

  /** Where a message may be written, with its record's header in place and nothing published; -1 without room. */
  private reserve(length: number): number {
    if (!Number.isInteger(length) || length < 0) {
      throw new RingError("ERR_RING_MISUSE", `tryClaim: expected a number of bytes, got ${String(length)}`);
    }
    if (length > this.maxLength) throw new MessageTooLongError(length, this.maxLength);
    if (this.closed || this.peerSeemsOver()) this.refuseIfOver();
    const { raw, place, u32 } = this;
    let start = raw.index & (place.capacity - 1);
    const needed = this.roomFor(length);
    if (raw.room(needed) < needed) {
      this.refuseIfOver();
      return -1;
    }
    // More than the record itself: it goes on at the beginning, behind padding.
    if (needed > recordSize(length)) {
      u32[(L.DATA + start) >>> 2] = L.PADDING;
      start = 0;
    }
    const word = (L.DATA + start) >>> 2;
    u32[word] = length;
    u32[word + 1] = 0;
    raw.claimMany(needed);
    return L.DATA + start + L.RECORD_HEADER;
  }

  /** Bytes of room for a message of so many, with what is left before the end of the memory where it goes on behind it. */
  private roomFor(length: number): number {
    const size = recordSize(length);
    const rest = this.place.capacity - (this.raw.index & (this.place.capacity - 1));
    return size <= rest ? size : rest + size;
  }

  protected override needed(message: Uint8Array): number {
    return this.roomFor(message.length);
  }

  protected override put(message: Uint8Array): boolean {
    if (!this.write(message)) return false;
    this.raw.publish();
    return true;
  }

  private refuseIfClaimed(): void {
    if (this.claimed >= 0) throw new RingError("ERR_RING_MISUSE", "push: commit or abort the open claim first");
  }

  private write(message: Uint8Array): boolean {
    this.refuseIfClaimed();
    if (!(message instanceof Uint8Array)) {
      throw new RingError("ERR_RING_MISUSE", `push: expected a Uint8Array, got ${typeof message} ${String(message)}`);
    }
    const at = this.reserve(message.length);
    if (at < 0) return false;
    this.u8.set(message, at);
    return true;
  }

  protected override putMany(messages: ArrayLike<Uint8Array>, from: number): number {
    // Before anything is published: what is claimed must not be.
    this.refuseIfClaimed();
    let n = 0;
    try {
      while (from + n < messages.length && this.write(messages[from + n] as Uint8Array)) n++;
    } finally {
      // Also those before one that is refused.
      this.raw.publish();
    }
    return n;
  }
}
