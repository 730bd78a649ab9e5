/**
 * Policies of a bank, written in the Common Expression Language, compiled and evaluated in Go.
 *
 * `node dist/main.js [EXPRESSION]` evaluates one expression; without one, it shows what there is.
 */
import { inspect } from "node:util";
import { GoError } from "@x/ts2go";
import { policies } from "./gen/policy.js";
import type { Outcome, Policy, Type } from "./policy.js";
import { type Plain, toPlain, toValues } from "./value.js";

const [expression] = process.argv.slice(2);
if (expression === undefined) await tour();
else {
  const policy: Policy = { name: "expression", source: expression, variables: {} };
  if (await right(policy)) {
    await put(policy);
    console.log(`  ${shown(await policies.evaluate(policy.name, {}))}`);
  } else process.exitCode = 1;
}

async function tour() {
  heading("a policy is compiled, and cel tells its type and what it can cost");
  const int: Type = { kind: "scalar", of: "int" };
  const string: Type = { kind: "scalar", of: "string" };
  await put({
    name: "transfer",
    source: `blocked.exists(country, country == to.country) ? "refuse"
    : amount > limits[from.tier] || amount > from.cents ? "review"
    : "pay"`,
    variables: {
      amount: int,
      from: { kind: "map", from: "string", to: { kind: "scalar", of: "dyn" } },
      to: { kind: "map", from: "string", to: string },
      limits: { kind: "map", from: "string", to: int },
      blocked: { kind: "list", of: string },
    },
    costLimit: 1000n,
  });

  heading("and evaluated: amounts are whole cents, and stay whole beyond 2^53");
  const rules = { limits: { basic: 100_000n, gold: 9_007_199_254_740_993n }, blocked: ["Atlantis", "Mu"] };
  const gold = { tier: "gold", cents: 2n ** 62n };
  for (const [amount, country] of [
    [9_007_199_254_740_993n, "Chile"],
    [9_007_199_254_740_994n, "Chile"],
    [1n, "Mu"],
  ] as const) {
    const outcome = await policies.evaluate("transfer", toValues({ ...rules, amount, from: gold, to: { country } }));
    console.log(`  ${String(amount).padStart(16)} to ${country.padEnd(6)} ${shown(outcome)}`);
  }

  heading("what is not given is unknown, and no error unless the result hangs on it");
  const some = { ...rules, amount: 1n };
  console.log(`  no parties:    ${shown(await policies.evaluate("transfer", toValues(some)))}`);
  const blocked = { ...some, to: { country: "Mu" } };
  console.log(`  no sender:     ${shown(await policies.evaluate("transfer", toValues(blocked)))}`);

  heading("a policy that is wrong is refused, with all places where it is");
  const wrong: Policy = {
    name: "wrong",
    source: `amount > 100.0 &&
  currency in ["EUR"]`,
    variables: { amount: int },
  };
  await right(wrong);
  try {
    await policies.put(wrong);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    console.log(`  ${error.name} ${error.code}: ${error.message.split("\n")[0]}`);
  }

  heading("an evaluation can fail, and be stopped by its cost or by its caller");
  await put({ name: "sum", source: "a + b", variables: { a: int, b: int } });
  console.log(`  ${shown(await policies.evaluate("sum", toValues({ a: 2n ** 63n - 1n, b: 1n })))}`);
  const many: Type = { kind: "list", of: int };
  const source = "n.all(a, n.all(b, n.all(c, a + b + c >= 0)))";
  const n = Array.from({ length: 3000 }, (_, i) => BigInt(i));
  await put({ name: "limited", source, variables: { n: many }, costLimit: 10_000n });
  console.log(`  ${shown(await policies.evaluate("limited", toValues({ n })))}`);
  await put({ name: "unlimited", source, variables: { n: many } });
  const late = await policies.evaluate("unlimited", toValues({ n }), { timeout: 50 }).catch((error: Error) => error);
  console.log(`  ${late instanceof Error ? `${late.name}: ${late.message}` : shown(late)}`);

  heading("speed");
  const variables = toValues({ ...rules, amount: 5n, from: gold, to: { country: "Chile" } });
  let start = performance.now();
  for (let i = 0; i < 20; i++)
    await Promise.all(Array.from({ length: 1000 }, () => policies.evaluate("transfer", variables)));
  console.log(`  20,000 calls, 1000 in flight:  ${rate(20_000, start)} a second`);
  start = performance.now();
  let paid = 0;
  for await (const outcome of policies.evaluateAll("transfer", repeat(variables, 20_000)))
    if (outcome.kind === "value" && toPlain(outcome.value) === "pay") paid++;
  console.log(`  ${paid.toLocaleString("en-US")} in a stream, both ways: ${rate(paid, start)} a second`);
}

async function put(policy: Policy) {
  const { type, cost } = await policies.put(policy);
  const most = cost.most === 2n ** 64n - 1n ? "any amount" : cost.most;
  console.log(`  ${policy.name}: ${type}, costs ${cost.least} to ${most}`);
}

/** Prints what is wrong with a policy, and says whether nothing is. */
async function right(policy: Policy): Promise<boolean> {
  const issues = await policies.check(policy);
  for (const { line, column, message } of issues) {
    console.log(`  ${line}:${column} ${message}`);
    console.log(`      ${policy.source.split("\n")[line - 1]}\n      ${"^".padStart(column)}`);
  }
  return issues.length === 0;
}

function shown(outcome: Outcome): string {
  const cost = `cost ${outcome.cost}, ${(outcome.took * 1000).toFixed(0)} us`;
  switch (outcome.kind) {
    case "value":
      return `${text(toPlain(outcome.value))}  (${cost})`;
    case "unknown":
      return `unknown without ${outcome.missing.join(", ")}  (${cost})`;
    case "failed": {
      const place = outcome.place === undefined ? "" : `${outcome.place.line}:${outcome.place.column} `;
      return `failed: ${place}${outcome.message}  (${cost})`;
    }
  }
}

function text(plain: Plain): string {
  return typeof plain === "string" ? plain : inspect(plain, { depth: null });
}

function heading(line: string) {
  console.log(`\n${line}`);
}

async function* repeat<T>(value: T, times: number) {
  for (let i = 0; i < times; i++) yield value;
}

function rate(count: number, start: number): string {
  return Math.round(count / ((performance.now() - start) / 1000)).toLocaleString("en-US");
}
