import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type Client, connect, DamagedError, inspect, Ts2goError, WorkerDiedError } from "@x/ts2go";
import { expect, test } from "vitest";
import { Trust } from "./src/gen/trust.js";
import { resources, untilUnmapped } from "./src/resources.js";

const vandal = fileURLToPath(new URL("dist/programs/vandal.js", import.meta.url));

/**
 * Calls of several kinds until `stop`; counts how they end. None whose argument says how long it takes: that is a word
 * of the region too.
 */
async function load(
  client: Client<Trust>,
  stop: () => boolean,
  ends: Map<string, number>,
  faults: Error[],
): Promise<void> {
  const count = (name: string) => ends.set(name, (ends.get(name) ?? 0) + 1);
  const lane = async (n: number) => {
    while (!stop()) {
      try {
        if (n % 4 === 0) await client.add(n, 1);
        else if (n % 4 === 1) await client.bytes(new Uint8Array((n * 37) % 5000));
        else if (n % 4 === 2) await client.join(["a", "bc", "def".repeat(n)], "-");
        else await client.ping(n % 8 === 3 ? {} : { metadata: { tenant: "a".repeat(n), trace: "b" } });
        count("ok");
      } catch (error) {
        count((error as Error).name);
        if (!(error instanceof Ts2goError)) faults.push(error as Error);
        // Go must have ended by its own decision or by ours, never by a fault of memory.
        if (error instanceof WorkerDiedError && /panic:|fatal error:|SIGSEGV|SIGBUS/.test(error.stderr))
          faults.push(error);
        // A forged CLOSE ends Go in good order; if the answer to it is overwritten as well, only the exit code tells.
        const orderly = error instanceof WorkerDiedError && error.exitCode === 0 && error.stderr === "";
        if (error instanceof WorkerDiedError && !(error.cause instanceof DamagedError) && !orderly) faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: 40 }, (_, n) => lane(n)));
}

for (const [part, share] of [
  ["every word of the region", "all"],
  ["control words and entries", "rings"],
  ["bodies", "bodies"],
] as const) {
  test(`${part} overwritten at random while calls run: typed errors, no crash, no hang`, async () => {
    const before = resources();
    const client = await connect(Trust, { regionSize: 1 << 20, capacity: 32, stderr: "ignore" });
    const thread = new Worker(vandal, { workerData: { share, seconds: 6 } });
    const ended = new Promise((resolve) => thread.once("exit", resolve));
    const ends = new Map<string, number>();
    const faults: Error[] = [];
    let finished = false;
    const done = new Promise<number>((resolve) =>
      thread.once("message", (writes: number) => {
        finished = true;
        resolve(writes);
      }),
    );
    await load(client, () => finished, ends, faults);
    const writes = await done;
    await ended;
    expect(faults).toEqual([]);
    expect(writes).toBeGreaterThan(share === "all" ? 100_000 : 1000);
    expect(ends.get("ok") ?? 0).toBeGreaterThan(100);
    // Afterwards the client works as if nothing had been. The region may still be a damaged one: then this call notices.
    let answer = 0;
    for (let i = 0; i < 10 && answer !== 3; i++) answer = await client.add(1, 2).catch(() => 0);
    expect(answer).toBe(3);
    expect(inspect(client)).toMatchObject({ inFlight: 0, queued: 0 });
    await client.close();
    await untilUnmapped(before.mappings);
    expect(resources()).toEqual(before);
  }, 60_000);
}
