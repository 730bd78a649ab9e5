import { describe, expect, it } from "vitest";
import { mean, median, pairedRatio, seededRandom, shuffled, t95 } from "../src/statistics.js";

describe("pairedRatio", () => {
  it("finds a ratio that every round shows, without an error", () => {
    const { ratio, low, high, rounds } = pairedRatio([20, 200, 2], [10, 100, 1]);
    expect(ratio).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(2, 12);
    expect(high).toBeCloseTo(2, 12);
    expect(rounds).toBe(3);
  });

  it("gives twice as fast and twice as slow the same weight", () => {
    expect(pairedRatio([2, 1], [1, 2]).ratio).toBeCloseTo(1, 12);
  });

  it("agrees with an interval worked out by hand", () => {
    // Logarithms of the ratios: 0, ln 2, ln 4. Mean ln 2, standard deviation ln 2, t(2) = 4.303.
    const { ratio, low, high } = pairedRatio([1, 2, 4], [1, 1, 1]);
    const margin = (4.303 * Math.LN2) / Math.sqrt(3);
    expect(ratio).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(Math.exp(Math.LN2 - margin), 10);
    expect(high).toBeCloseTo(Math.exp(Math.LN2 + margin), 10);
  });

  it("covers the truth in about 95 of 100 experiments", () => {
    const random = seededRandom(1);
    const noise = (): number => Math.exp(0.2 * (random() + random() + random() - 1.5));
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const theirs = Array.from({ length: 7 }, noise);
      const ours = Array.from({ length: 7 }, () => 1.5 * noise());
      const { low, high } = pairedRatio(ours, theirs);
      if (low <= 1.5 && 1.5 <= high) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });

  it("claims nothing from one round, and refuses rounds that are not pairs", () => {
    expect(pairedRatio([3], [1])).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY });
    expect(() => pairedRatio([1, 2], [1])).toThrow("2 rounds against 1");
    expect(() => pairedRatio([], [])).toThrow("no rounds");
  });
});

describe("the smaller helpers", () => {
  it("takes medians and means of odd, even and no numbers", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(mean([1, 2, 6])).toBe(3);
  });

  it("knows Student's t, and the normal quantile beyond its table", () => {
    expect(t95(1)).toBe(12.706);
    expect(t95(10)).toBe(2.228);
    expect(t95(1000)).toBe(1.96);
  });

  it("shuffles by the seed, evenly, and loses nothing", () => {
    expect(shuffled([1, 2, 3, 4, 5], seededRandom(7))).toEqual(shuffled([1, 2, 3, 4, 5], seededRandom(7)));
    const random = seededRandom(3);
    const firsts = new Map<number, number>();
    for (let i = 0; i < 3000; i++) {
      const order = shuffled([1, 2, 3], random);
      expect(order.toSorted()).toEqual([1, 2, 3]);
      firsts.set(order[0] as number, (firsts.get(order[0] as number) ?? 0) + 1);
    }
    for (const count of firsts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
