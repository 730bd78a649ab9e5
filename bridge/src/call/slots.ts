import type { AsyncResource } from "node:async_hooks";
import { layout } from "@x/mem-ring/channel";
import type { MethodSpec } from "../client/service.js";
import { INLINE } from "./entry.js";
import type { Settle } from "./settle.js";
import { callShare } from "./shares.js";
import type { StreamCall } from "./stream/index.js";

const SLOT_MASK = 2 ** layout.SLOT_BITS - 1;
const GENERATION = 2 ** layout.SLOT_BITS;

/** One place for a call in flight. Made once and used again: taking and releasing one makes no garbage. */
export class Slot {
  /** The method that was called; undefined while the slot is free. */
  method: MethodSpec | undefined = undefined;
  /** Undefined while the slot is free, and when the caller has given up. */
  settle: Settle | undefined = undefined;
  /** Where the request is: its position in the arena, or INLINE. */
  body = INLINE;
  /** The call's streams, if its method has any. */
  stream: StreamCall | undefined = undefined;
  /** Where bytes are that were passed without a copy, if any. */
  lent: readonly number[] | undefined = undefined;
  /** The asynchronous context in which the call was made, where Go may call on its behalf. */
  scope: AsyncResource | undefined = undefined;
  /** Bodies of the argument stream's batches that Go has not given back, in order. */
  readonly bodies: number[] = [];
  /** Which gathering of places the call has passed: see {@link Slots.gather}; 0: none. */
  passed = 0;
  /** Since when the call of {@link datedId} was seen in flight, on the clock of `performance.now`. */
  since = 0;
  /** The call id that `since` is of. At first no id of this slot: another slot's. */
  datedId: number;

  /** `callId` is the slot and its generation, as a signed 32-bit integer. */
  constructor(public callId: number) {
    this.datedId = callId ^ 1;
  }
}

/**
 * The calls in flight, one slot each. A slot is a reservation for the completion: with no more slots than ring toNode has
 * entries for them, a handler that has finished never waits for room (hand-shake 3).
 *
 * A call id is the slot and its generation. Free slots are reused first in, first out, so that a late or forged
 * completion meets another generation.
 */
export class Slots {
  private readonly slots: Slot[];
  /** Numbers of free slots, a circle that starts at `first`. */
  private queue: Uint32Array;
  private first = 0;
  private free: number;
  /** Places that streams have reserved besides their calls' slots. */
  private reserved = 0;
  /** Calls with streams, and the places that they have, slots among them. */
  private streams = 0;
  private ofStreams = 0;
  /** The stream for which places are being gathered, the number of that gathering, and calls in flight that have passed it. */
  private gatherer: StreamCall | undefined = undefined;
  private gathering = 0;
  private passers = 0;
  /** Places that there are without those that are lent, and those that streams leave to calls. */
  private readonly places: number;
  private readonly share: number;

  constructor(public capacity: number) {
    this.places = capacity;
    this.share = callShare(capacity);
    this.slots = Array.from({ length: capacity }, (_, i) => new Slot(i));
    this.queue = Uint32Array.from({ length: capacity }, (_, i) => i);
    this.free = capacity;
  }

  /** Calls in flight. */
  get used(): number {
    return this.capacity - this.free;
  }

  /** Those without streams. */
  get calls(): number {
    return this.used - this.streams;
  }

  /** Whether there is no place for a call without streams. */
  get full(): boolean {
    return this.free <= this.reserved || (this.gatherer !== undefined && this.passers >= this.share);
  }

  /**
   * Whether there are places for the streams of a call. A stream keeps its places until its reader has read it, and that
   * may be waiting for a call: so some are left to calls, however many streams there are.
   */
  fits(stream: StreamCall): boolean {
    return this.leavesShare(stream) && this.free - this.reserved > stream.reserved;
  }

  private leavesShare(stream: StreamCall): boolean {
    return this.ofStreams + 1 + stream.reserved <= this.places - this.share;
  }

  /**
   * Says which stream waits before all other calls, if one does. While it waits for other streams to end, calls pass it.
   * Where it waits for nothing but calls, it would wait for ever if they always took the places of those that end: then as
   * many pass at a time as streams leave to calls anyway, and every other place that becomes free is the stream's.
   */
  gather(stream: StreamCall | undefined): void {
    const gatherer = stream !== undefined && this.leavesShare(stream) ? stream : undefined;
    if (gatherer === this.gatherer) return;
    this.gatherer = gatherer;
    this.gathering++;
    this.passers = 0;
  }

  /**
   * Whether a call can be admitted without a place, because each of `inFlight` calls may be waiting for one that is made
   * on its behalf: `waiting` calls from Go are. Its completion may then have to wait for room, which this side makes
   * whatever Go does; without this, calls that are nested deeper than there are places would wait for each other for ever.
   */
  lend(waiting: number, inFlight: number): boolean {
    if (waiting < inFlight || waiting === 0) return false;
    if (this.free === 0) this.grow();
    return this.free > 0;
  }

  /** Makes slots, as many as there are, which only {@link lend} gives out. */
  private grow(): void {
    const before = this.capacity;
    const more = Math.min(before, GENERATION - before);
    this.capacity += more;
    this.reserved += more;
    this.queue = new Uint32Array(this.capacity);
    this.first = 0;
    this.free = more;
    for (let i = 0; i < more; i++) {
      this.slots.push(new Slot(before + i));
      this.queue[i] = before + i;
    }
  }

  /** Reserves the places of a call's streams, until its slot is released. */
  reserve(slot: Slot, stream: StreamCall): void {
    slot.stream = stream;
    this.reserved += stream.reserved;
    this.streams++;
    this.ofStreams += 1 + stream.reserved;
  }

  /** Takes the slot that has been free for longest. Only where `full` is false. */
  take(method: MethodSpec, body: number, settle: Settle): Slot {
    const slot = this.slots[this.queue[this.first] as number] as Slot;
    this.first = this.first + 1 === this.capacity ? 0 : this.first + 1;
    this.free--;
    slot.method = method;
    slot.settle = settle;
    slot.body = body;
    if (this.gatherer !== undefined) {
      slot.passed = this.gathering;
      this.passers++;
    }
    return slot;
  }

  /** The slot of a call id, or undefined if there is no such call. */
  find(callId: number): Slot | undefined {
    const number = callId & SLOT_MASK;
    if (number >= this.capacity) return undefined;
    const slot = this.slots[number] as Slot;
    return slot.callId === callId && slot.method !== undefined ? slot : undefined;
  }

  /** Gives a slot back under a new generation. */
  release(slot: Slot): void {
    slot.method = undefined;
    slot.settle = undefined;
    if (slot.stream !== undefined) {
      this.reserved -= slot.stream.reserved;
      this.streams--;
      this.ofStreams -= 1 + slot.stream.reserved;
      slot.stream = undefined;
    }
    if (slot.passed !== 0) {
      if (slot.passed === this.gathering) this.passers--;
      slot.passed = 0;
    }
    if (slot.scope !== undefined) slot.scope = undefined;
    const number = slot.callId & SLOT_MASK;
    slot.callId = (slot.callId + GENERATION) | 0;
    const last = this.first + this.free;
    this.queue[last >= this.capacity ? last - this.capacity : last] = number;
    this.free++;
  }

  /**
   * Dates the calls in flight that have no date yet. Called now and then, so that no call has to read the clock: a date
   * is late by at most the time since the last call of this.
   */
  date(now: number): void {
    if (this.used === 0) return;
    for (const slot of this.slots) {
      if (slot.method === undefined || slot.datedId === slot.callId) continue;
      slot.datedId = slot.callId;
      slot.since = now;
    }
  }

  /** Every call in flight, for the end. */
  inFlight(): Slot[] {
    return this.slots.filter((slot) => slot.method !== undefined);
  }
}
