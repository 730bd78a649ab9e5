import { layout } from "@x/mem-ring";
import type { MethodSpec } from "../client/service.js";

export type Resolve = (value: unknown) => void;
export type Reject = (error: Error) => void;

const SLOT_MASK = 2 ** layout.SLOT_BITS - 1;
const GENERATIONS = 2 ** (32 - layout.SLOT_BITS);

/**
 * The calls in flight, one slot each. A slot is a reservation for the completion: with as many slots as ring toNode has
 * entries, a handler that has finished never waits for room (hand-shake 3).
 *
 * A call id is the slot and its generation. Free slots are reused first in, first out, so that a late or forged
 * completion meets another generation.
 */
export class Slots {
  private readonly methods: (MethodSpec | undefined)[];
  private readonly resolves: (Resolve | undefined)[];
  private readonly rejects: (Reject | undefined)[];
  private readonly bodies: Int32Array;
  private readonly generations: Uint16Array;
  private readonly queue: Uint32Array;
  private first = 0;
  private free: number;

  constructor(readonly capacity: number) {
    this.methods = new Array(capacity).fill(undefined);
    this.resolves = new Array(capacity).fill(undefined);
    this.rejects = new Array(capacity).fill(undefined);
    this.bodies = new Int32Array(capacity);
    this.generations = new Uint16Array(capacity);
    this.queue = Uint32Array.from({ length: capacity }, (_, i) => i);
    this.free = capacity;
  }

  /** Calls in flight. */
  get used(): number {
    return this.capacity - this.free;
  }

  get full(): boolean {
    return this.free === 0;
  }

  /**
   * Takes the slot that has been free for longest and returns its call id. `body` is the request's position, or -1.
   * Only where `full` is false.
   */
  take(method: MethodSpec, body: number, resolve: Resolve, reject: Reject): number {
    const slot = this.queue[this.first] as number;
    this.first = this.first + 1 === this.capacity ? 0 : this.first + 1;
    this.free--;
    this.methods[slot] = method;
    this.resolves[slot] = resolve;
    this.rejects[slot] = reject;
    this.bodies[slot] = body;
    return (slot | ((this.generations[slot] as number) << layout.SLOT_BITS)) >>> 0;
  }

  /** The slot of a call id, or -1 if there is no such call. */
  find(callId: number): number {
    const slot = callId & SLOT_MASK;
    if (slot >= this.capacity || this.methods[slot] === undefined) return -1;
    return this.generations[slot] === callId >>> layout.SLOT_BITS ? slot : -1;
  }

  method(slot: number): MethodSpec {
    return this.methods[slot] as MethodSpec;
  }

  resolve(slot: number): Resolve {
    return this.resolves[slot] as Resolve;
  }

  reject(slot: number): Reject {
    return this.rejects[slot] as Reject;
  }

  body(slot: number): number {
    return this.bodies[slot] as number;
  }

  /** Gives a slot back under a new generation. */
  release(slot: number): void {
    this.methods[slot] = undefined;
    this.resolves[slot] = undefined;
    this.rejects[slot] = undefined;
    const generation = (this.generations[slot] as number) + 1;
    this.generations[slot] = generation === GENERATIONS ? 0 : generation;
    const last = this.first + this.free;
    this.queue[last >= this.capacity ? last - this.capacity : last] = slot;
    this.free++;
  }

  /** Every call in flight, for the end. */
  *inFlight(): Iterable<number> {
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.methods[slot] !== undefined) yield slot;
    }
  }
}
