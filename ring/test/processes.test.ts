import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { native, type Spin, type WaiterStats } from "@x/mem-ring/channel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oneCpu, runChild, withoutTaskset } from "./support.js";

// Two processes and one ring: Node in one, a Go program (test/peer) in the other. Both sleep whenever they can, at
// random moments, and nothing but a doorbell wakes them. If a wake-up is lost, both sleep for ever: a thread that only
// watches the words ends such a run after a time that no busy machine needs, and says what it saw.

let dir: string;
let peer: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "mem-ring-"));
  peer = join(dir, "peer");
  await promisify(execFile)("go", ["build", "-o", peer, "."], {
    cwd: fileURLToPath(new URL("./peer", import.meta.url)),
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Run {
  direction: "toGo" | "toNode";
  count: number;
  capacity: number;
  /** How often an end looks again at most before it sleeps. */
  patience?: number;
  spin?: Spin;
  pending?: number;
  stallMs?: number;
  producer?: string;
}

interface Seen {
  readonly count: number;
  readonly checksum: number;
  readonly sleeps: number;
}
interface Report {
  readonly node: Seen & Partial<WaiterStats> & { readonly ticks: number };
  readonly go: Seen & { readonly cpus: number };
  readonly lost?: unknown;
}

async function run(options: Run, cpu?: number): Promise<Report> {
  const all = { peer, patience: 4000, spin: false, pending: 0, stallMs: 20_000, producer: "as it is", ...options };
  const result = await runChild("stress.mjs", [JSON.stringify(all)], {
    timeout: 120_000,
    ...(cpu === undefined ? {} : { cpu }),
  });
  if (result.code !== 0 && !result.stdout.startsWith('{"lost":')) {
    throw new Error(`stress.mjs ended with ${result.code ?? result.signal}:\n${result.stdout}\n${result.stderr}`);
  }
  return JSON.parse(result.stdout);
}

/** What both ends have to agree on, computed a third time. */
function checksum(count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum = (Math.imul(sum, 31) + n) | 0;
  return sum >>> 0;
}

async function arrives(options: Run, cpu?: number): Promise<Report> {
  const report = await run(options, cpu);
  expect(report.lost, "a wake-up was lost").toBeUndefined();
  const expected = { count: options.count, checksum: checksum(options.count) };
  expect(report.node).toMatchObject(expected);
  expect(report.go).toMatchObject(expected);
  return report;
}

describe("from Node to Go", () => {
  it.each([
    [100_000_000, 4096],
    [3_000_000, 64],
    [200_000, 2],
    [100_000, 1],
  ])("%d entries arrive, all and in order, through a ring of %d", async (count, capacity) => {
    const { node, go } = await arrives({ direction: "toGo", count, capacity });
    // Otherwise the run has shown nothing about the hand-shakes: Go slept on an empty ring, Node on a full one.
    expect(go.sleeps).toBeGreaterThan(0);
    expect(node.sleeps).toBeGreaterThan(0);
  });
});

describe("from Go to Node", () => {
  it.each([
    [10_000_000, 4096],
    [3_000_000, 64],
    [200_000, 2],
    [100_000, 1],
  ])("%d entries arrive, all and in order, through a ring of %d", async (count, capacity) => {
    const { node, go } = await arrives({ direction: "toNode", count, capacity });
    expect(node.sleeps).toBeGreaterThan(0);
    expect(go.sleeps).toBeGreaterThan(0);
    expect(node.ticks).toBe(0);
  });

  it.each<[Spin, number, number]>([
    ["adaptive", 20_000_000, 4096],
    ["adaptive", 200_000, 1],
    [20, 500_000, 8],
    [false, 100_000, 1],
  ])("with spin: %s and answers expected, %d entries arrive through a ring of %d", async (spin, count, capacity) => {
    const { node } = await arrives({ direction: "toNode", count, capacity, spin, pending: 1 });
    if (spin === false) expect(node.spins).toBe(0);
  });
});

describe.skipIf(oneCpu === undefined)(`with both processes on one processor${withoutTaskset}`, () => {
  it.each([
    ["toGo", 5_000_000, 4096],
    ["toGo", 500_000, 64],
    ["toGo", 30_000, 1],
    ["toNode", 5_000_000, 4096],
    ["toNode", 500_000, 64],
    ["toNode", 30_000, 1],
  ] as const)("%s: %d entries arrive through a ring of %d", async (direction, count, capacity) => {
    const { node, go } = await arrives(
      { direction, count, capacity, patience: 0, spin: "adaptive", pending: direction === "toNode" ? 1 : 0 },
      oneCpu as number,
    );
    expect(go.cpus).toBe(1);
    expect(node.spins ?? 0).toBe(0);
  });
});

// The test of the tests: the same run, with a producer in Node that is wrong in one place (workers/mutants.mjs), has to
// stand still. One slot, so that one lost wake-up is enough. On one processor the ends would not meet in the window.
const severalCpus = native.cpuCount() > 1;
const name = `a lost wake-up is noticed when the producer${severalCpus ? "" : " (skipped: needs two processors)"}`;
describe.skipIf(!severalCpus)(name, () => {
  it.each([
    "reads sleeping before it stores tail",
    "stores tail without ordering",
    "does not ring",
    "does not look again after it has set space",
    "looks before it sets space",
  ])("%s", async (producer) => {
    const report = await run({ direction: "toGo", count: 50_000_000, capacity: 1, stallMs: 1000, producer });
    expect(report.lost).toMatchObject({ sleeping: expect.any(Number), space: expect.any(Number) });
  });
});
