import { beforeAll, describe, expect, it } from "vitest";
import { cases, larger } from "./cases.js";
import { situation } from "./ends.js";
import { mutants } from "./mutants.js";
import { type Explored, explore, Found } from "./schedule.js";

// See README.md beside this file.

beforeAll(() => {
  // Thousands of runs end with an error that nobody looks at.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
});

const say = (name: string, { schedules, states }: Explored) =>
  console.log(`${name}: ${schedules} schedules, ${states} states`);

describe("in every order", () => {
  it.each(cases.map((c) => [c.bell, c.name, c] as const))("%s: %s", (_, __, c) => {
    const explored = explore(situation(c));
    say(`${c.bell}: ${c.name}`, explored);
    expect(explored.schedules).toBeGreaterThan(20);
  });
});

describe("in every order with at most two preemptions", () => {
  it.each(larger.map((c) => [c.bell, c.name, c] as const))("%s: %s", (_, __, c) => {
    const explored = explore(situation(c), { preemptions: 2 });
    say(`${c.bell}: ${c.name}`, explored);
    expect(explored.schedules).toBeGreaterThan(100);
  });
});

describe("what is broken on purpose is found", () => {
  it.each(mutants.map((m) => [m.name, m] as const))("%s", (name, { changes, by, fault }) => {
    const c = cases.find((one) => `${one.bell}: ${one.name}` === by);
    if (c === undefined) throw new Error(`there is no case "${by}"`);
    let found: unknown;
    try {
      explore(situation(c, changes));
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(Found);
    expect((found as Found).reason.message).toMatch(fault);
    console.log(`${name}: found after ${(found as Found).explored.schedules} schedules`);
  });
});
