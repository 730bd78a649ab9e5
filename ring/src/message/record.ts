import { RingError } from "../errors.js";
import * as L from "../layout.js";

/*
 * 0        4          8                    8 + length
 * +--------+----------+--------------------+---------+
 * | length | reserved | bytes              | padding |     at multiples of 8
 * +--------+----------+--------------------+---------+
 */

/** Bytes that a record takes. */
export const recordSize = (length: number): number => (L.RECORD_HEADER + length + L.RECORD_ALIGN - 1) & -L.RECORD_ALIGN;

/** The longest message of a queue: it fits an empty one wherever the next record begins. */
export const maxLength = (capacity: number): number => capacity / 2 - L.RECORD_HEADER;

export class MessageTooLongError extends RingError {
  override readonly name = "MessageTooLongError";
  constructor(
    readonly length: number,
    readonly maxLength: number,
  ) {
    super(
      "ERR_RING_MESSAGE_TOO_LONG",
      `a message must have at most ${maxLength} bytes (half the ring's capacity less 8), got ${length}: make a larger ring`,
    );
  }
}
