import {
  Consumer,
  layout,
  Producer,
  Reason,
  type Region,
  RegionDamagedError,
  type Spin,
  toGo,
  toNode,
  Waiter,
  type WaiterStats,
} from "@x/mem-ring";
import type { MethodSpec } from "../client/service.js";
import { DecodeError, Ts2goError } from "../errors.js";
import { Reader } from "../image/reader.js";
import { Views } from "../image/views.js";
import { BODY_FULL, Writer } from "../image/writer.js";
import { Arena } from "./arena.js";
import { readFailure } from "./failure.js";
import * as P from "./protocol.js";
import { fail, type Settle } from "./settle.js";
import { type Slot, Slots } from "./slots.js";

/** Entries that one drain takes at most, before the event loop gets a turn. */
const DRAIN_MAX = 1024;
/** Calls that are published together at most: the worker starts on the first while the rest are being encoded. */
const PUBLISH_MAX = 32;
/** What a body is given at first: with a look at the last ones of its method, it seldom has to be encoded twice. */
const FIRST_BODY = 256;
/** An arena that never held more than this keeps its pages when idle. */
const RELEASE_ABOVE = 4 << 20;

const E = {
  callId: layout.ENTRY_CALL_ID >>> 2,
  length: layout.ENTRY_LENGTH >>> 2,
  aux: layout.ENTRY_AUX >>> 2,
  ref: layout.ENTRY_REF >>> 2,
} as const;

/** An entry's first word: kind, flags and method, little-endian as every machine that this runs on. */
const kindWord = (kind: number, flags: number, method: number): number => kind | (flags << 8) | (method << 16);

const INLINE_BIT = kindWord(0, P.FLAG_INLINE, 0);

const hex = (callId: number): string => (callId >>> 0).toString(16);

/** What a channel tells its owner. */
export interface ChannelEvents {
  /** Calls have been completed, or there may be room again: waiting calls can be submitted. */
  progress(): void;
  /** The peer has sent its last entry. */
  closed(): void;
  /** The region is damaged: it has to be thrown away. */
  damaged(error: Error): void;
}

const resolved = Promise.resolve();

/**
 * One JavaScript thread joined to one Go runtime: encodes calls into the request arena, publishes them on ring toGo,
 * and settles promises with what comes back on ring toNode.
 */
export class Channel {
  private readonly views: Views;
  private readonly out: Producer;
  private readonly in: Consumer;
  private readonly waiter: Waiter;
  private readonly writer: Writer;
  private readonly reader: Reader;
  private readonly arena: Arena;
  private readonly slots: Slots;
  /** Bytes that the next body of a method will probably take, by method. */
  private readonly hints: Uint32Array;
  private readonly flushLater = () => this.flush();
  private flushing = false;
  /** Damage was found: the ring is not read again, except for what was finished before the end. */
  private broken = false;
  /** Set while user code (a getter of an argument) may run: it may call back into this channel. */
  private encoding = false;
  private finished = false;
  /** CLOSE has been sent, and the peer's is awaited. */
  private closing = 0;
  /** Completions so far, and at the last tick. */
  private completed = 0;
  private completedAtTick = -1;
  private readonly responseStart: number;
  private readonly responseEnd: number;

  constructor(
    private readonly region: Region,
    /** The upper half of every address at which Go has mapped the region. */
    high: number,
    private readonly methods: readonly string[],
    spin: Spin,
    private readonly events: ChannelEvents,
  ) {
    const { buffer, header } = region;
    this.views = new Views(buffer);
    this.out = new Producer(buffer, toGo(header), region.goDoorbell);
    this.in = new Consumer(buffer, toNode(header), region.goDoorbell);
    this.writer = new Writer(this.views, high);
    this.reader = new Reader(this.views, high);
    this.arena = new Arena(header.requestArena, header.requestArenaSize);
    this.slots = new Slots(header.toNodeCapacity);
    this.hints = new Uint32Array(methods.length).fill(FIRST_BODY);
    this.state(layout.STATE_OPEN);
    this.responseStart = header.responseArena;
    this.responseEnd = header.responseArena + header.responseArenaSize;
    this.waiter = new Waiter(buffer, toNode(header), region.nodeDoorbell, this.in.index, spin, (reason) =>
      this.onReady(reason),
    );
  }

  /** Says where this side stands in its life, for whoever looks at the region. */
  private state(state: number): void {
    Atomics.store(this.views.u32, layout.CONTROL_NODE_STATE >>> 2, state);
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.slots.used;
  }

  /** Whether it has completed a call. */
  get served(): boolean {
    return this.completed > 0;
  }

  /** Bodies in the request arena. */
  get bodiesInUse(): number {
    return this.arena.used;
  }

  get stats(): WaiterStats & { readonly doorbells: number } {
    return { ...this.waiter.stats, doorbells: this.out.doorbells };
  }

  /**
   * Takes a call, or says false: there is no slot, no entry or no memory at the moment, and `progress` will tell.
   *
   * @throws what the encoder threw; nothing was sent then.
   */
  submit(method: MethodSpec, args: unknown, settle: Settle): boolean {
    if (this.slots.full || this.encoding) return false;
    const entry = this.out.claim();
    if (entry < 0) {
      if (this.out.waitForSpace()) return this.submit(method, args, settle);
      return false;
    }
    let body = -1;
    let length = 0;
    this.encoding = true;
    try {
      if (method.write === undefined) {
        // No parameters: nothing to write.
      } else if (method.inline) {
        this.writer.begin(entry + layout.ENTRY_INLINE, method.size, entry + layout.ENTRY_SIZE);
        method.write(this.writer, entry + layout.ENTRY_INLINE, args);
      } else {
        body = this.encode(method, args);
        if (body < 0) {
          this.out.unclaim();
          return false;
        }
        length = this.writer.length;
      }
    } catch (error) {
      this.out.unclaim();
      throw error;
    } finally {
      this.encoding = false;
    }
    const slot = this.slots.take(method, body, settle);
    const words = this.views.i32;
    const word = entry >>> 2;
    const inline = body < 0;
    words[word] = kindWord(method.oneway ? P.KIND_ONEWAY : P.KIND_CALL, inline ? P.FLAG_INLINE : 0, method.index);
    words[word + E.callId] = slot.callId;
    words[word + E.length] = length;
    words[word + E.ref] = inline ? 0 : body;
    words[word + E.ref + 1] = 0;
    if (!this.flushing) {
      // What is called in one turn is published together, in one microtask at its end.
      this.flushing = true;
      resolved.then(this.flushLater);
    } else if (this.out.unpublished >= PUBLISH_MAX) this.out.publish();
    return true;
  }

  /** Encodes a request and returns its position, or -1 if the arena is full at the moment. */
  private encode(method: MethodSpec, args: unknown): number {
    const hints = this.hints;
    let room = hints[method.index] as number;
    for (;;) {
      const body = this.arena.alloc(room);
      if (body < 0) {
        if (this.arena.used === 0) throw this.tooLarge(method, room);
        return -1;
      }
      try {
        this.writer.begin(body, method.size, body + room);
        (method.write as NonNullable<MethodSpec["write"]>)(this.writer, body, args);
        const length = this.writer.length;
        // Follow growth at once, and shrink slowly: encoding twice costs more than a block that is too large.
        if (length > room - (room >>> 3) || length < room >>> 2) {
          hints[method.index] = Math.max(FIRST_BODY, length + (length >>> 3), room - (room >>> 4));
        }
        return body;
      } catch (error) {
        this.arena.release(body);
        if (error !== BODY_FULL) throw error;
        if (this.writer.wanted > this.arena.max) throw this.tooLarge(method, this.writer.wanted);
        room = Math.min(Math.max(room * 2, this.writer.wanted + (this.writer.wanted >>> 3)), this.arena.max);
        hints[method.index] = room;
      }
    }
  }

  private tooLarge(method: MethodSpec, bytes: number): Error {
    this.hints[method.index] = FIRST_BODY;
    return new Ts2goError(
      "ERR_BODY_TOO_LARGE",
      `${this.methods[method.index]}: the request takes at least ${bytes} bytes, the request arena has ${this.arena.max}: connect with a larger regionSize`,
    );
  }

  private flush(): void {
    this.flushing = false;
    if (this.finished) return;
    this.out.publish();
    this.waiter.pending = this.slots.used + this.closing;
  }

  private onReady(reason: number): void {
    if (this.finished || this.broken) return;
    try {
      if (reason === Reason.tick) {
        // Nothing came back since the last tick: perhaps a handler takes long, perhaps a flag was lost.
        if (this.completed === this.completedAtTick) this.out.republish();
        this.completedAtTick = this.completed;
      }
      this.drain();
    } catch (error) {
      this.broken = true;
      this.events.damaged(error as Error);
      return;
    }
    if (this.finished) return;
    this.events.progress();
    if (this.out.unpublished > 0) this.out.publish();
    this.waiter.pending = this.slots.used + this.closing;
    if (this.slots.used === 0 && this.arena.touched > RELEASE_ABOVE) this.shrink();
  }

  /** Settles what has come back: at most {@link DRAIN_MAX} calls. */
  private drain(): void {
    const n = Math.min(this.in.available(), DRAIN_MAX);
    if (n === 0) return;
    let closed = false;
    for (let i = 0; i < n; i++) closed = this.settle(this.in.at(i)) || closed;
    this.in.advance(n);
    this.waiter.head = this.in.index;
    this.completed += n;
    if (closed) this.events.closed();
  }

  /** Settles the call that the entry completes; true if the entry is the peer's last. */
  private settle(entry: number): boolean {
    const words = this.views.i32;
    const word = entry >>> 2;
    // Each word of the entry is read once, and only these copies are used.
    const first = words[word] as number;
    const callId = words[word + E.callId] as number;
    const kind = first & 0xff;
    if (kind === P.KIND_CLOSE) {
      // It answers ours, which is sent when nothing is in flight: Go never closes by itself.
      if (this.closing === 0 || this.slots.used > 0) {
        throw new RegionDamagedError(`CLOSE came with ${this.slots.used} calls in flight and was not asked for`);
      }
      return true;
    }
    const slot = this.slots.find(callId);
    if (slot === undefined || (kind !== P.KIND_RESULT && kind !== P.KIND_ERROR)) {
      throw new RegionDamagedError(`an entry of kind ${kind} for call ${hex(callId)}, which is not in flight`);
    }
    const method = slot.method as MethodSpec;
    if (first >>> 16 !== method.index) {
      throw new RegionDamagedError(`an entry for another method than call ${hex(callId)} was made to`);
    }
    const settle = slot.settle as Settle;
    this.free(slot);
    let result: unknown;
    try {
      if (kind === P.KIND_ERROR) throw this.failure(entry, first, method);
      if (method.read !== undefined && method.resultSize !== undefined) {
        result = method.read(this.reader, this.locate(entry, first, method.resultSize));
      }
    } catch (error) {
      fail(settle, error as Error);
      return false;
    }
    settle(result);
    return false;
  }

  /** Gives back the slot of a call and its request's body. */
  private free(slot: Slot): void {
    const { body } = slot;
    this.slots.release(slot);
    if (body >= 0) this.arena.release(body);
  }

  /** What the entry says of a call that failed. */
  private failure(entry: number, first: number, method: MethodSpec): Error {
    const word = entry >>> 2;
    const failure = this.views.u32[word + E.aux] as number;
    const p = this.views.u32[word + E.length] === 0 ? 0 : this.locate(entry, first, P.ERROR_IMAGE_SIZE);
    return readFailure(this.reader, p, failure, this.methods[method.index] as string);
  }

  /** Points the reader at the entry's body and returns the root's position. */
  private locate(entry: number, first: number, rootSize: number): number {
    if ((first & INLINE_BIT) !== 0) {
      const p = entry + layout.ENTRY_INLINE;
      this.reader.begin(p, rootSize, entry + layout.ENTRY_SIZE);
      return p;
    }
    const word = entry >>> 2;
    const at = this.views.u32[word + E.ref] as number;
    const length = this.views.u32[word + E.length] as number;
    if (
      this.views.u32[word + E.ref + 1] !== 0 ||
      at < this.responseStart ||
      at > this.responseEnd ||
      length > this.responseEnd - at ||
      (at & 7) !== 0
    ) {
      throw new DecodeError(`a body of ${length} bytes at ${at}, outside the response arena`);
    }
    this.reader.begin(at, rootSize, at + length);
    return at;
  }

  /** Gives the memory of an empty arena back to the system. */
  private shrink(): void {
    this.region.release(this.region.header.requestArena, this.arena.touched);
    this.arena.reset();
  }

  /** Sends CLOSE, this side's last entry. Only when nothing is in flight. */
  sendClose(): void {
    this.state(layout.STATE_DRAINING);
    const entry = this.out.claim();
    this.views.u32.fill(0, entry >>> 2, (entry + layout.ENTRY_SIZE) >>> 2);
    this.views.u8[entry] = P.KIND_CLOSE;
    this.out.publish();
    this.closing = 1;
    this.waiter.pending = 1;
  }

  /**
   * Settles what the peer completed before it ended, rejects the rest, and gives everything back. `error` is told what
   * damage was found on the way, if any: then nothing more could be read.
   */
  finish(error: (damage: Error | undefined) => Error): void {
    if (this.finished) return;
    let damage: Error | undefined;
    try {
      while (this.in.available() > 0) this.drain();
    } catch (cause) {
      damage = cause as Error;
    }
    this.finished = true;
    this.state(layout.STATE_CLOSED);
    this.waiter.pending = 0;
    this.waiter.close();
    for (const slot of this.slots.inFlight()) fail(slot.settle as Settle, error(damage));
    this.region.close();
  }
}
