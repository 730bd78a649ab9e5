/** What an answer's value is; contenders/unix-socket/answer.go has the same. An ask is a call of Go's and no answer. */
export const ANSWER = { bool: 0, number: 1, bytes: 2, ask: 3 } as const;

/** Slot, kind and value, 32 bits each. */
const HEAD_BYTES = 12;

/** Takes one answer; `bytes` are the receiver's own. */
export type Take = (slot: number, kind: number, value: number, bytes: Uint8Array | undefined) => void;

/** Takes answers out of what a socket reads, which ends and begins anywhere. */
export class AnswerReader {
  readonly #take: Take;
  /** A head of which only the beginning has come. */
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headBytes = 0;
  /** Bytes of which only the beginning has come, with the slot that they are for. */
  #bytes: Uint8Array | undefined;
  #bytesFilled = 0;
  #slot = 0;

  constructor(take: Take) {
    this.#take = take;
  }

  /** Reads the first `size` bytes of a buffer, which may be overwritten afterwards. */
  read(chunk: Buffer, size: number): void {
    let at = this.#bytes ? this.#fill(this.#bytes, chunk, 0, size) : 0;
    if (this.#headBytes > 0) {
      const missing = Math.min(HEAD_BYTES - this.#headBytes, size - at);
      chunk.copy(this.#head, this.#headBytes, at, at + missing);
      this.#headBytes += missing;
      at += missing;
      if (this.#headBytes < HEAD_BYTES) return;
      this.#headBytes = 0;
      at = this.#answer(this.#head, 0, chunk, at, size);
    }
    while (at + HEAD_BYTES <= size) at = this.#answer(chunk, at, chunk, at + HEAD_BYTES, size);
    if (at < size) this.#headBytes = chunk.copy(this.#head, 0, at, size);
  }

  /** Reads the answer whose head is at an offset and whose bytes, if it has any, begin at `at`; gives where it ends. */
  #answer(head: Buffer, headAt: number, chunk: Buffer, at: number, size: number): number {
    const slot = head.readUInt32LE(headAt);
    const kind = head.readUInt32LE(headAt + 4);
    const value = head.readUInt32LE(headAt + 8);
    if (kind !== ANSWER.bytes) {
      this.#take(slot, kind, value, undefined);
      return at;
    }
    this.#slot = slot;
    this.#bytesFilled = 0;
    return this.#fill(new Uint8Array(value), chunk, at, size);
  }

  /** Copies what has come of an answer's bytes, and passes the answer on when all have. */
  #fill(bytes: Uint8Array, chunk: Buffer, at: number, size: number): number {
    const end = Math.min(size, at + bytes.length - this.#bytesFilled);
    bytes.set(chunk.subarray(at, end), this.#bytesFilled);
    this.#bytesFilled += end - at;
    if (this.#bytesFilled < bytes.length) {
      this.#bytes = bytes;
    } else {
      this.#bytes = undefined;
      this.#take(this.#slot, ANSWER.bytes, bytes.length, bytes);
    }
    return end;
  }
}
