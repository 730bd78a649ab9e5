import type { Session } from "../contender.js";
import type { Done } from "./end.js";
import type { Kind } from "./kinds.js";
import type { RemoteEnd } from "./remote-end.js";

/** Two ends, or one program that is both, as what the benchmark runs. The host sleeps while they work. */
export function pairSession(ends: readonly RemoteEnd[], closed: () => void = () => {}): Session {
  const ask = async (kind: Kind, count: number): Promise<Done[]> => {
    const all = await Promise.all(ends.map((end) => end.run({ kind, count })));
    for (const done of all) if ("error" in done) throw new Error(done.error);
    return all;
  };
  const childPid = ends.find(({ pid }) => pid !== undefined)?.pid;
  return {
    ...(childPid === undefined ? {} : { childPid }),
    // The producer gives 0: the time is the consumer's.
    move: async (kind, count) => Math.max(...(await ask(kind, count)).map((done) => ("ms" in done ? done.ms : 0))),
    roundTrips: async (count) => {
      const all = await ask("asleep", count);
      return all.flatMap((done) => ("trips" in done ? (done.trips ?? []) : []))[0] as Float64Array;
    },
    close: async () => {
      await Promise.all(ends.map((end) => end.close()));
      closed();
    },
  };
}
