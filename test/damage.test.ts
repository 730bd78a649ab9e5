import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type Client, connect, DamagedError, GoError, inspect, Ts2goError, WorkerDiedError } from "@x/ts2go";
import { expect, test } from "vitest";
import { Failures, type Mix, Thrower } from "./src/gen/trust.js";
import { connectMix, KINDS } from "./src/mixture.js";
import { resources, until, untilUnmapped } from "./src/resources.js";

const vandal = fileURLToPath(new URL("dist/programs/vandal.js", import.meta.url));

/** Damage can take an entry that somebody waits for without anybody noticing: then the call ends by this. */
const PATIENCE = { timeout: 1500 };

/**
 * Calls of every kind until `stop`; counts how they end. Wrong answers are no fault here: the bytes they are made of may
 * have been overwritten. None whose argument says how long it takes: that is a word of the region too.
 */
async function load(
  client: Client<Mix>,
  failures: Client<Failures>,
  stop: () => boolean,
  ends: Map<string, number>,
  faults: Error[],
): Promise<void> {
  const count = (name: string) => ends.set(name, (ends.get(name) ?? 0) + 1);
  const errors: (typeof KINDS)[string] = (_, n) => failing(failures, n);
  const kinds = Object.entries({ ...KINDS, errors }).filter(([name]) => name !== "slow");
  const lane = async (n: number) => {
    const [name, call] = kinds[n % kinds.length] as (typeof kinds)[number];
    for (let i = n; !stop(); i++) {
      try {
        await call(client, i, PATIENCE);
        count("ok");
        // One-way calls would leave no room for others.
        if (name === "oneway") await client.add(1, 1, PATIENCE);
      } catch (error) {
        count((error as Error).name);
        if (!(error instanceof Ts2goError)) faults.push(error as Error);
        // Go must have ended by its own decision or by ours, never by a fault of memory.
        if (error instanceof WorkerDiedError && /panic:|fatal error:|SIGSEGV|SIGBUS/.test(error.stderr))
          faults.push(error);
        // A forged CLOSE ends Go in good order; if the answer to it is overwritten as well, only the exit code tells.
        const orderly = error instanceof WorkerDiedError && error.exitCode === 0 && error.stderr === "";
        if (error instanceof WorkerDiedError && !(error.cause instanceof DamagedError) && !orderly) faults.push(error);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  await Promise.all(Array.from({ length: 52 }, (_, n) => lane(n)));
}

/** Errors with all that they carry, from Go and from TypeScript, are what these calls should end with. */
async function failing(client: Client<Failures>, n: number): Promise<boolean> {
  try {
    await (n % 2 === 0 ? client.fail(PLAN, PATIENCE) : client.relay("any", 2, PATIENCE));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
  }
  return true;
}

const leaf = (ID: number) => ({ Kind: "notFound", Text: "x".repeat(ID), ID, Cause: { Kind: "gone" } });
const PLAN = JSON.stringify({ Kind: "join", Parts: [leaf(1), { Kind: "wrap", Text: "w", Cause: leaf(300) }] });
const raise = () => {
  const cause = new GoError("no", "*main.notFound", "NO", "a.b", { details: { id: 1, Tags: ["x"] } });
  throw Object.assign(new AggregateError([cause, new TypeError("part")], "many", { cause }), { list: [1, 2, 3] });
};

/** Of a call that was given up Go may never have heard the end, nor of the call itself: then the worker's end is its end. */
async function end(client: Client<Mix> | Client<Failures>): Promise<void> {
  await until("nothing in flight", () => inspect(client).inFlight === 0).catch(() => {
    process.kill(inspect(client).pid as number, "SIGKILL");
  });
  await until("the end of all calls", () => inspect(client).inFlight === 0);
  expect(inspect(client).queued).toBe(0);
  await client.close();
}

for (const [part, share] of [
  ["every word of the region", "all"],
  ["control words and entries", "rings"],
  ["bodies", "bodies"],
] as const) {
  test(`${part} overwritten at random while calls run: typed errors, no crash, no hang`, async () => {
    const before = resources();
    const options = { regionSize: 1 << 20, capacity: 32, stderr: "ignore", onOnewayError: () => {} } as const;
    const client = await connectMix(options);
    const failures = await connect(Failures, { ...options, provide: [Thrower.with({ raise })] });
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
    await load(client, failures, () => finished, ends, faults);
    const writes = await done;
    await ended;
    expect(faults).toEqual([]);
    expect(writes).toBeGreaterThan(share === "all" ? 100_000 : 1000);
    expect(ends.get("ok") ?? 0).toBeGreaterThan(100);
    // Afterwards the client works as if nothing had been. The region may still be a damaged one: then this call notices.
    let answer = 0;
    for (let i = 0; i < 10 && answer !== 3; i++) answer = await client.add(1, 2, PATIENCE).catch(() => 0);
    expect(answer).toBe(3);
    await end(client);
    await end(failures);
    await untilUnmapped(before.mappings);
    expect(resources()).toEqual(before);
  }, 60_000);
}
