import { RingError } from "../errors.js";
import * as L from "../layout.js";
import type { Host, WaitOptions } from "../queue/end.js";
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
export class MessageProducer extends ProducerEnd {
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
    const size = recordSize(length);
    let start = raw.index & (place.capacity - 1);
    const rest = place.capacity - start;
    const needed = size <= rest ? size : rest + size;
    if (raw.room(needed) < needed) {
      this.refuseIfOver();
      return -1;
    }
    if (size > rest) {
      u32[(L.DATA + start) >>> 2] = L.PADDING;
      start = 0;
    }
    const word = (L.DATA + start) >>> 2;
    u32[word] = length;
    u32[word + 1] = 0;
    raw.claimMany(needed);
    return L.DATA + start + L.RECORD_HEADER;
  }

  /** Bytes of room without which no attempt at this message can succeed. */
  private needed(length: number): number {
    const size = recordSize(length);
    const rest = this.place.capacity - (this.raw.index & (this.place.capacity - 1));
    return size <= rest ? size : rest + size;
  }

  /** Copies one message into the queue; false if there is no room, or others wait for it. */
  tryPush(message: Uint8Array): boolean {
    if (this.busy) return false;
    return this.put(message);
  }

  private put(message: Uint8Array): boolean {
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

  /** Copies one message into the queue as soon as there is room. It must not change before the promise settles. */
  push(message: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.pushMany([message], options);
  }

  /** Copies all messages in order, as room comes, and resolves when the last one is in. */
  pushMany(messages: readonly Uint8Array[], options?: WaitOptions): Promise<void> {
    let done = 0;
    const attempt = () => {
      // Before anything is published: what is claimed must not be.
      this.refuseIfClaimed();
      try {
        while (done < messages.length && this.write(messages[done] as Uint8Array)) done++;
      } finally {
        // Also those before one that is refused; but not a claim that is open, which is why all are refused.
        if (this.claimed < 0) this.raw.publish();
      }
      return done >= messages.length || undefined;
    };
    try {
      options?.signal?.throwIfAborted();
      if (!this.busy && attempt()) return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
    const wanted = () => this.needed((messages[done] as Uint8Array).length);
    return this.wait(attempt, wanted, options).then(() => {});
  }

  /** Blocks this thread until there is room; false after the timeout. Not on a browser's main thread. */
  pushSync(message: Uint8Array, timeoutMs = Number.POSITIVE_INFINITY): boolean {
    if (this.busy) throw new RingError("ERR_RING_MISUSE", "pushSync: a push that waits without blocking comes first");
    const attempt = () => this.put(message) || undefined;
    return this.waitSync(attempt, () => this.needed(message.length), timeoutMs) === true;
  }
}
