import { describe, expect, it } from "vitest";
import { type Block, blockedRatio, judge } from "../src/compare/verdict.js";
import { seededRandom, t99 } from "../src/statistics.js";

const BLOCKS = 7;
const ROUNDS = 2;

/** Comparisons of two sides of which ours is `factor` times as fast; each process is off by some percent for life. */
function verdicts(factor: number, count: number): string[] {
  const random = seededRandom(11);
  const noise = (size: number): number => Math.exp(size * (random() + random() + random() - 1.5));
  const side = (rate: number): number[] => {
    const process = rate * noise(0.06);
    return Array.from({ length: ROUNDS }, () => process * noise(0.03));
  };
  const block = (): Block => ({ ours: side(factor), theirs: side(1) });
  return Array.from({ length: count }, () => judge(blockedRatio(Array.from({ length: BLOCKS }, block))));
}

const share = (all: readonly string[], verdict: string): number =>
  all.filter((one) => one === verdict).length / all.length;

describe("the verdict on two checkouts", () => {
  it("is that nobody can tell, but for one in a hundred, where both are the same", () => {
    expect(share(verdicts(1, 3000), "can't tell")).toBeGreaterThan(0.98);
  });

  it("finds what is a fifth faster or slower, and never mixes the two up", () => {
    const faster = verdicts(1.2, 500);
    const slower = verdicts(1 / 1.2, 500);
    expect(share(faster, "greater")).toBeGreaterThan(0.95);
    expect(share(slower, "less")).toBeGreaterThan(0.95);
    expect(share(faster, "less") + share(slower, "greater")).toBe(0);
  });

  it("says nothing from one pair of processes, however many rounds it has", () => {
    const rounds = Array.from({ length: 50 }, () => 2);
    expect(judge(blockedRatio([{ ours: rounds, theirs: rounds.map(() => 1) }]))).toBe("can't tell");
  });

  it("takes the rounds of a pair together by their geometric mean", () => {
    const { ratio } = blockedRatio([
      { ours: [2, 8], theirs: [1, 1] },
      { ours: [4], theirs: [1] },
    ]);
    expect(ratio).toBeCloseTo(4, 12);
    expect(() => blockedRatio([{ ours: [], theirs: [1] }])).toThrow("a block without rounds");
  });

  it("uses Student's t for 99 %", () => {
    expect([t99(1), t99(6), t99(30), t99(1000)]).toEqual([63.657, 3.707, 2.75, 2.576]);
  });
});
