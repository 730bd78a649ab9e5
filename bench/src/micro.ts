import { Bench } from "tinybench";
import { payload } from "./request.js";
import { readings } from "./streams.js";

/** What the machine and the driver cost without any contender: the floor under every other number. */
export interface Micro {
  readonly name: string;
  readonly nanoseconds: number;
  /** Half the width of the 95 % interval, in percent. */
  readonly marginPercent: number;
}

const SIZE_LARGE = 1 << 20;
const REPEAT = 1000;

/** Measures the floor with tinybench, in batches long enough for its clock. */
export async function measureMicro(milliseconds: number): Promise<Micro[]> {
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 2 });
  const source = payload(SIZE_LARGE);
  const target = new Uint8Array(SIZE_LARGE);
  const settled = Promise.resolve();
  bench.add("await a settled promise", async () => {
    for (let i = 0; i < REPEAT; i++) await settled;
  });
  bench.add("make and resolve a promise", async () => {
    for (let i = 0; i < REPEAT; i++) await new Promise<void>((resolve) => resolve());
  });
  bench.add("make an item by a generator and read it", async () => {
    for await (const _ of readings(REPEAT));
  });
  bench.add("read the clock", () => {
    for (let i = 0; i < REPEAT; i++) performance.now();
  });
  bench.add("copy 1 MiB in JavaScript", () => target.set(source));
  await bench.run();
  return bench.tasks.map((task): Micro => {
    const { result } = task;
    if (!("latency" in result)) throw new Error(`${task.name}: no result`);
    const repeat = task.name.startsWith("copy") ? 1 : REPEAT;
    return {
      name: task.name,
      nanoseconds: (result.latency.p50 * 1e6) / repeat,
      marginPercent: result.latency.rme,
    };
  });
}
