import { RingError } from "../errors.js";

/**
 * Blocks this thread while the word is `value`, until it is notified or `timeoutMs` have passed.
 *
 * @throws {RingError} `ERR_RING_MISUSE` where a thread must not block.
 */
export function block(words: Int32Array, index: number, value: number, timeoutMs: number): void {
  try {
    Atomics.wait(words, index, value, timeoutMs);
  } catch (cause) {
    throw new RingError(
      "ERR_RING_MISUSE",
      "pushSync, popSync: this thread must not block (a browser's main thread is one): await push or pop instead",
      { cause },
    );
  }
}
