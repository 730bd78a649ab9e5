import { type Client, connect, inspect, WorkerDiedError } from "@x/ts2go";
import { expect, test } from "vitest";
import { Trust } from "./src/gen/trust.js";
import { resources, until, untilUnmapped } from "./src/resources.js";

test("SIGKILL of the worker at a random moment, 200 times under load: every promise settles, nothing is left", async () => {
  const before = resources();
  const client = await connect(Trust, { capacity: 256 });
  const counts = { done: 0, died: 0, other: 0 };
  let stop = false;
  const lane = async (client: Client<Trust>, n: number) => {
    while (!stop) {
      try {
        const answer =
          n % 3 === 0
            ? await client.add(n, 1)
            : n % 3 === 1
              ? (await client.bytes(new Uint8Array(n * 7))).length
              : await client.sleep(1);
        if (answer !== (n % 3 === 0 ? n + 1 : n % 3 === 1 ? n * 7 : 1)) counts.other++;
        counts.done++;
      } catch (error) {
        if (error instanceof WorkerDiedError) counts.died++;
        else counts.other++;
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
  expect(counts.other).toBe(0);
  expect(counts.died).toBeGreaterThan(200);
  expect(counts.done).toBeGreaterThan(1000);
  expect(inspect(client)).toMatchObject({ inFlight: 0, queued: 0, bodiesInUse: 0 });
  await client.close();
  await untilUnmapped(before.mappings);
  expect(resources()).toEqual(before);
}, 300_000);
