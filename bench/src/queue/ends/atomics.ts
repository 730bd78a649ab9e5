import { type End, timeTripsSync } from "../end.js";
import { CAPACITY, checkSum, sumOf, VALUES } from "../kinds.js";

/**
 * The ring that most tutorials have: a SharedArrayBuffer, two indices, a wait when there is nothing and a notify after
 * every entry, since nobody knows whether the other side sleeps.
 */
export class AtomicsRing {
  readonly #indices: Int32Array;
  readonly #entries: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#indices = new Int32Array(memory, 0, 2);
    this.#entries = new Float64Array(memory, 8);
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(8 + 8 * CAPACITY);
  }

  push(value: number): void {
    const indices = this.#indices;
    const tail = indices[TAIL] as number;
    for (;;) {
      const head = Atomics.load(indices, HEAD);
      if (((tail - head) | 0) < CAPACITY) break;
      Atomics.wait(indices, HEAD, head);
    }
    this.#entries[tail & (CAPACITY - 1)] = value;
    Atomics.store(indices, TAIL, (tail + 1) | 0);
    Atomics.notify(indices, TAIL, 1);
  }

  pop(): number {
    const indices = this.#indices;
    const head = indices[HEAD] as number;
    // A loop: a notify that comes late, for an entry that was read without waiting, ends the wait for the next.
    while (Atomics.load(indices, TAIL) === head) Atomics.wait(indices, TAIL, head);
    const value = this.#entries[head & (CAPACITY - 1)] as number;
    Atomics.store(indices, HEAD, (head + 1) | 0);
    Atomics.notify(indices, HEAD, 1);
    return value;
  }
}

const HEAD = 0;
const TAIL = 1;

export function atomicsProducer(entries: AtomicsRing, back: AtomicsRing): End {
  return {
    move: (_, count) => {
      for (let i = 0; i < count; i++) entries.push(i & (VALUES - 1));
      return 0;
    },
    trips: (count) =>
      timeTripsSync(count, () => {
        entries.push(1);
        back.pop();
      }),
  };
}

export function atomicsConsumer(entries: AtomicsRing, back: AtomicsRing): End {
  return {
    move: (_, count) => {
      let sum = entries.pop();
      const start = performance.now();
      for (let i = 1; i < count; i++) sum += entries.pop();
      const ms = performance.now() - start;
      checkSum(sum, sumOf(count));
      return ms;
    },
    trips: (count) => {
      for (let i = 0; i < count; i++) back.push(entries.pop());
      return undefined;
    },
  };
}
