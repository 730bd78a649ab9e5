import type { DemoComplicatedRequest, DemoResponse, GoMemory, Reading } from "./bench.js";
import type { Kind } from "./queue/kinds.js";

/** The calls that are timed: `bench.ts` without what belongs to one contender only. */
export interface Calls {
  check(req: DemoComplicatedRequest): Promise<DemoResponse>;
  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse>;
  take(payload: Uint8Array): Promise<number>;
  give(size: number): Promise<Uint8Array>;
  echo(payload: Uint8Array): Promise<Uint8Array>;
  /** W6; a contender without the two is left out of it. */
  checkBusy?(req: DemoComplicatedRequest): Promise<DemoResponse>;
  checkLong?(req: DemoComplicatedRequest): Promise<DemoResponse>;
  /** What Go's collector did so far; a contender that cannot say leaves that column empty. */
  memory?(): Promise<GoMemory>;
}

/** W10: streams of readings, numbered from 0. Whoever reads one does it by `for await`, and to its end. */
export interface Streams {
  /** From Go: so many. */
  readings(count: number): AsyncIterable<Reading>;
  /** To Go: the sum of all numbers and values. */
  total(readings: AsyncIterable<Reading>): Promise<number>;
  /** Both ways: what comes goes back. */
  mirror(readings: AsyncIterable<Reading>): AsyncIterable<Reading>;
}

/** W12: bytes that one side makes and the other reads; without a copy where the contender knows how. */
export interface Leases {
  /** Bytes to be written to and sent; what is in them is anything. */
  alloc(size: number): Uint8Array;
  /** Sends such bytes, which are the call's from then on. Gives what `TakeEnds` of bench/go has read. */
  send(bytes: Uint8Array): Promise<number>;
  /** Bytes that Go has made, with this mark at both ends. */
  receive(size: number, mark: number): Promise<Uint8Array>;
  /** Nobody reads them any more. */
  release(bytes: Uint8Array): void;
}

/** A contender that runs: its Go side is up and answers. */
export interface Session {
  /** Absent from a row that measures something below calls. */
  readonly calls?: Calls;
  /** `count` round trips one after another; gives how long each took, in nanoseconds. */
  roundTrips?(count: number): Promise<Float64Array>;
  /** W8: moves so many entries through the queue and checks them; gives the consumer's milliseconds, first to last. */
  move?(kind: Kind, count: number): Promise<number>;
  readonly streams?: Streams;
  readonly leases?: Leases;
  /**
   * W11: so many goroutines call `double` of `callback.ts` together `count` times. Gives the nanoseconds that it took by
   * Go's clock, and then those of some of the calls.
   */
  callBack?(count: number, goroutines: number): Promise<ArrayLike<number>>;
  /** The process beside Node's own that works for this contender: its CPU is counted too. */
  readonly childPid?: number;
  close(): Promise<void>;
}

export type WorkloadId = "W1" | "W2" | "W3" | "W4" | "W5" | "W6" | "W7" | "W8" | "W9" | "W10" | "W11" | "W12";

/** The mark that a contender sets (`performance.mark`) when its client is imported, if `open` imports it. */
export const IMPORTED = "client imported";

/** One way to call Go from JavaScript, or one row of it. Every contender runs in a Node process of its own. */
export interface Contender {
  /** What `--only` selects by and what results are filed under. */
  readonly id: string;
  /** The row's name in tables. */
  readonly title: string;
  /** Which workloads the row has something to say about; all that make calls if absent. */
  readonly workloads?: readonly WorkloadId[];
  /** What it moves in W8, where it is a queue; a queue that has no batches moves none. */
  readonly queue?: readonly Kind[];
  /** It takes part in W12: few are enough to see what copies cost there. */
  readonly leases?: boolean;
  /** Why the row has nothing in a workload that a reader would look for it in: said in the report. */
  readonly cannot?: Partial<Record<WorkloadId, string>>;
  /**
   * About how many calls a second it makes, where that is so few that a round of many calls in flight outlasts its time.
   * Estimates count with it, and a run that is short of time gives such a contender fewer rounds in fewer cells.
   */
  readonly slowCallsPerSecond?: number;
  /** Builds what is missing; rejects with a reason that a reader understands. */
  build(): Promise<void>;
  open(): Promise<Session>;
}
