import type { CallOptions, SendOptions } from "../call/patience.js";
import type { CallState } from "../call/state.js";
import type { MethodSpec } from "./service.js";

/** What a transport looks like from outside, for `inspect`. */
export interface TransportState {
  readonly state: "idle" | "starting" | "open" | "closing" | "closed";
  /** Process id of the worker, while there is one. */
  readonly pid: number | undefined;
  /** Calls sent and not settled. */
  readonly inFlight: number;
  /** Calls waiting for a worker or for room. */
  readonly queued: number;
  /** All of these, the oldest first. */
  readonly calls: readonly CallState[];
  /** Bodies of requests and of replies in the arena. */
  readonly bodiesInUse: number;
  /** Results of which leases are held. */
  readonly leases: number;
  /** Calls from Go that wait for their reply. */
  readonly answering: number;
  /** Workers started so far. */
  readonly starts: number;
  /** Workers of earlier builds that complete their last calls (option `watch`). */
  readonly retiring: number;
  /** Sleeps, wakes and spins of this side, and doorbells that it rang. */
  readonly waits: {
    readonly sleeps: number;
    readonly wakes: number;
    readonly spins: number;
    readonly spinHits: number;
    readonly doorbells: number;
  };
}

/** What carries calls beneath a generated client. Each mode is one implementation; the client does not know which. */
export interface Transport {
  /** Makes a call. The promise settles whatever happens: with the result, or a typed error. */
  unary(method: MethodSpec, args: unknown, options?: CallOptions): Promise<unknown>;
  /**
   * Makes a call and blocks this thread until it has its answer.
   *
   * @throws {Ts2goError} `ERR_WOULD_BLOCK` where the answer could never come.
   */
  sync(method: MethodSpec, args: unknown, options?: SendOptions): unknown;
  /** A call with streams: of its items, of its result, or of both. The result is a promise, or the stream to be read. */
  stream(method: MethodSpec, args: unknown, items: unknown, options?: CallOptions): unknown;
  /** Makes a call of which nobody hears again; throws what can be known at once. */
  oneway(method: MethodSpec, args: unknown, options?: SendOptions): void;
  /** Tells the program of an error of a one-way call, for which nobody waits. */
  reportOneway(error: Error): void;
  /**
   * Bytes for an argument, which a call passes without a copy.
   *
   * @throws {Ts2goError} `ERR_NOT_CONNECTED` while Go does not run, `ERR_OVERLOADED`, `ERR_BODY_TOO_LARGE`.
   */
  alloc(bytes: number): Uint8Array;
  /** Resolves when Go is ready. */
  ready(): Promise<void>;
  /** Takes no more calls, completes those it has, and ends Go. */
  close(): Promise<void>;
  inspect(): TransportState;
}
