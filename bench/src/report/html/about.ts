import { describeMachine } from "../../machine.js";
import type { Results } from "../../results.js";
import { duration } from "../format.js";
import { type Source, titleOf } from "./figure.js";
import { element, escapeHtml, table } from "./text.js";

/** In five lines, what bench/README.md says at length. */
const METHOD = [
  "Every contender runs in a Node process of its own, on the same Go handlers and the same request data, and must give the same answers before any clock runs.",
  "One driver for all: as many lanes as calls in flight, each a loop that awaits its call and starts the next.",
  "In every round of a cell each contender runs once, in random order, after a warm-up; a number is the median of its rounds.",
  "A comparison is the ratio of paired rounds, with the 95 % t-interval of its mean logarithm.",
  "CPU time is that of Node’s process and of the Go process beside it, together.",
];

export function machineSection({ machine, startedAt, seconds, effort, seed }: Results): string {
  const run = `A ${effort} run of ${Math.round(seconds)} s, begun ${startedAt}, seed ${seed}.`;
  return section(
    "machine",
    "The machine",
    element("p", escapeHtml(describeMachine(machine))) + element("p", escapeHtml(run)),
  );
}

/** Stands above everything else where the machine was not ours alone. */
export function noiseWarning({ machine }: Results): string {
  if (!machine.noisy) return "";
  const share = `${(100 * machine.othersShare).toFixed(1)} %`;
  const text = `A noisy machine: others took ${share} of its CPU time during the run. Ratios suffer less than absolute numbers, but suffer.`;
  return element("p", escapeHtml(text), { class: "warning", role: "note" });
}

export function methodSection(): string {
  return section("method", "The method", element("ol", METHOD.map((line) => element("li", escapeHtml(line))).join("")));
}

export function aimsSection({ aims }: Results): string {
  const judged = aims.filter(({ met }) => met !== undefined);
  if (judged.length === 0) return "";
  const rows = judged.map(({ aim, measured, met }) => [aim, measured, met ? "met" : "NOT met"]);
  return section("aims", "The aims", table(["aim", "measured", ""], rows));
}

export function failuresSection(source: Source): string {
  const { failures } = source.results;
  if (failures.length === 0) return section("failures", "Not measured", element("p", "Nothing failed."));
  const rows = failures.map(({ contender, reason }) => [titleOf(source, contender), reason]);
  return section("failures", "Not measured", table(["contender", "why"], rows));
}

export function floorSection({ micro }: Results): string {
  if (micro.length === 0) return "";
  const rows = micro.map(({ name, nanoseconds, marginPercent }) => [
    name,
    `${duration(nanoseconds)} ± ${marginPercent.toFixed(1)} %`,
  ]);
  const why = element("p", "What the driver and the machine cost without any contender.");
  return section("floor", "The floor", why + table(["operation", "time"], rows));
}

function section(id: string, title: string, content: string): string {
  return element("section", element("h2", escapeHtml(title)) + content, { id });
}
