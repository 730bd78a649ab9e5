import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Need } from "./src/case.js";
import { GROUPS } from "./src/cases/index.js";
import { CONNECT_FEATURES, CONNECT_SUITES } from "./src/table/connect.js";
import { GRPC } from "./src/table/grpc.js";
import { markdown } from "./src/table/markdown.js";
import { PAGE } from "./src/table/page.js";
import type { Row } from "./src/table/row.js";
import { TRANSPORTS } from "./src/transports/index.js";

const cases = GROUPS.flatMap((group) => group.cases);
const suites: Record<string, Record<string, Row>> = { ...CONNECT_FEATURES, ...CONNECT_SUITES, ...GRPC };
const published = Object.entries(suites).flatMap(([suite, rows]) =>
  Object.entries(rows).map(([name, row]) => [`${suite}: ${name}`, row] as const),
);

test("docs/conformance.md says what the cases are: `node test/conformance/dist/table/write.js` writes it", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(markdown());
});

test("there are at least 200 cases, each with a name of its own in its group", () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
  for (const group of GROUPS) expect(new Set(group.cases.map(({ name }) => name)).size).toBe(group.cases.length);
});

test("what is published there and answered by cases has one at least, and nothing else has any", () => {
  const named = new Set<string>(cases.flatMap(({ like }) => like ?? []));
  const expected = published.filter(([, row]) => row.by === "cases").map(([name]) => name);
  expect([...named].sort()).toEqual([...expected].sort());
});

test("what a transport lacks is needed by a case, and has a reason", () => {
  const needed = new Set<Need>(cases.flatMap(({ needs }) => needs ?? []));
  for (const { name, lacks } of TRANSPORTS) {
    for (const [need, reason] of Object.entries(lacks ?? {})) {
      expect(needed.has(need as Need), `${name} lacks ${need}`).toBe(true);
      expect(reason).not.toBe("");
    }
  }
});
