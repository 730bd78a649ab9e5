/** Does a case through the bridge, and holds it against what cel-go alone has made of it. */
import type { Client } from "@x/ts2go";
import { expect } from "vitest";
import type { Policies } from "../src/gen/policy.js";
import { comparable } from "./equal.js";
import type { Case, Reference } from "./reference.js";

export async function compare(policies: Client<Policies>, one: Case, expected: Reference): Promise<void> {
  const { name, source, types: variables, values, costLimit } = one;
  const policy = { name, source, variables, ...(costLimit !== undefined && { costLimit }) };
  const issues = await policies.check(policy);
  expect(issues, source).toEqual(expected.issues ?? []);
  if (issues.length > 0) {
    const first = issues[0] as (typeof issues)[number];
    const refusal = await policies.put(policy).catch((error: unknown) => error);
    expect(refusal, source).toMatchObject({ name: "GoError", code: "ERR_POLICY", goType: "*main.issues" });
    const head = `ERROR: ${name}:${first.line}:${first.column}: ${first.message}`;
    expect((refusal as Error).message.startsWith(head), `${refusal}\n${head}`).toBe(true);
    return;
  }
  expect(await policies.put(policy), source).toEqual({ type: expected.type, cost: expected.estimate });
  const { took, cost, ...outcome } = await policies.evaluate(name, values);
  expect(took).toBeGreaterThanOrEqual(0);
  expect(cost, source).toBeGreaterThanOrEqual(expected.cost.least);
  expect(cost, source).toBeLessThanOrEqual(expected.cost.most);
  if (outcome.kind === "value") outcome.value = comparable(outcome.value);
  expect(outcome, source).toEqual(outcomeOf(expected));
}

function outcomeOf({ value, missing, error, place }: Reference) {
  if (error !== undefined) return { kind: "failed", message: error, ...(place !== undefined && { place }) };
  if (missing !== undefined) return { kind: "unknown", missing };
  return { kind: "value", value: value && comparable(value) };
}
