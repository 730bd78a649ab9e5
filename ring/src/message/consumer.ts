import { DamagedError, RingError } from "../errors.js";
import * as L from "../layout.js";
import { ConsumerEnd } from "../queue/consumer.js";
import type { Host } from "../queue/end.js";
import type { Place } from "../raw/index.js";
import type { Wait } from "../wait/spin.js";
import { maxLength, recordSize } from "./record.js";

/**
 * The consuming end of a queue of messages. It belongs to the thread that acquired it.
 *
 * `tryPop`, `tryPeek` and `release` never wait; `pop`, `popMany` and `for await` wait without blocking the thread;
 * `popSync` blocks it. What is popped is a copy; what is peeked lies in the queue.
 */
export class MessageConsumer extends ConsumerEnd<Uint8Array> {
  private readonly u8: Uint8Array;
  private readonly u32: Uint32Array;
  private readonly maxLength: number;
  /** Bytes of the record that was peeked, padding before it included; 0 if none is. */
  private peeked = 0;
  /** Where the message that {@link find} has found lies. */
  private at = 0;
  private length = 0;

  constructor(memory: SharedArrayBuffer, place: Place, host: Host, wait: Wait) {
    super(memory, place, host, wait);
    this.u8 = new Uint8Array(memory);
    this.u32 = new Uint32Array(memory, 0, (L.DATA + place.capacity) >>> 2);
    this.maxLength = maxLength(place.capacity);
  }

  /**
   * Finds the next message and returns the bytes of its record, padding before it included; 0 if there is none.
   *
   * @throws {DamagedError} if what stands there is no record.
   */
  private find(): number {
    const { raw, u32 } = this;
    let available = this.closed ? 0 : raw.ready(L.RECORD_HEADER);
    if (available === 0) {
      if (!this.look()) return 0;
      available = raw.available();
    }
    let at = raw.at(0);
    let skipped = 0;
    // Read once: the peer may be writing there.
    let length = u32[at >>> 2] as number;
    if (length === L.PADDING) {
      skipped = L.DATA + this.place.capacity - at;
      at = L.DATA;
      if (available >= skipped + L.RECORD_HEADER) length = u32[at >>> 2] as number;
    }
    const size = recordSize(length);
    const rest = L.DATA + this.place.capacity - at;
    if (available % L.RECORD_ALIGN !== 0 || length > this.maxLength || size > rest || skipped + size > available) {
      throw new DamagedError(
        `message ring: a record of ${length} bytes at ${at - L.DATA}, with ${available} bytes published and a capacity of ${this.place.capacity}`,
      );
    }
    this.at = at + L.RECORD_HEADER;
    this.length = length;
    return skipped + size;
  }

  /**
   * The next message where it lies, without copying; `undefined` if there is none. The view is good until
   * {@link release}; peeking again gives the same message. The producer could still write there: an untrusted one's
   * message has to be copied before it is checked.
   */
  tryPeek(): Uint8Array | undefined {
    if (this.busy) return undefined;
    this.peeked = this.find();
    return this.peeked === 0 ? undefined : this.u8.subarray(this.at, this.at + this.length);
  }

  /**
   * Gives back the room of the message that was peeked. The view must not be used any more.
   *
   * @throws {RingError} `ERR_RING_MISUSE` if none is peeked.
   */
  release(): void {
    if (this.peeked === 0) {
      throw new RingError("ERR_RING_MISUSE", "release: no message is peeked; it was released before");
    }
    const size = this.peeked;
    this.peeked = 0;
    // After the end nobody waits for room, and the producer's doorbell may be somebody else's by now.
    if (!this.closed) this.raw.advance(size);
  }

  protected override take(): Uint8Array | undefined {
    if (this.peeked !== 0) throw new RingError("ERR_RING_MISUSE", "pop: release the peeked message first");
    const size = this.find();
    if (size === 0) return undefined;
    const message = this.u8.slice(this.at, this.at + this.length);
    this.raw.advance(size);
    return message;
  }

  protected override takeMany(max: number): Uint8Array[] {
    const messages: Uint8Array[] = [];
    while (messages.length < max) {
      try {
        const message = this.take();
        if (message === undefined) break;
        messages.push(message);
      } catch (error) {
        // What was taken is out of the queue, and must not be lost: the next call meets the error again.
        if (messages.length === 0) throw error;
        break;
      }
    }
    return messages;
  }
}
