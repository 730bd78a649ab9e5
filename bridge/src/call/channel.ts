import {
  DamagedError,
  Doorbell,
  layout,
  native,
  RawConsumer,
  RawProducer,
  Reason,
  type Region,
  type Spin,
  Spinner,
  toGo,
  toNode,
  Waiter,
  type WaiterStats,
} from "@x/mem-ring/channel";
import type { ItemsSpec, MethodSpec } from "../client/service.js";
import { ClosedError } from "../errors.js";
import { Views } from "../image/views.js";
import { Admission } from "./admission.js";
import { type Answering, Callbacks } from "./callbacks/index.js";
import { E, INLINE, kindWord, setBody } from "./entry.js";
import { ResultLeases } from "./leases/index.js";
import type { Patience } from "./patience.js";
import { Posts } from "./posts.js";
import * as P from "./protocol.js";
import { NO_ROOM, Requests } from "./requests.js";
import { Responses } from "./responses.js";
import { fail, type Settle } from "./settle.js";
import { goShare, replyArena } from "./shares.js";
import { type Slot, Slots } from "./slots.js";
import type { CallState } from "./state.js";
import type { Outgoing, StreamCall } from "./stream/index.js";
import type { CallContext } from "./surroundings.js";

/** While it blocks, the thread looks after so many milliseconds whatever the doorbell says: as the waiter's tick does. */
const TICK_MS = 100;

/**
 * Entries that one drain reads at most. While Node settles, nothing new is published; a worker that runs dry for longer
 * than it spins goes to sleep, and the doorbell then often wakes it on Node's own processor, where the two take turns
 * while the other processor idles. So a drain has to be shorter than the spin: some 30 µs.
 */
const DRAIN_MAX = 128;
/** Calls that are published together at most: the worker starts on the first while the rest are being encoded. */
const PUBLISH_MAX = 32;
/** An arena that never held more than this keeps its pages when idle. */
const RELEASE_ABOVE = 4 << 20;
/** How long an arena has to be empty: between two bursts of calls its pages are worth more than the memory. */
const IDLE_MS = 50;

const LEASED_BIT = kindWord(0, P.FLAG_LEASED, 0);

const hex = (callId: number): string => (callId >>> 0).toString(16);

/** What a channel tells its owner. */
export interface ChannelEvents {
  /** Calls have been completed, or there may be room again: waiting calls can be submitted. */
  progress(): void;
  /** Every tenth of a second while answers are expected. */
  tick(now: number): void;
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
  private readonly out: RawProducer;
  private readonly in: RawConsumer;
  private readonly waiter: Waiter;
  private readonly requests: Requests;
  private readonly responses: Responses;
  private readonly leases: ResultLeases;
  private readonly slots: Slots;
  /** Which calls can be sent, and which would wait for ever. */
  readonly admission: Admission;
  private readonly spinner: Spinner;
  private readonly flushLater = () => this.flush();
  private flushing = false;
  /** Damage was found: the ring is not read again, except for what was finished before the end. */
  private broken = false;
  /** Set while user code (a getter of an argument) may run: it may call back into this channel. */
  private encoding = false;
  /** Entries are being read that have not been given back: nothing may be sent for which Go would need their places. */
  private draining = false;
  private finished = false;
  /** 1 when CLOSE has been sent, and the peer's is awaited. */
  private closing = 0;
  /** 1 while something is to be sent for which there is no room, no place or no memory. */
  private waitingForRoom = 0;
  /** Completions so far, and at the last tick. */
  private completed = 0;
  private completedAtTick = -1;
  private idleTimer: NodeJS.Timeout | undefined;
  /** Calls in flight whose callers have given up: nobody waits for them. */
  private abandoned = 0;
  private readonly posts = new Posts();
  /** Argument streams that wait for room. */
  private readonly stalled = new Set<Outgoing>();
  /** Calls from Go, where there may be any. */
  private readonly callbacks: Callbacks | undefined;
  private readonly replies: Requests | undefined;
  /** This thread waits in {@link block}. */
  private blocked = false;

  constructor(
    private readonly region: Region,
    /** The upper half of every address at which Go has mapped the region. */
    high: number,
    private readonly methods: readonly string[],
    spin: Spin,
    private readonly events: ChannelEvents,
    answering?: Answering,
  ) {
    const { buffer, header } = region;
    this.views = new Views(buffer);
    this.out = new RawProducer(buffer, toGo(header), new Doorbell(region.goDoorbell));
    this.in = new RawConsumer(buffer, toNode(header), new Doorbell(region.goDoorbell));
    const callbacks = answering?.schema.callbacks ?? [];
    const forReplies = callbacks.length === 0 ? 0 : replyArena(header.requestArenaSize);
    const forCalls = header.requestArenaSize - forReplies;
    this.requests = new Requests(this.views, high, header.requestArena, forCalls, methods);
    this.responses = new Responses(this.views, high, header, methods);
    this.requests.lent.room = () => void resolved.then(this.tellProgress);
    this.leases = new ResultLeases(this.views, this.responses.reader, () => this.sendReleases());
    this.slots = new Slots(header.toNodeCapacity - (callbacks.length === 0 ? 0 : goShare(header.toNodeCapacity)));
    if (answering !== undefined && callbacks.length > 0) {
      const names = [...callbacks.map((method) => method.name), "error"];
      const start = header.requestArena + forCalls;
      this.replies = new Requests(this.views, high, start, forReplies, names, "reply");
      const scopeOf = (callId: number) => this.slots.find(callId)?.scope;
      this.callbacks = new Callbacks(this.views, this.responses, this.replies, answering, scopeOf, () =>
        this.sendReplies(),
      );
    }
    this.admission = new Admission(this.slots, this.requests, this.callbacks);
    this.spinner = new Spinner(spin === false ? "sleep" : spin);
    this.state(layout.STATE_OPEN);
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

  /** Whether CLOSE has been sent. */
  get closeSent(): boolean {
    return this.closing !== 0;
  }

  /** Whether it has completed a call. */
  get served(): boolean {
    return this.completed > 0;
  }

  /** Bodies in the request arena. */
  get bodiesInUse(): number {
    return this.requests.bodiesInUse + (this.replies?.bodiesInUse ?? 0);
  }

  /** Results of which the program holds leases. */
  get leasesHeld(): number {
    return this.leases.held;
  }

  /** Bytes that a call of this channel can pass without a copy. @throws see {@link Requests.lent}. */
  alloc(bytes: number): Uint8Array {
    return this.requests.lent.alloc(bytes);
  }

  /** Calls from Go that wait for an answer. */
  get answering(): number {
    return this.callbacks?.waiting ?? 0;
  }

  get stats(): WaiterStats & { readonly doorbells: number } {
    return { ...this.waiter.stats, doorbells: this.out.doorbells };
  }

  /** The calls in flight, for people. `pid` is the worker's. */
  calls(now: number, pid: number | undefined): CallState[] {
    this.slots.date(now);
    return this.slots.inFlight().map(({ method, settle, since }) => ({
      method: this.methods[method?.index ?? -1] ?? "",
      state: settle === undefined ? "abandoned" : "sent",
      ageMs: now - since,
      pid,
    }));
  }

  /**
   * Takes a call, or says false: there is no slot, no entry or no memory at the moment, and `progress` will tell.
   *
   * @throws what the encoder threw; nothing was sent then.
   */
  submit(
    method: MethodSpec,
    args: unknown,
    settle: Settle,
    patience?: Patience,
    stream?: StreamCall,
    context?: CallContext,
  ): boolean {
    if (this.encoding || !this.admission.hasPlace(stream)) return this.refuse("place");
    const entry = this.claim();
    if (entry < 0) return false;
    const body = this.encode(method, args, entry, context?.pairs);
    if (body === NO_ROOM) return this.refuse("memory");
    const slot = this.slots.take(method, body, settle);
    if (method.lends === true) slot.lent = this.requests.lent.moved();
    const words = this.views.i32;
    const word = entry >>> 2;
    let flags = body === INLINE ? P.FLAG_INLINE : 0;
    if (patience !== undefined) {
      flags |= P.FLAG_CANCELLABLE;
      words[word + E.aux] = patience.remainingMs;
      patience.sent(this, slot);
    }
    if (stream !== undefined) {
      flags |= P.FLAG_CANCELLABLE;
      if (patience === undefined) words[word + E.aux] = 0;
      this.slots.reserve(slot, stream);
    }
    if (context !== undefined) {
      if (context.pairs !== undefined) flags |= P.FLAG_METADATA;
      if (context.scope !== undefined) flags |= P.FLAG_SCOPED;
      slot.scope = context.scope;
    }
    words[word] = kindWord(method.oneway ? P.KIND_ONEWAY : P.KIND_CALL, flags, method.index);
    words[word + E.callId] = slot.callId;
    setBody(words, word, body, this.requests.length);
    if (!this.flushing) {
      // What is called in one turn is published together, in one microtask at its end.
      this.flushing = true;
      resolved.then(this.flushLater);
    } else if (this.out.unpublished >= PUBLISH_MAX) this.out.publish();
    // Behind the call itself on the ring.
    if (stream !== undefined) stream.sent(this, slot);
    return true;
  }

  /**
   * Encodes for the entry at `entry`, the one that was claimed last, and gives that back where it comes to nothing: by
   * {@link NO_ROOM}, or by what the encoder throws.
   */
  private encode(spec: MethodSpec | ItemsSpec, args: unknown, entry: number, pairs?: readonly string[]): number {
    let body = NO_ROOM;
    this.encoding = true;
    try {
      body = this.requests.encode(spec, args, entry, pairs);
    } finally {
      this.encoding = false;
      if (body === NO_ROOM) this.out.unclaim();
    }
    return body;
  }

  /**
   * Gives up a call that was sent. Its slot and its body stay taken until Go has completed it: until then the handler may
   * read them. Nothing happens if it has been completed.
   */
  cancel(slot: Slot, callId: number, reason: string): void {
    if (slot.callId !== callId || slot.settle === undefined) return;
    slot.settle = undefined;
    slot.stream?.outgoing?.stop();
    this.abandoned++;
    this.post(P.KIND_CANCEL, slot, callId, 0, reason);
    if (!this.finished) this.stayAwake();
  }

  /** Says that so many more batches of the call's result stream may come. */
  credit(slot: Slot, callId: number, batches: number): void {
    this.post(P.KIND_CREDIT, slot, callId, batches, "");
  }

  /** Says that the call's argument stream has ended. */
  endItems(slot: Slot, callId: number): void {
    this.post(P.KIND_END, slot, callId, 0, "");
  }

  private post(kind: number, slot: Slot, callId: number, aux: number, text: string): void {
    if (this.finished || slot.callId !== callId) return;
    this.posts.add(kind, slot, callId, aux, text);
    // Not while a call is being encoded: its entry is claimed, and may have to be given back.
    if (this.encoding) resolved.then(() => this.sendPosts());
    else if (!this.draining) this.sendPosts();
  }

  /** {@link claim} where no call can be told of damage: whoever owns the channel is. */
  private readonly claimEntry = (): number => {
    if (this.broken) return -1;
    try {
      return this.claim();
    } catch (error) {
      this.damaged(error as Error);
      return -1;
    }
  };

  private sendPosts(): void {
    if (this.finished || this.broken) return;
    this.posts.send(this.views, this.claimEntry);
    this.flush();
  }

  /** Tells Go of released leases, as far as there is room. */
  private sendReleases(): void {
    // After a drain it is called again.
    if (this.finished || this.broken || this.closeSent || this.draining) return;
    if (this.encoding) return void resolved.then(() => this.sendReleases());
    const { leases, views } = this;
    for (let number = leases.next; number !== undefined; number = leases.next) {
      const entry = this.claimEntry();
      if (entry < 0) return;
      const word = entry >>> 2;
      views.i32[word] = kindWord(P.KIND_RELEASE, 0, 0);
      views.i32[word + E.length] = 0;
      views.i32[word + E.aux] = number;
      leases.told();
    }
    if (!this.flushing) {
      this.flushing = true;
      resolved.then(this.flushLater);
    }
  }

  private readonly unclaimEntry = () => this.out.unclaim();

  /** Sends replies to calls from Go, as far as there is room. */
  private sendReplies(): void {
    const { callbacks } = this;
    if (callbacks === undefined || this.finished || this.broken || this.closeSent) return;
    // A getter of an argument cannot end a call from Go, but what it calls might.
    if (this.encoding) return void resolved.then(() => this.sendReplies());
    this.encoding = true;
    try {
      callbacks.send(this.claimEntry, this.unclaimEntry);
    } catch (error) {
      this.damaged(error as Error);
      return;
    } finally {
      this.encoding = false;
    }
    if (this.out.unpublished >= PUBLISH_MAX) this.out.publish();
    if (!this.flushing) {
      this.flushing = true;
      resolved.then(this.flushReplies);
    }
  }

  private readonly tellProgress = () => {
    if (!this.finished) this.events.progress();
  };

  private readonly flushReplies = () => {
    this.flush();
    // What a getter of a result has called could not be sent before.
    this.tellProgress();
  };

  /**
   * Sends a batch of the call's argument stream; false: there is no room at the moment, and `Outgoing.resume` will be
   * called.
   *
   * @throws what the encoder threw; nothing was sent then.
   */
  sendItems(slot: Slot, callId: number, batch: readonly unknown[]): boolean {
    const { stream, method } = slot;
    if (this.finished || slot.callId !== callId || method?.items === undefined || stream?.outgoing === undefined)
      return true;
    const entry = this.encoding ? -1 : this.claimEntry();
    if (entry < 0) {
      this.stalled.add(stream.outgoing);
      return false;
    }
    const body = this.encode(method.items, batch, entry);
    if (body === NO_ROOM) {
      this.stalled.add(stream.outgoing);
      return false;
    }
    slot.bodies.push(body);
    stream.outgoing.sized(batch.length, this.requests.length);
    const words = this.views.i32;
    const word = entry >>> 2;
    words[word] = kindWord(P.KIND_ITEMS, 0, method.index);
    words[word + E.callId] = callId;
    setBody(words, word, body, this.requests.length);
    this.flush();
    return true;
  }

  /** A call has to wait for what comes back, also where that belongs to calls for which nobody else waits any more. */
  private refuse(lack: "place" | "memory"): false {
    this.waitingForRoom = 1;
    this.admission.lack = lack;
    this.stayAwake();
    return false;
  }

  /** A free entry, or -1: then the peer rings when there is one, and until then something is awaited. */
  private claim(): number {
    const entry = this.out.claim();
    if (entry >= 0) return entry;
    // For entries that it can't see the peer makes no room.
    this.out.publish();
    if (!this.out.arm()) return this.out.claim();
    this.waitingForRoom = 1;
    this.admission.lack = "entry";
    this.stayAwake();
    return -1;
  }

  /** Whether an argument is being encoded: code of the program that runs now, a getter, runs inside a call. */
  get isEncoding(): boolean {
    return this.encoding;
  }

  /**
   * Blocks this thread until `done`, and serves meanwhile what comes back for others; their promises settle afterwards.
   * Returns early if the worker ends, of which `pidfd` tells, or if damage was found.
   */
  block(done: () => boolean, pidfd: number): void {
    this.out.publish();
    this.blocked = true;
    try {
      this.serveUntil(done, pidfd);
    } finally {
      this.blocked = false;
    }
  }

  private serveUntil(done: () => boolean, pidfd: number): void {
    const something = () => this.in.available() > 0;
    while (!done() && !this.finished && !this.broken) {
      if (something() || this.spinner.until(something)) {
        this.onReady(Reason.entries);
        continue;
      }
      if (!this.in.arm()) continue;
      const ready = native.waitReadable(this.region.nodeDoorbell, pidfd, TICK_MS);
      if ((ready & 1) !== 0) native.hearDoorbell(this.region.nodeDoorbell);
      this.onReady(ready === 0 ? Reason.tick : Reason.doorbell);
      // Dead, and what it had completed before was read.
      if ((ready & 2) !== 0 && !something()) return;
    }
  }

  private flush(): void {
    this.flushing = false;
    if (this.finished) return;
    this.out.publish();
    this.stayAwake();
  }

  /** Keeps the event loop alive for as long as something has to come from the peer. */
  private stayAwake(): void {
    this.waiter.pending = this.slots.used - this.abandoned + this.closing + this.waitingForRoom;
  }

  private onReady(reason: number): void {
    if (this.finished || this.broken) return;
    try {
      if (reason === Reason.tick) {
        // Nothing came back since the last tick: perhaps a handler takes long, perhaps a flag was lost.
        if (this.completed === this.completedAtTick) this.out.republish();
        this.completedAtTick = this.completed;
        const now = performance.now();
        this.slots.date(now);
        this.events.tick(now);
      }
      this.drain();
    } catch (error) {
      this.damaged(error as Error);
      return;
    }
    if (this.finished) return;
    // Who waits for room asks again, if it still has to.
    this.waitingForRoom = 0;
    if (this.posts.pending) this.sendPosts();
    if (this.leases.next !== undefined) this.sendReleases();
    if (this.stalled.size > 0) this.resumeStalled();
    if (this.callbacks?.pending === true) this.sendReplies();
    this.events.progress();
    if (this.out.unpublished > 0) this.out.publish();
    this.stayAwake();
    if (this.slots.used === 0 && Math.max(this.requests.touched, this.replies?.touched ?? 0) > RELEASE_ABOVE) {
      this.idleSoon();
    }
  }

  private damaged(error: Error): void {
    this.broken = true;
    // There is nothing more to hear, and what cannot be read would keep the event loop turning.
    this.waiter.close();
    this.events.damaged(error);
  }

  private resumeStalled(): void {
    const all = [...this.stalled];
    this.stalled.clear();
    for (const outgoing of all) outgoing.resume();
  }

  /**
   * Settles some of what has come back; the waiter calls again for the rest.
   *
   * Nothing in here may run the program's own code: between a slot's release and the advance at the end a call that it
   * made would be admitted to a place in ring toNode that is not free yet. Settling a promise only queues a microtask. For
   * the same reason credit that a waiting reader gives back in here is sent at the end.
   */
  private drain(): void {
    const available = this.in.available();
    if (available === 0) return;
    // At most half of what is in flight: the other side works on one half while this one settles the other and calls
    // again. Otherwise they take turns, and each waits for the other with a few calls in flight. Entries that end no call,
    // of streams and of calls from Go, do not count.
    const { used } = this.slots;
    const half = used === 0 ? -1 : used >> 1;
    const most = Math.min(available, DRAIN_MAX);
    let closed = false;
    let n = 0;
    this.draining = true;
    do {
      closed = this.settle(this.in.at(n)) || closed;
      n++;
    } while (n < most && this.slots.used > half);
    this.in.advance(n);
    this.draining = false;
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
        throw new DamagedError(`CLOSE came with ${this.slots.used} calls in flight and was not asked for`);
      }
      return true;
    }
    if (kind >= P.KIND_GOCALL && this.callbacks !== undefined) {
      // After CLOSE there is nothing more to say.
      if (this.closing === 0) this.callbacks.take(entry, first, callId, this.blocked);
      return false;
    }
    const slot = this.slots.find(callId);
    if (slot?.stream !== undefined && (kind === P.KIND_ITEMS || kind === P.KIND_CREDIT)) {
      this.onStream(slot, slot.stream, kind, entry, first);
      return false;
    }
    if (slot === undefined || (kind !== P.KIND_RESULT && kind !== P.KIND_ERROR)) {
      throw new DamagedError(`an entry of kind ${kind} for call ${hex(callId)}, which is not in flight`);
    }
    const method = slot.method as MethodSpec;
    if (first >>> 16 !== method.index) {
      throw new DamagedError(`an entry for another method than call ${hex(callId)} was made to`);
    }
    const { settle } = slot;
    this.free(slot);
    // The number of the leases, or 0.
    const leased = method.leases === true && (first & LEASED_BIT) !== 0 ? (words[word + E.aux] as number) : 0;
    if (settle === undefined) {
      this.abandoned--;
      if (leased !== 0) this.leases.drop(leased);
      return false;
    }
    let result: unknown;
    try {
      if (kind === P.KIND_ERROR) throw this.responses.failure(entry, first, method);
      // A stream has sent its items before; this is only its end.
      if (leased !== 0) result = this.leasedResult(leased, entry, first, method);
      else if (method.streams !== true) result = this.responses.result(entry, first, method);
    } catch (error) {
      fail(settle, error as Error);
      return false;
    }
    settle(result);
    return false;
  }

  /** Apart from where it is used: for a closure there, every call would pay. */
  private leasedResult(leased: number, entry: number, first: number, method: MethodSpec): unknown {
    return this.leases.read(leased, () => this.responses.result(entry, first, method));
  }

  /** A batch of the call's result stream, or credit for its argument stream. */
  private onStream(slot: Slot, stream: StreamCall, kind: number, entry: number, first: number): void {
    const method = slot.method as MethodSpec;
    if (first >>> 16 !== method.index)
      throw new DamagedError("an entry of a stream for another method than was called");
    if (kind === P.KIND_CREDIT) {
      const batches = this.views.u32[(entry >>> 2) + E.aux] as number;
      if (batches > slot.bodies.length)
        throw new DamagedError(`credit for ${batches} batches, ${slot.bodies.length} are sent`);
      for (const body of slot.bodies.splice(0, batches)) this.requests.release(body);
      stream.outgoing?.credited(batches);
      return;
    }
    // Of a call that was given up.
    if (slot.settle === undefined || stream.incoming === undefined) return;
    try {
      stream.incoming.push(this.responses.result(entry, first, method) as unknown[]);
    } catch (error) {
      fail(slot.settle, error as Error);
      this.cancel(slot, slot.callId, (error as Error).message);
    }
  }

  /** Gives back the slot of a call and its request's body. */
  private free(slot: Slot): void {
    const { body, stream } = slot;
    if (stream !== undefined) {
      for (const items of slot.bodies.splice(0)) this.requests.release(items);
      stream.outgoing?.stop();
    }
    if (slot.lent !== undefined) {
      for (const bytes of slot.lent) this.requests.release(bytes);
      slot.lent = undefined;
    }
    this.slots.release(slot);
    if (body !== INLINE) this.requests.release(body);
  }

  /** Gives the memory of an empty arena back to the system, unless there are calls again by then. */
  private idleSoon(): void {
    this.idleTimer ??= setTimeout(() => {
      this.idleTimer = undefined;
      if (this.finished || this.slots.used > 0) return;
      for (const arena of [this.requests, this.replies]) {
        if (arena === undefined || arena.bodiesInUse > 0 || arena.touched === 0) continue;
        this.region.release(arena.start, arena.touched);
        arena.reset();
      }
    }, IDLE_MS).unref();
  }

  /**
   * Sends CLOSE, this side's last entry, or says false: there is no room, and `progress` will tell. Only when nothing is
   * in flight.
   */
  sendClose(): boolean {
    if (this.closeSent) return true;
    const entry = this.claimEntry();
    if (entry < 0) return false;
    this.state(layout.STATE_DRAINING);
    this.views.u32.fill(0, entry >>> 2, (entry + layout.ENTRY_SIZE) >>> 2);
    this.views.u8[entry] = P.KIND_CLOSE;
    this.closing = 1;
    // Nobody in Go waits any more, when it has read this.
    this.callbacks?.end(new ClosedError());
    this.flush();
    return true;
  }

  /**
   * Settles what the peer completed before it ended, rejects the rest, and gives everything back. `error` is told what
   * damage was found on the way, if any: then nothing more could be read.
   */
  finish(error: (damage: Error | undefined) => Error): void {
    if (this.finished) return;
    let damage: Error | undefined;
    this.callbacks?.end(error(undefined));
    try {
      while (this.in.available() > 0) this.drain();
    } catch (cause) {
      damage = cause as Error;
    }
    this.finished = true;
    clearTimeout(this.idleTimer);
    this.state(layout.STATE_CLOSED);
    this.waiter.pending = 0;
    this.waiter.close();
    for (const { settle, stream } of this.slots.inFlight()) {
      stream?.outgoing?.stop();
      if (settle !== undefined) fail(settle, error(damage));
    }
    this.region.close();
  }
}
