import type { WorkloadId } from "./contender.js";
import type { Direction, Effort } from "./effort.js";
import { LEASE_WAYS, type LeaseWay } from "./leases.js";
import { BATCH, KINDS, type Kind, MESSAGE_BYTES } from "./queue/kinds.js";
import type { Flow } from "./streams.js";

/** The call that a cell makes over and over. */
export type CallName = "check" | "checkSlowly" | "checkBusy" | "take" | "give" | "echo";

/** What W8, W10 and W12 do instead of a call, and what Go calls in W11. */
export type NoCall = "move" | "stream" | "double" | "lease";

/** One setting that is measured: a column in a table, for every contender. */
export interface Cell {
  readonly workload: WorkloadId;
  /** Names the cell within its workload: `64`, `in 4096`. */
  readonly key: string;
  readonly call: CallName | NoCall;
  readonly inFlight: number;
  /** One at a time with a histogram of latencies, instead of calls in flight. */
  readonly latency: boolean;
  /** Size of the payload in bytes, where the call carries one. */
  readonly bytes: number;
  /** How long one round should last, in milliseconds. */
  readonly roundMs: number;
  /** How many rounds there should be. */
  readonly rounds: number;
  /** How many of contenders that no aim speaks of, and of slow ones, where those are fewer; none leaves them out. */
  readonly otherRounds?: number;
  readonly slowRounds?: number;
  /**
   * What a round is, where it is not just calls in flight: calls alone and then with long ones among them; with an eye
   * on the event loop; from several threads; the start of a process; entries through a queue; items of a stream; calls
   * from Go; bytes lent.
   */
  readonly kind?: "mix" | "loop" | "threads" | "start" | "queue" | "stream" | "callback" | "lease";
  /** What the queue moves. */
  readonly moved?: Kind;
  /** Where the items of the stream go. */
  readonly flow?: Flow;
  /** Where the bytes that are lent go. */
  readonly way?: LeaseWay;
  /** Some of the calls in flight are timed. */
  readonly sampled?: boolean;
  /** Beside the rounds there is one that does not count, in which garbage and system calls are counted. */
  readonly observed?: boolean;
  /** How many worker_threads, each with a client of its own and `inFlight` calls. */
  readonly threads?: number;
}

/** What each workload asks, in the words of the report. */
export const TITLES: Record<WorkloadId, string> = {
  W1: "handler sleeps 10 ms, 1000 in flight",
  W2: "one call at a time",
  W3: "handler returns at once, by calls in flight",
  W4: "payload by size, 8 in flight",
  W5: "cold start: a new process imports the client and awaits one call",
  W6: "handler of 50 µs, 64 in flight; 64 quick calls in flight, with 1 % of 5 ms beside them and without",
  W7: "how late the event loop is, by calls in flight",
  W8: "a queue alone: entries of 8 bytes, messages of 1 KiB, and one entry there and back between ends that sleep",
  W9: "worker_threads with a client each, 64 in flight in each",
  W10: "streams of small items: from Go, to Go, both ways; and the first item of a stream from Go",
  W11: "calls from Go to TypeScript, by calls in flight",
  W12: "large bytes in place, of which 16 are written and read: leases by size, and copies beside them; 8 in flight",
};

/** W1 must outlast its own handler many times over. */
const SLEEP_ROUND_MS_MIN = 250;

/** A percentile of delays that are counted once a millisecond needs some hundred of them. */
const LOOP_ROUND_MS_MIN = 200;

const PAYLOAD_IN_FLIGHT = 8;

/** Payloads in flight in one direction, at most: with as many in the other, a quarter of the ring's region. */
const BYTES_IN_FLIGHT_MAX = 128 << 20;

/** Payloads of these sizes are looked at more closely. */
const OBSERVED_BYTES = [64 << 10, 1 << 20];

/** Leases of this size and above are looked at more closely: V8 counts what it can see as its own. */
const LEASE_OBSERVED_BYTES_MIN = 8 << 20;

/** An entry of the queues of W8. */
const ENTRY_BYTES = 8;

const SOME_IN_FLIGHT = 64;
const MANY_IN_FLIGHT = 1000;

const DIRECTION_CALL = { in: "take", out: "give", both: "echo" } as const;

/** All cells of a run, in the order in which they are measured: payloads last, because they leave memory behind. */
export function cells(effort: Effort, workloads: readonly WorkloadId[]): Cell[] {
  const { roundMs, rounds, fewRounds } = effort;
  const one = { call: "check", inFlight: 1, latency: false, bytes: 0, roundMs, rounds } as const;
  const some = { ...one, inFlight: SOME_IN_FLIGHT } as const;
  const all: Cell[] = [
    {
      ...one,
      workload: "W1",
      key: "1000",
      call: "checkSlowly",
      inFlight: MANY_IN_FLIGHT,
      roundMs: Math.max(roundMs, SLEEP_ROUND_MS_MIN),
      sampled: true,
      observed: true,
    },
    { ...one, workload: "W2", key: "latency", latency: true, observed: true },
    ...effort.inFlight.map(
      (inFlight): Cell => ({
        ...one,
        workload: "W3",
        key: `${inFlight}`,
        inFlight,
        sampled: true,
        observed: inFlight === SOME_IN_FLIGHT || inFlight === MANY_IN_FLIGHT,
      }),
    ),
    { ...one, workload: "W5", key: "start", kind: "start", rounds: effort.starts },
    { ...some, workload: "W6", key: "busy", call: "checkBusy", sampled: true, observed: true },
    { ...some, workload: "W6", key: "mix", kind: "mix", roundMs: 2 * roundMs, sampled: true },
    ...effort.loopInFlight.map(
      (inFlight): Cell => ({
        ...one,
        workload: "W7",
        key: `${inFlight}`,
        kind: "loop",
        inFlight,
        roundMs: Math.max(roundMs, LOOP_ROUND_MS_MIN),
        rounds: fewRounds,
      }),
    ),
    ...effort.threads.map(
      (threads): Cell => ({ ...some, workload: "W9", key: `${threads}`, kind: "threads", threads, rounds: fewRounds }),
    ),
    ...KINDS.map(
      (moved): Cell => ({
        ...one,
        workload: "W8",
        key: moved,
        call: "move",
        kind: "queue",
        moved,
        latency: moved === "asleep",
        inFlight: moved === "batch" ? BATCH : 1,
        bytes: moved === "message" ? MESSAGE_BYTES : ENTRY_BYTES,
      }),
    ),
    ...effort.flows.map(
      (flow): Cell => ({
        ...one,
        workload: "W10",
        key: flow,
        call: "stream",
        kind: "stream",
        flow,
        rounds: fewRounds,
        observed: flow === "out" || flow === "in",
      }),
    ),
    ...effort.callers.map(
      (inFlight): Cell => ({
        ...one,
        workload: "W11",
        key: `${inFlight}`,
        call: "double",
        kind: "callback",
        inFlight,
        rounds: fewRounds,
        observed: inFlight === MANY_IN_FLIGHT,
      }),
    ),
    ...payloads(effort).map(
      ({ direction, bytes }): Cell => ({
        ...one,
        workload: "W4",
        key: `${direction} ${bytes}`,
        call: DIRECTION_CALL[direction],
        inFlight: payloadsInFlight(bytes),
        bytes,
        rounds: fewRounds,
        sampled: true,
        observed: OBSERVED_BYTES.includes(bytes),
      }),
    ),
    ...LEASE_WAYS.flatMap((way) => effort.leases.map((bytes) => ({ way, bytes }))).map(
      ({ way, bytes }): Cell => ({
        ...one,
        workload: "W12",
        key: `${way} ${bytes}`,
        call: "lease",
        kind: "lease",
        way,
        inFlight: PAYLOAD_IN_FLIGHT,
        bytes,
        rounds: fewRounds,
        sampled: true,
        observed: bytes >= LEASE_OBSERVED_BYTES_MIN,
      }),
    ),
  ];
  return all.filter((cell) => workloads.includes(cell.workload));
}

/** How many payloads of a size are under way at a time. */
export function payloadsInFlight(bytes: number): number {
  return Math.max(1, Math.min(PAYLOAD_IN_FLIGHT, Math.floor(BYTES_IN_FLIGHT_MAX / bytes)));
}

function payloads({ directions, sizes }: Effort): { direction: Direction; bytes: number }[] {
  return directions.flatMap((direction) => sizes.map((bytes) => ({ direction, bytes })));
}
