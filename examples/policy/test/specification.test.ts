/** The language's own tests, through the bridge: each gives what cel-go gives when Go uses it alone. */
import { type Client, connect } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Policies } from "../src/gen/policy.js";
import { compare } from "./compare.js";
import { reference, specification } from "./reference.js";

const cases = specification();
const expected = reference(cases);

let policies: Client<Policies>;
beforeAll(async () => {
  policies = await connect(Policies);
});
afterAll(() => policies.close());

test(`the specification has 1600 such tests or more, of every kind: ${cases.length}`, () => {
  expect(cases.length).toBeGreaterThanOrEqual(1600);
  expect(expected.filter(({ value }) => value !== undefined).length).toBeGreaterThan(1300);
  expect(expected.filter(({ error }) => error !== undefined).length).toBeGreaterThan(80);
  expect(expected.filter(({ issues }) => issues !== undefined).length).toBeGreaterThan(100);
});

const fileOf = (name: string) => name.split("/")[0] as string;
describe.each([...new Set(cases.map(({ name }) => fileOf(name)))])("%s", (file) => {
  for (const [i, one] of cases.entries()) {
    if (fileOf(one.name) !== file) continue;
    test(one.name, () => compare(policies, one, expected[i] as (typeof expected)[number]));
  }
});
