import { inspect } from "@x/ts2go";
import { expect, test } from "vitest";
import { connectMix, KINDS } from "./src/mixture.js";
import { resources, until, untilUnmapped } from "./src/resources.js";

const CALLS = 1_000_000;
/** One call in so many is of another kind than the quick one, each kind in turn. */
const ODD = 8;

test("a million calls of every kind leave nothing behind on either side", async () => {
  const before = resources();
  const client = await connectMix({ onOnewayError: (error) => expect.fail(error.message) });
  const kinds = Object.entries(KINDS).filter(([name]) => name !== "slow");
  const wrong: string[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < CALLS; n = next++) {
      const [name, call] =
        n % ODD > 0
          ? ["quick", KINDS.quick as (typeof kinds)[0][1]]
          : (kinds[(n / ODD) % kinds.length] as (typeof kinds)[0]);
      if (!(await call(client, n % 1000, {}))) wrong.push(`${name} ${n}`);
    }
  };
  await Promise.all(Array.from({ length: 200 }, lane));
  expect(wrong).toEqual([]);
  await until("what was given up", () => inspect(client).inFlight === 0);
  expect(inspect(client)).toMatchObject({ queued: 0, bodiesInUse: 0, leases: 0, answering: 0 });
  // Go hears of the last leases with the next call, and has read them before it.
  expect(await client.left()).toBe("0 calls, 0 bodies");
  await client.close();
  await untilUnmapped(before.mappings);
  expect(resources()).toEqual(before);
}, 300_000);
