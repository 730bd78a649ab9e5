import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { type End, type Later, timeTrips } from "../end.js";
import { BATCH, checkSum, type Kind, MESSAGE_BYTES, messageSumOf, sumOf, VALUES } from "../kinds.js";

/** Bytes of an entry, and of the length before a message. */
const ENTRY_BYTES = 8;
const LENGTH_BYTES = 4;

/** Entries that are written together, where they are not written one at a time: what Node hands to the kernel at once. */
const FRAME_BYTES: Record<Exclude<Kind, "asleep">, number> = {
  one: ENTRY_BYTES,
  batch: ENTRY_BYTES,
  message: LENGTH_BYTES + MESSAGE_BYTES,
};

/**
 * Frames over a pipe or a socket: 8 bytes an entry, or a length and 1 KiB. One at a time each is a write of its own, which
 * Node gathers while the one before is under way; in a batch they are one write.
 */
export function streamProducer(out: Writable, back: Readable): End {
  return {
    move: async (kind, count) => {
      const step = kind === "batch" ? BATCH : 1;
      for (let i = 0; i < count; i += step) {
        const bytes = kind === "message" ? messageFrame(i) : entryFrames(i, Math.min(step, count - i));
        if (!out.write(bytes)) await once(out, "drain");
      }
      return 0;
    },
    trips: async (count) => {
      const entry = entryFrames(1, 1);
      const answers = new Frames(back, ENTRY_BYTES);
      const times = await timeTrips(count, () => {
        const answer = answers.next();
        out.write(entry);
        return answer;
      });
      answers.stop();
      return times;
    },
  };
}

export function streamConsumer(incoming: Readable, back: Writable): End {
  return {
    move: (kind, count) => consume(incoming, kind, count),
    trips: async (count) => {
      const entry = entryFrames(1, 1);
      const asked = new Frames(incoming, ENTRY_BYTES);
      for (let i = 0; i < count; i++) {
        await asked.next();
        back.write(entry);
      }
      asked.stop();
      return undefined;
    },
  };
}

// The stream keeps what it is given until the kernel has it: each write is of bytes of its own.
function entryFrames(first: number, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(count * ENTRY_BYTES);
  for (let k = 0; k < count; k++) bytes.writeDoubleLE((first + k) & (VALUES - 1), k * ENTRY_BYTES);
  return bytes;
}

function messageFrame(i: number): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + MESSAGE_BYTES);
  bytes.writeUInt32LE(MESSAGE_BYTES, 0);
  bytes[LENGTH_BYTES] = i;
  return bytes;
}

/** Reads frames where they lie in what the stream gives; one that is cut in two is put together. */
function consume(incoming: Readable, kind: Kind, count: number): Later<number> {
  const size = FRAME_BYTES[kind as Exclude<Kind, "asleep">];
  return new Promise((resolve, reject) => {
    let seen = 0;
    let sum = 0;
    let start = 0;
    let rest: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      if (seen === 0) start = performance.now();
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = Math.floor(bytes.length / size);
      sum += kind === "message" ? sumMessages(bytes, whole) : sumEntries(bytes, whole);
      seen += whole;
      rest = bytes.subarray(whole * size);
      if (seen < count) return;
      const ms = performance.now() - start;
      incoming.off("data", take).pause();
      try {
        checkSum(sum, kind === "message" ? messageSumOf(count) : sumOf(count));
        resolve(ms);
      } catch (error) {
        reject(error);
      }
    };
    incoming.on("data", take).resume();
  });
}

function sumEntries(bytes: Buffer, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += bytes.readDoubleLE(k * ENTRY_BYTES);
  return sum;
}

function sumMessages(bytes: Buffer, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const at = k * (LENGTH_BYTES + MESSAGE_BYTES);
    if (bytes.readUInt32LE(at) !== MESSAGE_BYTES) throw new Error("a frame of a wrong length");
    sum += bytes[at + LENGTH_BYTES] as number;
  }
  return sum;
}

/** Frames that come one by one. */
class Frames {
  readonly #stream: Readable;
  readonly #size: number;
  #bytes = 0;
  #wake = (): void => {};
  readonly #take = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#bytes >= this.#size) this.#wake();
  };

  constructor(stream: Readable, size: number) {
    this.#stream = stream;
    this.#size = size;
    stream.on("data", this.#take).resume();
  }

  async next(): Promise<void> {
    if (this.#bytes < this.#size) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#bytes -= this.#size;
  }

  stop(): void {
    this.#stream.off("data", this.#take).pause();
  }
}
