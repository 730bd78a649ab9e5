import type { DemoComplicatedRequest, DemoResponse, GoMemory } from "../../bench.js";
import { double } from "../../callback.js";
import { FlowStreams } from "../flow/streams.js";
import { Blocks, type Memory } from "./blocks.js";
import { FLUSH_BYTES, METHOD, PAYLOAD_MAX, RecordWriter } from "./record.js";

/** What the addon exports. */
export interface Addon {
  start(requests: Uint8Array, drain: Drain, spinUs: number): { completions: ArrayBuffer; bytes: ArrayBuffer }[];
  submit(size: number, users: number, calls: number): void;
  /** Memory of C's that JavaScript sees too. */
  memory(size: number): Memory;
  submitLarge(slot: number, method: number, payload: Uint8Array): void;
  /** Answers calls of Go's: so many pairs of slot and answer. */
  answer(pairs: Uint32Array, count: number): void;
}

type Drain = (side: number, count: number, large: ArrayBuffer[] | undefined) => void;

/** What a completion's `value` is: the order of the enum in mailbox.h. An ask is a call of Go's and no completion. */
const ANSWER = { bool: 0, number: 1, bytes: 2, large: 3, ask: 4 } as const;

/** Completions have this many words: slot, kind, value, offset. */
const COMPLETION_WORDS = 4;

/** Calls in flight, at most: what one side of the addon's outbox holds. */
const SLOTS_MAX = 1 << 16;

/** Answers to calls of Go's that go to Go together, at most. */
const ANSWERS_MAX = 1 << 10;

/** One of the two places where completions lie. */
interface Side {
  words: Uint32Array;
  bytes: Uint8Array;
}

type Resolve = (value: never) => void;

/** `new Promise` with one executor for all: the resolver is left in a variable instead of a closure a call. */
let resolver: Resolve;
const keepResolver = (resolve: Resolve): void => {
  resolver = resolve;
};

const settled = Promise.resolve();

export class Client {
  readonly #addon: Addon;
  readonly #batch: number;
  readonly #writer = new RecordWriter();
  readonly #sides: Side[];
  readonly #resolvers: Resolve[] = [];
  readonly #free: number[] = [];
  readonly #answers = new Uint32Array(2 * ANSWERS_MAX);
  #answered = 0;
  #pending = 0;
  #flushAtTurnEnd = false;
  readonly #flush = (): void => {
    this.#flushAtTurnEnd = false;
    if (this.#pending > 0) this.#submit();
    if (this.#answered > 0) this.#answer();
  };
  /** Each call of a stream crosses by itself: it carries a batch. */
  readonly streams = new FlowStreams((payload) => this.#alone(METHOD.stream, payload));

  /** Go is told where the bytes lie. */
  readonly leases: Blocks;

  /** Go gets to work after `batch` requests, while JavaScript goes on with the rest of the turn. */
  constructor(addon: Addon, batch: number, spinUs: number) {
    this.#addon = addon;
    this.#batch = batch;
    this.leases = new Blocks(
      (size) => addon.memory(size),
      (method, request) => this.#payload(method, request),
    );
    const sides = addon.start(this.#writer.bytes, (side, count, large) => this.#drain(side, count, large), spinUs);
    this.#sides = sides.map((side) => ({
      words: new Uint32Array(side.completions),
      bytes: new Uint8Array(side.bytes),
    }));
  }

  check(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#request(METHOD.check, req);
  }

  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#request(METHOD.checkSlowly, req);
  }

  checkLong(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#request(METHOD.checkLong, req);
  }

  checkBusy(req: DemoComplicatedRequest): Promise<DemoResponse> {
    return this.#request(METHOD.checkBusy, req);
  }

  take(payload: Uint8Array): Promise<number> {
    return this.#payload(METHOD.take, payload);
  }

  echo(payload: Uint8Array): Promise<Uint8Array> {
    return this.#payload(METHOD.echo, payload);
  }

  give(size: number): Promise<Uint8Array> {
    return this.#number(METHOD.give, size);
  }

  /** The report as Go carries it: doubles. */
  async callBack(count: number, goroutines: number): Promise<Float64Array> {
    const request = new Uint8Array(Uint32Array.of(count, goroutines).buffer);
    return new Float64Array((await this.#alone<Uint8Array>(METHOD.callBack, request)).buffer);
  }

  /** Not among the timed calls: it may come as text. */
  async memory(): Promise<GoMemory> {
    return JSON.parse(new TextDecoder().decode(await this.#number(METHOD.memory, 0)));
  }

  #number(method: number, value: number): Promise<Uint8Array> {
    const promise = new Promise<Uint8Array>(keepResolver);
    this.#writer.number(this.#slot(), method, value);
    this.#submitted();
    return promise;
  }

  #request(method: number, req: DemoComplicatedRequest): Promise<DemoResponse> {
    const promise = new Promise<DemoResponse>(keepResolver);
    this.#writer.request(this.#slot(), method, req);
    this.#submitted();
    return promise;
  }

  #payload<T>(method: number, payload: Uint8Array): Promise<T> {
    if (payload.length > PAYLOAD_MAX) return this.#alone(method, payload);
    const promise = new Promise<T>(keepResolver);
    this.#writer.payload(this.#slot(), method, payload);
    this.#submitted();
    return promise;
  }

  #alone<T>(method: number, payload: Uint8Array): Promise<T> {
    const promise = new Promise<T>(keepResolver);
    this.#addon.submitLarge(this.#slot(), method, payload);
    return promise;
  }

  /** Keeps the promise's resolver and gives the number it is known by. */
  #slot(): number {
    const slot = this.#free.pop() ?? this.#resolvers.length;
    if (slot === SLOTS_MAX) throw new Error(`more than ${SLOTS_MAX} calls in flight`);
    this.#resolvers[slot] = resolver;
    return slot;
  }

  #submitted(): void {
    if (++this.#pending === this.#batch || this.#writer.used > FLUSH_BYTES) {
      this.#submit();
    } else if (!this.#flushAtTurnEnd) {
      this.#flushAtTurnEnd = true;
      settled.then(this.#flush);
    }
  }

  /** Go calls. The answers of a turn of the event loop go to Go in one crossing. */
  #asked(slot: number, number: number): void {
    double(number).then((answer) => {
      const at = 2 * this.#answered++;
      this.#answers[at] = slot;
      this.#answers[at + 1] = answer;
      if (this.#answered === ANSWERS_MAX) {
        this.#answer();
      } else if (!this.#flushAtTurnEnd) {
        this.#flushAtTurnEnd = true;
        settled.then(this.#flush);
      }
    });
  }

  #answer(): void {
    this.#addon.answer(this.#answers, this.#answered);
    this.#answered = 0;
  }

  #submit(): void {
    const writer = this.#writer;
    this.#addon.submit(writer.used, writer.users, this.#pending);
    this.#pending = 0;
    writer.clear();
  }

  #drain(index: number, count: number, large: ArrayBuffer[] | undefined): void {
    const side = this.#sides[index] as Side;
    const { words, bytes } = side;
    for (let i = 0, at = 0; i < count; i++, at += COMPLETION_WORDS) {
      const slot = words[at] as number;
      const kind = words[at + 1] as number;
      const value = words[at + 2] as number;
      if (kind === ANSWER.ask) {
        this.#asked(slot, value);
        continue;
      }
      const resolve = this.#resolvers[slot] as (value: unknown) => void;
      this.#free.push(slot);
      if (kind === ANSWER.bool) {
        resolve({ pass: value !== 0 });
      } else if (kind === ANSWER.number) {
        resolve(value);
      } else {
        const offset = words[at + 3] as number;
        if (kind === ANSWER.bytes) resolve(bytes.slice(offset, offset + value));
        else resolve(new Uint8Array((large as ArrayBuffer[])[offset] as ArrayBuffer));
      }
    }
  }
}
