import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { Progress } from "../src/report/progress.js";

const STEPS = [
  { text: "W1 1000", weight: 3 },
  { text: "W2 latency", weight: 1 },
];

/** A stream that keeps what is written, as a terminal or as a file. */
function recorder(isTTY: boolean) {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY, columns: 100 });
  return { stream, written: () => stripVTControlCharacters(stream.read() ?? "") };
}

it("writes quiet lines where there is no terminal", () => {
  const { stream, written } = recorder(false);
  const progress = new Progress(stream);
  progress.say("measuring the floor");
  expect([...progress.steps(STEPS)]).toEqual(STEPS);
  progress.end();
  expect(written()).toBe("measuring the floor\n1 of 2: W1 1000\n2 of 2: W2 latency\n");
});

it("shows a bar on a terminal: which cell of how many, how far by weight, and how long it takes yet", async () => {
  const { stream, written } = recorder(true);
  const progress = new Progress(stream);
  const steps = progress.steps(STEPS);
  steps.next();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(written()).toContain("░ 1 of 2: W1 1000");
  steps.next();
  await new Promise((resolve) => setTimeout(resolve, 700));
  // Three quarters of the weight took 0.7 s, so the last quarter takes a second at most.
  expect(written()).toMatch(/█{22,23}░{7,8} 2 of 2: W2 latency, [01] s left/);
  steps.next();
  progress.end();
});
