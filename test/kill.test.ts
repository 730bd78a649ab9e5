import { type Client, inspect, Ts2goError, WorkerDiedError } from "@x/ts2go";
import { expect, test } from "vitest";
import type { Mix } from "./src/gen/trust.js";
import { connectMix, KINDS } from "./src/mixture.js";
import { resources, until, untilUnmapped } from "./src/resources.js";

test("SIGKILL of the worker at a random moment, 200 times under calls of every kind: every promise settles, nothing is left", async () => {
  const before = resources();
  // Of one-way calls nobody hears but here.
  const client = await connectMix({
    capacity: 256,
    onOnewayError: (error) => expect(error).toBeInstanceOf(WorkerDiedError),
  });
  const counts = { done: 0, died: 0 };
  const others: unknown[] = [];
  const ends = new Map<string, number>();
  const kinds = Object.entries(KINDS);
  let stop = false;
  const lane = async (client: Client<Mix>, n: number) => {
    const [name, call] = kinds[n % kinds.length] as (typeof kinds)[number];
    for (let i = n; !stop; i += 7) {
      try {
        if (!(await call(client, i, {}))) others.push(`${name} ${i}: a wrong answer`);
        counts.done++;
        ends.set(name, (ends.get(name) ?? 0) + 1);
        // So that one-way calls, which nothing else slows down, leave room for others.
        if (name === "oneway") await client.add(1, 1);
      } catch (error) {
        if (error instanceof WorkerDiedError) counts.died++;
        // There is no memory to share between two workers.
        else if (!(error instanceof Ts2goError && error.code === "ERR_NOT_CONNECTED")) others.push(error);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  const lanes = Array.from({ length: 300 }, (_, n) => lane(client, n));
  let kills = 0;
  while (kills < 200) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    const { pid } = inspect(client);
    if (pid === undefined) continue;
    process.kill(pid, "SIGKILL");
    kills++;
    await until("the next worker", () => inspect(client).pid !== pid && inspect(client).state === "open", 15_000);
  }
  stop = true;
  await Promise.all(lanes);
  expect(others).toEqual([]);
  // Every kind had its chance.
  expect([...ends.keys()].sort()).toEqual(Object.keys(KINDS).sort());
  expect(counts.died).toBeGreaterThan(200);
  expect(counts.done).toBeGreaterThan(1000);
  await until("calls that were given up", () => inspect(client).inFlight === 0);
  expect(inspect(client)).toMatchObject({ queued: 0, bodiesInUse: 0, leases: 0, answering: 0 });
  await client.close();
  await untilUnmapped(before.mappings);
  expect(resources()).toEqual(before);
}, 300_000);
