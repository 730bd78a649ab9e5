import type { Leases } from "../../contender.js";
import { Spare } from "../spare.js";
import { METHOD } from "./record.js";

/** Memory of C's: JavaScript sees it, and Go finds it by its address. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly address: number;
}

interface Block {
  readonly bytes: Uint8Array;
  /** Where it lies, in two words, its size, and the mark: what a call carries. */
  readonly words: Uint32Array;
  readonly request: Uint8Array;
}

const WORD = 2 ** 32;
const MARK = 3;

/**
 * W12: memory from malloc that both sides see, by hand. A block keeps its ArrayBuffer and is used again, so that a call
 * makes neither memory nor a finalizer; that nobody reads a block after its release is up to the program.
 */
export class Blocks implements Leases {
  readonly #spare: Spare<Block>;
  readonly #byBuffer = new Map<ArrayBufferLike, Block>();
  readonly #call: (method: number, request: Uint8Array) => Promise<number>;

  constructor(memory: (size: number) => Memory, call: (method: number, request: Uint8Array) => Promise<number>) {
    this.#call = call;
    this.#spare = new Spare((size) => {
      const { buffer, address } = memory(size);
      const words = Uint32Array.of(address % WORD, address / WORD, size, 0);
      const block = { bytes: new Uint8Array(buffer), words, request: new Uint8Array(words.buffer) };
      this.#byBuffer.set(buffer, block);
      return block;
    });
  }

  alloc(size: number): Uint8Array {
    return this.#spare.take(size).bytes;
  }

  async send(bytes: Uint8Array): Promise<number> {
    const answer = await this.#call(METHOD.takeEnds, this.#blockOf(bytes).request);
    this.release(bytes);
    return answer;
  }

  /** Into memory that the caller has: Go need not make any. */
  async receive(size: number, mark: number): Promise<Uint8Array> {
    const { bytes, words, request } = this.#spare.take(size);
    words[MARK] = mark;
    await this.#call(METHOD.giveEnds, request);
    return bytes;
  }

  release(bytes: Uint8Array): void {
    this.#spare.put(bytes.length, this.#blockOf(bytes));
  }

  #blockOf({ buffer }: Uint8Array): Block {
    const block = this.#byBuffer.get(buffer);
    if (!block) throw new Error("expected memory of the addon's");
    return block;
  }
}
