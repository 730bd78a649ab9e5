import type { DemoComplicatedRequest } from "../../bench.js";

/** The methods, by the number they have in a record. */
export const METHOD = {
  check: 0,
  checkSlowly: 1,
  take: 2,
  give: 3,
  echo: 4,
  checkLong: 5,
  checkBusy: 6,
  memory: 7,
  stream: 8,
  callBack: 9,
  /** No call: the answer to a call of Go's, by its slot there. */
  answer: 10,
  takeEnds: 11,
  giveEnds: 12,
} as const;

/** The memory in which the records of one turn are collected. */
export const BUFFER_BYTES = 256 << 10;

/** A record may begin up to here; one longer than the rest of the buffer goes by the slow path. */
export const FLUSH_BYTES = 32 << 10;

/** A payload longer than this goes alone: one copy from JavaScript's memory into Go's instead of two. */
export const PAYLOAD_MAX = 16 << 10;

/** Names up to this many characters are written by a loop; longer ones by the encoder, which costs more to call. */
const LOOP_MAX = 32;

/**
 * Writes records, which contenders/cgo-batched/batch.go reads: four words, then one word a user, then bytes.
 * One pass, no object a record, everything in one ordinary ArrayBuffer.
 */
export class RecordWriter {
  readonly bytes = Buffer.from(new ArrayBuffer(BUFFER_BYTES));
  readonly #words = new Uint32Array(this.bytes.buffer);
  /** How much of the buffer is used; always whole words. */
  used = 0;
  /** How many users the records have together. */
  users = 0;

  /** Writes a request of users and bytes. */
  request(slot: number, method: number, req: DemoComplicatedRequest): void {
    const { users, balabala } = req;
    const count = users.length;
    const start = this.used;
    let word = (start >>> 2) + 4;
    let at = start + 16 + 4 * count;
    for (let i = 0; i < count; i++) {
      const user = users[i] as (typeof users)[number];
      const end = this.#text(at, user.name);
      this.#words[word++] = user.age | ((end - at) << 8);
      at = end;
    }
    this.users += count;
    this.#finish(start, slot, method | (count << 8), balabala.length, this.#blob(at, balabala));
  }

  /** Writes a request that is only bytes. */
  payload(slot: number, method: number, payload: Uint8Array): void {
    const start = this.used;
    this.#finish(start, slot, method, payload.length, this.#blob(start + 16, payload));
  }

  /** Writes a request that is only a number. */
  number(slot: number, method: number, value: number): void {
    this.#finish(this.used, slot, method, value, this.used + 16);
  }

  clear(): void {
    this.used = 0;
    this.users = 0;
  }

  #finish(start: number, slot: number, method: number, number: number, end: number): void {
    const next = (end + 3) & ~3;
    const word = start >>> 2;
    const words = this.#words;
    words[word] = next - start;
    words[word + 1] = slot;
    words[word + 2] = method;
    words[word + 3] = number;
    this.used = next;
  }

  #text(at: number, text: string): number {
    const n = text.length;
    const bytes = this.bytes;
    if (n <= LOOP_MAX) {
      for (let i = 0; i < n; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) return at + bytes.write(text, at, "utf8");
        bytes[at + i] = code;
      }
      return at + n;
    }
    this.#mustFit(at, 3 * n);
    return at + bytes.write(text, at, "utf8");
  }

  #blob(at: number, blob: Uint8Array): number {
    const n = blob.length;
    if (n <= LOOP_MAX) {
      const bytes = this.bytes;
      for (let i = 0; i < n; i++) bytes[at + i] = blob[i] as number;
    } else {
      this.#mustFit(at, n);
      this.bytes.set(blob, at);
    }
    return at + n;
  }

  #mustFit(at: number, size: number): void {
    if (at + size > BUFFER_BYTES) throw new RangeError(`a request of more than ${BUFFER_BYTES - FLUSH_BYTES} bytes`);
  }
}
