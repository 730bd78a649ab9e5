import type { Reading } from "./bench.js";
import type { Streams } from "./contender.js";
import { latencyHistogram, wholeNs } from "./latency.js";
import type { RoundResult } from "./round.js";

/** Where the readings of a cell of W10 go: from Go, to Go, there and back; or how long the first of some from Go takes. */
export const FLOWS = ["out", "in", "both", "first"] as const;
export type Flow = (typeof FLOWS)[number];

/** A stream of `first` is as long as this: more than anybody's batch, so that gathering does not look like speed. */
const FIRST_OF = 300;

const NS_PER_MS = 1e6;

/** One round of W10: one stream of `count` readings, or `count` short streams one after another. */
export async function runFlow(streams: Streams | undefined, flow: Flow, count: number): Promise<RoundResult> {
  if (!streams) throw new Error("left out: it offers no streams");
  if (flow === "first") return runFirst(streams, count);
  const start = performance.now();
  const total = await FLOW[flow](streams, count);
  const milliseconds = performance.now() - start;
  check(total, count);
  return { calls: count, milliseconds };
}

const FLOW: Record<Exclude<Flow, "first">, (streams: Streams, count: number) => Promise<number>> = {
  out: (streams, count) => addUp(streams.readings(count)),
  in: (streams, count) => streams.total(readings(count)),
  both: (streams, count) => addUp(streams.mirror(readings(count))),
};

async function runFirst(streams: Streams, count: number): Promise<RoundResult> {
  const latencies = latencyHistogram();
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    let took: number | undefined;
    let total = 0;
    const start = performance.now();
    for await (const { id, value } of streams.readings(FIRST_OF)) {
      took ??= performance.now() - start;
      total += id + value;
    }
    check(total, FIRST_OF);
    latencies.recordValue(wholeNs((took ?? 0) * NS_PER_MS));
  }
  return { calls: count, milliseconds: performance.now() - begin, latencies: () => latencies };
}

/** What goes to Go: a generator, as most programs would write it. */
export async function* readings(count: number): AsyncGenerator<Reading, void, void> {
  for (let id = 0; id < count; id++) yield { id, value: id / 2 };
}

/** Reads a stream as everybody's is read. */
async function addUp(stream: AsyncIterable<Reading>): Promise<number> {
  let total = 0;
  for await (const { id, value } of stream) total += id + value;
  return total;
}

/** The sum of the numbers and values of so many readings. */
export function totalOf(count: number): number {
  return 0.75 * (count * count - count);
}

function check(total: number, count: number): void {
  if (total !== totalOf(count)) throw new Error(`wrong readings: their total is ${total}, expected ${totalOf(count)}`);
}
