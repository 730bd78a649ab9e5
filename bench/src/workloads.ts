import type { WorkloadId } from "./contender.js";

/** The call that a cell makes over and over. */
export type CallName = "check" | "checkSlowly" | "take" | "give" | "echo";

/** One setting that is measured: a column in a table, for every contender. */
export interface Cell {
  readonly workload: WorkloadId;
  /** Names the cell within its workload: `64`, `in 4096`. */
  readonly key: string;
  readonly call: CallName;
  readonly inFlight: number;
  /** One at a time with a histogram of latencies, instead of calls in flight. */
  readonly latency: boolean;
  /** Size of the payload in bytes, where the call carries one. */
  readonly bytes: number;
  /** How long one round should last, in milliseconds. */
  readonly roundMs: number;
  /** How many rounds there should be. */
  readonly rounds: number;
}

/** How thorough a run is. */
export interface Effort {
  readonly roundMs: number;
  readonly rounds: number;
  /** W4 has many cells: its rounds count apart. */
  readonly payloadRounds: number;
  readonly inFlight: readonly number[];
  readonly sizes: readonly number[];
  /** W4 in one direction, the other, or there and back. */
  readonly directions: readonly ("in" | "out" | "both")[];
}

export const QUICK: Effort = {
  roundMs: 120,
  rounds: 7,
  payloadRounds: 3,
  inFlight: [1, 8, 64, 1000],
  sizes: [16, 256, 4096, 65_536, 1 << 20],
  directions: ["in", "out"],
};

export const FULL: Effort = {
  roundMs: 500,
  rounds: 11,
  payloadRounds: 7,
  inFlight: [1, 8, 64, 1000, 10_000],
  sizes: [16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1 << 20],
  directions: ["in", "out", "both"],
};

/** What each workload asks, in the words of the report. */
export const TITLES: Record<WorkloadId, string> = {
  W1: "handler sleeps 10 ms, 1000 in flight",
  W2: "one call at a time",
  W3: "handler returns at once, by calls in flight",
  W4: "payload by size, 8 in flight",
};

/** W1 must outlast its own handler many times over. */
const SLEEP_ROUND_MS_MIN = 250;

const PAYLOAD_IN_FLIGHT = 8;

const DIRECTION_CALL = { in: "take", out: "give", both: "echo" } as const;

/** All cells of a run, in the order in which they are measured. */
export function cells(effort: Effort, workloads: readonly WorkloadId[]): Cell[] {
  const { roundMs, rounds, payloadRounds } = effort;
  const plain = { latency: false, bytes: 0, roundMs, rounds };
  const all: Cell[] = [
    {
      ...plain,
      workload: "W1",
      key: "1000",
      call: "checkSlowly",
      inFlight: 1000,
      roundMs: Math.max(roundMs, SLEEP_ROUND_MS_MIN),
    },
    { ...plain, workload: "W2", key: "latency", call: "check", inFlight: 1, latency: true },
    ...effort.inFlight.map(
      (inFlight): Cell => ({ ...plain, workload: "W3", key: `${inFlight}`, call: "check", inFlight }),
    ),
    ...effort.directions.flatMap((direction) =>
      effort.sizes.map(
        (bytes): Cell => ({
          ...plain,
          workload: "W4",
          key: `${direction} ${bytes}`,
          call: DIRECTION_CALL[direction],
          inFlight: PAYLOAD_IN_FLIGHT,
          bytes,
          rounds: payloadRounds,
        }),
      ),
    ),
  ];
  return all.filter((cell) => workloads.includes(cell.workload));
}
