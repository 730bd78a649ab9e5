/**
 * What every pair of ends has to do, whatever language stands at either end: ../peers.md lists the requests, and
 * ../../docs/format.md says what they mean.
 *
 * A case is a table of steps, one after the other: who, what is asked, what has to come. `P` is the producer and `C` the
 * consumer; both are started at the beginning, unless a step says `start`. `P2` and `C2` want the same roles. `M` is the
 * memory, in which the harness reads and writes itself.
 *
 * | step | meaning |
 * |---|---|
 * | `["C", "pop", "(sleeps)"]` | asks, and waits until the memory says that this end sleeps; the answer comes later |
 * | `["C", "expect 0 9", "(later)"]` | asks, and goes on |
 * | `["C", "(then)", "7"]` | the answer to what was asked before |
 * | `["P", "(sleeps)", ""]` | what was asked before has no answer yet, and this end sleeps again |
 * | `["P", "start", "ready"]` | starts the end; every other answer is an error, with which it ends |
 * | `["P", "(ends)", ""]` | its input ends, so that it ends without having closed |
 * | `["P", "SIGKILL", ""]` | it is killed; of a thread: it is terminated |
 * | `["M", "tail", "5"]`, `["M", "tail = 5", ""]` | reads, or writes, a control word |
 * | `["M", "bytes 4096 8", "..."]`, `["M", "u32 4096 = 5", ""]` | reads bytes in hexadecimal, or writes a word |
 *
 * Of an answer that is an error only the code counts.
 */
export type Step = readonly [who: "P" | "C" | "P2" | "C2" | "M", request: string, answer: string];

export interface Case {
  readonly name: string;
  readonly shape: "entries" | "messages";
  readonly capacity: number;
  /** Where both indices begin. */
  readonly start: number;
  readonly wait: "spin" | "adaptive" | "sleep";
  /** `processes`: stops one, or asks for what only they have. `death`: somebody who waits has to notice an end. */
  readonly needs?: "processes" | "death";
  /** It asks one end at a time what that end alone has to know: run where the same program stands at both ends. */
  readonly alone?: true;
  readonly steps: readonly Step[];
}

export const alone = (cases: readonly Case[]): Case[] => cases.map((each) => ({ ...each, alone: true }));

export const WRAP = 2 ** 32;
/** The last index of all: the first entry is published by the wrap itself. */
export const LAST = WRAP - 1;
export const NEAR = 0xffffff00;

type Rest = Partial<Omit<Case, "name" | "shape" | "steps">>;

const make =
  (shape: Case["shape"], defaults: Pick<Case, "capacity" | "start">) =>
  (name: string, rest: Rest, ...steps: Step[]): Case => ({
    name,
    shape,
    wait: "adaptive",
    ...defaults,
    ...rest,
    steps,
  });

export const entries = make("entries", { capacity: 4, start: LAST - 2 });
export const messages = make("messages", { capacity: 64, start: WRAP - 64 });

export const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i).join(" ");
/** A message of so many bytes, none like its neighbour. */
export const hex = (length: number) =>
  length === 0 ? "-" : Array.from({ length }, (_, i) => (i + 0xa0).toString(16)).join("");
export const repeat = (count: number, ...steps: Step[]) => Array.from({ length: count }, () => steps).flat();
export const each = <T>(values: readonly T[], f: (value: T) => Step[]) => values.flatMap(f);

export const CLOSED = "error ERR_RING_CLOSED";
export const PEER_DIED = "error ERR_RING_PEER_DIED";
export const DAMAGED = "error ERR_RING_DAMAGED";
export const MISUSE = "error ERR_RING_MISUSE";
export const TOO_LONG = "error ERR_RING_MESSAGE_TOO_LONG";
export const ROLE_TAKEN = "error ERR_RING_ROLE_TAKEN";
export const BAD_HEADER = "error ERR_RING_BAD_HEADER";

/** So long that only a wake-up ends it. */
export const LONG_MS = 100_000;
