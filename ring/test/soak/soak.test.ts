import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, built, removeBuilt } from "../conformance/built.mjs";
import { programs } from "../conformance/ends.mjs";
import { Soak } from "./soak.mjs";

// `npm run soak` does the same for as long as one likes.

beforeAll(build);
afterAll(removeBuilt);

const ends = programs(built);

describe("ten million entries, between processes that are stopped and killed at random", () => {
  it.each([
    ["js", "go", 4_000_000],
    ["go", "js", 4_000_000],
    ["js", "js", 2_000_000],
  ] as const)("%s to %s", async (producer, consumer, entries) => {
    const soak = new Soak({ entries, producer: ends[producer], consumer: ends[consumer], faults: true });
    await soak.run();
    expect(soak.delivered).toBe(entries);
    // Otherwise nothing was tried.
    expect(soak.pauses).toBeGreaterThan(0);
    expect(soak.producersKilled + soak.consumersKilled).toBeGreaterThan(0);
  });
});
