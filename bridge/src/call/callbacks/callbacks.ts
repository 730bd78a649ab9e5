import type { AsyncResource } from "node:async_hooks";
import { DamagedError } from "@x/mem-ring/channel";
import type { Provided, Providers } from "../../client/node-service.js";
import { Ts2goError } from "../../errors.js";
import type { Views } from "../../image/views.js";
import type { Method, Schema } from "../../schema/index.js";
import { E, INLINE, kindWord, setBody } from "../entry.js";
import { explainReply } from "../faults.js";
import type { Metadata } from "../metadata.js";
import * as P from "../protocol.js";
import { NO_ROOM, type Requests } from "../requests.js";
import type { Responses } from "../responses.js";
import { extracted } from "../telemetry.js";
import { CallerOf, GoCall } from "./go-call.js";
import { describeThrown, type ThrownTree, thrownSpec } from "./thrown.js";

const resolved = Promise.resolve();
/** Calls from Go that were decoded on this thread: of whichever worker, for calls of this side go from one to the next. */
let decoded = 0;

/** What the program says of calls from Go. */
export interface Answering {
  readonly schema: Schema;
  readonly providers: Pick<Providers, "find">;
  /** Gets what implementations of one-way methods throw: nobody waits for it. */
  readonly onOnewayError: (error: Error) => void;
}

/**
 * Calls from Go: decoded while the ring is drained, run in a microtask after it, answered when there is room, first in,
 * first out.
 */
export class Callbacks {
  private readonly names: readonly Method[];
  /** Calls whose replies have not been sent or kept for sending, by Go's id. */
  private readonly running = new Map<number, GoCall>();
  /** Bodies of replies that Go has not read, by Go's id of the call. */
  private readonly bodies = new Map<number, number>();
  /** Calls that were decoded and not begun. */
  private started: GoCall[] = [];
  /** Calls that have come to an end, on their way to Go. */
  private readonly replies: GoCall[] = [];
  private readonly thrown: ReturnType<typeof thrownSpec>;
  private ended = false;
  /** How many had been decoded when a call of this side last began to wait. */
  private decodedWhenQueued = 0;

  constructor(
    private readonly views: Views,
    private readonly requests: Responses,
    /** Encodes replies, into a part of the request arena of their own: whatever calls hold, replies find memory. */
    private readonly encoder: Requests,
    private readonly answering: Answering,
    /** The asynchronous context in which a call to Go was made, while it is in flight. */
    private readonly scopeOf: (callId: number) => AsyncResource | undefined,
    /** Asks the channel to call {@link send}. */
    private readonly ready: () => void,
  ) {
    this.names = answering.schema.callbacks ?? [];
    this.thrown = thrownSpec(this.names.length);
  }

  /** Calls that Go waits for. */
  get waiting(): number {
    return this.running.size;
  }

  /** The number of the one that Go has waited for longest, 0 if it waits for none. */
  get oldest(): number {
    for (const { number } of this.running.values()) return number;
    return 0;
  }

  /** A call of this side begins to wait to be sent. What has been decoded by now may be waiting for it: so many calls. */
  queued(): number {
    this.decodedWhenQueued = decoded;
    return decoded;
  }

  /** Calls that Go waits for, of those that may be waiting for a call that waits to be sent. */
  get waitingForQueued(): number {
    let count = 0;
    for (const call of this.running.values()) {
      if (call.number > this.decodedWhenQueued) break;
      count++;
    }
    return count;
  }

  /** Whether replies wait for room. */
  get pending(): boolean {
    return this.replies.length > 0;
  }

  get bodiesInUse(): number {
    return this.bodies.size;
  }

  /**
   * Takes an entry off the ring. Runs in a drain: none of the program's own code may run in here. `blocked`: this thread
   * waits in a sync call and cannot run anything.
   *
   * @throws {DamagedError}
   */
  take(entry: number, first: number, id: number, blocked: boolean): void {
    if (this.ended) return;
    const kind = first & 0xff;
    switch (kind) {
      case P.KIND_GOCALL:
      case P.KIND_GOONEWAY:
        return this.begin(entry, first, id, kind === P.KIND_GOONEWAY, blocked);
      case P.KIND_GOCANCEL:
        return this.cancel(entry, id);
      case P.KIND_GODONE:
        return this.free(id);
      default:
        throw new DamagedError(`an entry of kind ${kind}, which Go does not send`);
    }
  }

  private begin(entry: number, first: number, id: number, oneway: boolean, blocked: boolean): void {
    const index = first >>> 16;
    const description = this.names[index];
    if (description === undefined || (description.kind === "oneway") !== oneway) {
      throw new DamagedError(`a call from Go to callback ${index}, of which there are ${this.names.length}`);
    }
    if (!oneway && (this.running.has(id) || this.bodies.has(id))) {
      throw new DamagedError(`a call from Go under the id ${id >>> 0}, which is in use`);
    }
    const to = this.answering.providers.find(index);
    let args: unknown[] = [];
    let metadata: Metadata | undefined;
    let refusal: unknown;
    if (to === undefined) {
      const [service] = description.name.split(".");
      refusal = new Ts2goError(
        "ERR_NOT_PROVIDED",
        `nobody provides it: provide(${service}, implementation), or connect with { provide: [${service}.with(implementation)] }`,
      );
    } else if (blocked && !oneway) {
      refusal = new Ts2goError(
        "ERR_WOULD_BLOCK",
        "the JavaScript thread is blocked by a call of client.sync, and cannot run it: await that call instead, or make it on another thread",
      );
    } else {
      try {
        args = this.requests.request(entry, first, to.method);
        metadata = this.requests.metadata(entry, first);
      } catch (error) {
        refusal = error;
      }
    }
    const ms = oneway ? 0 : (this.views.u32[(entry >>> 2) + E.aux] as number);
    const call = new GoCall(id, index, to, oneway, args, ms === 0 ? 0 : performance.now() + ms);
    call.number = ++decoded;
    call.metadata = metadata;
    const parent = this.requests.parent(entry, first);
    // Now: the call may be over when this one is run.
    if (parent !== undefined) call.scope = this.scopeOf(parent);
    if (!oneway) this.running.set(id, call);
    if (to !== undefined && refusal === undefined) this.startSoon(call);
    else if (oneway) resolved.then(() => this.report(call, refusal));
    // Sent after the drain: other replies may wait before it, and their results have getters.
    else {
      call.thrown = describeThrown(refusal);
      this.keep(call);
    }
  }

  private startSoon(call: GoCall): void {
    this.started.push(call);
    if (this.started.length === 1) resolved.then(() => this.start());
  }

  /** Runs what was decoded. */
  private start(): void {
    const { started } = this;
    this.started = [];
    for (const call of started) {
      const { to, args } = call;
      if (to === undefined || call.givenUp) continue;
      if (!call.oneway) args.push(new CallerOf(call));
      try {
        const scope = call.scope ?? to.scope;
        const result: unknown = scope.runInAsyncScope(run, undefined, to, args, call.metadata);
        if (isThenable(result)) {
          // Of whatever kind: its then may throw, or call both functions.
          Promise.resolve(result).then(
            (value) => this.succeed(call, value),
            (error: unknown) => this.fail(call, error),
          );
        } else this.succeed(call, result);
      } catch (error) {
        this.fail(call, error);
      }
    }
  }

  private succeed(call: GoCall, value: unknown): void {
    if (call.oneway) return;
    call.value = value;
    this.reply(call);
  }

  private fail(call: GoCall, error: unknown): void {
    if (call.oneway) return this.report(call, error);
    call.thrown = describeThrown(error);
    this.reply(call);
  }

  private report(call: GoCall, error: unknown): void {
    const name = (this.names[call.index] as Method).name;
    const [{ name: kind, message, code }] = describeThrown(error);
    this.answering.onOnewayError(
      new Ts2goError(code === "" ? "ERR_CALLBACK" : code, `${name}: ${kind === "" ? "" : `${kind}: `}${message}`, {
        cause: error,
      }),
    );
  }

  private reply(call: GoCall): void {
    if (call.givenUp || this.ended) return;
    this.keep(call);
    this.ready();
  }

  private keep(call: GoCall): void {
    this.running.delete(call.id);
    this.replies.push(call);
  }

  /**
   * Sends replies for as long as there is room. The program's code runs in here: getters of results.
   *
   * @throws {DamagedError} what `claim` throws.
   */
  send(claim: () => number, unclaim: () => void): void {
    let sent = 0;
    for (const call of this.replies) {
      if (!call.givenUp) {
        const entry = claim();
        if (entry < 0) break;
        if (!this.write(entry, call)) {
          unclaim();
          break;
        }
      }
      sent++;
    }
    if (sent === this.replies.length) this.replies.length = 0;
    else this.replies.splice(0, sent);
  }

  /** Writes a reply; false: there is no memory, until Go has read others. */
  private write(entry: number, call: GoCall): boolean {
    let kind = P.KIND_REPLY;
    let body = INLINE;
    let failure = call.thrown;
    if (failure === undefined && call.to !== undefined) {
      try {
        body = this.encoder.encode(call.to.method, call.value, entry);
      } catch (error) {
        failure = describeThrown(this.misfit(call, error));
      }
    }
    if (failure !== undefined) {
      kind = P.KIND_REPLYERROR;
      body = this.encodeFailure(failure, entry);
    }
    if (body === NO_ROOM) return false;
    if (body !== INLINE) this.bodies.set(call.id, body);
    const words = this.views.i32;
    const word = entry >>> 2;
    words[word] = kindWord(kind, body === INLINE ? P.FLAG_INLINE : 0, call.index);
    words[word + E.callId] = call.id;
    setBody(words, word, body, this.encoder.length);
    return true;
  }

  /** What was thrown; where there is not even room for that in the whole arena, the error goes without words. */
  private encodeFailure(thrown: ThrownTree, entry: number): number {
    try {
      return this.encoder.encode(this.thrown, thrown, entry);
    } catch {
      return INLINE;
    }
  }

  /** What is wrong with a result. */
  private misfit(call: GoCall, error: unknown): unknown {
    try {
      return explainReply(this.answering.schema, this.names[call.index] as Method, call.value, error);
    } catch (thrown) {
      return thrown;
    }
  }

  private cancel(entry: number, id: number): void {
    const call = this.running.get(id);
    if (call === undefined) {
      // Answered already; the reply may still wait for room.
      for (const reply of this.replies) if (reply.id === id) reply.giveUp(CANCELED);
      return;
    }
    this.running.delete(id);
    call.giveUp(canceled(this.requests.text(entry)));
    resolved.then(() => call.tell());
  }

  /** Go has read a reply. */
  private free(id: number): void {
    const body = this.bodies.get(id);
    if (body === undefined) throw new DamagedError(`Go gives back a reply to call ${id >>> 0}, which has none`);
    this.bodies.delete(id);
    this.encoder.release(body);
  }

  /** The end: nobody waits for anything any more. Signals are aborted afterwards, with `reason`. */
  end(reason: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.started = [];
    this.replies.length = 0;
    const calls = [...this.running.values()];
    this.running.clear();
    for (const call of calls) call.giveUp(reason);
    resolved.then(() => {
      for (const call of calls) call.tell();
    });
  }
}

const CANCELED = canceled("");

function canceled(reason: string): Error {
  return new Ts2goError("ERR_CANCELED", `the caller in Go has given up: ${reason}`);
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** Runs a method as part of the trace that its metadata tells of, if any. */
function run(to: Provided, args: unknown[], metadata: Metadata | undefined): unknown {
  return metadata === undefined ? invoke(to, args) : extracted(metadata, () => invoke(to, args));
}

function invoke({ implementation, method }: Provided, args: unknown[]): unknown {
  return (implementation as Record<string, (...args: unknown[]) => unknown>)[method.name]?.(...args);
}
