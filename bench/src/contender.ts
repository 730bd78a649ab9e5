import type { DemoComplicatedRequest, DemoResponse } from "./bench.js";

/** The calls that are timed: `bench.ts` without what belongs to one contender only. */
export interface Calls {
  check(req: DemoComplicatedRequest): Promise<DemoResponse>;
  checkSlowly(req: DemoComplicatedRequest): Promise<DemoResponse>;
  take(payload: Uint8Array): Promise<number>;
  give(size: number): Promise<Uint8Array>;
  echo(payload: Uint8Array): Promise<Uint8Array>;
}

/** A contender that runs: its Go side is up and answers. */
export interface Session {
  /** Absent from a row that measures something below calls. */
  readonly calls?: Calls;
  /** `count` round trips one after another; gives how long each took, in nanoseconds. */
  roundTrips?(count: number): Promise<Float64Array>;
  /** The process beside Node's own that works for this contender: its CPU is counted too. */
  readonly childPid?: number;
  close(): Promise<void>;
}

export type WorkloadId = "W1" | "W2" | "W3" | "W4";

/** One way to call Go from JavaScript, or one row of it. Every contender runs in a Node process of its own. */
export interface Contender {
  /** What `--only` selects by and what results are filed under. */
  readonly id: string;
  /** The row's name in tables. */
  readonly title: string;
  /** Which workloads the row has something to say about; all of them if absent. */
  readonly workloads?: readonly WorkloadId[];
  /** Builds what is missing; rejects with a reason that a reader understands. */
  build(): Promise<void>;
  open(): Promise<Session>;
}
