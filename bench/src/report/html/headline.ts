import type { Measure } from "../../results.js";
import type { Ratio } from "../../statistics.js";
import { digits } from "../format.js";
import { busiestCell } from "./cells.js";
import { isEven, ratioOf, referenceOf, subjectOf } from "./compare.js";
import { type Source, titleOf } from "./figure.js";
import { element, escapeHtml } from "./text.js";

/** The comparisons that a reader came for, as ratios with their intervals; none where nothing can be compared. */
export function headlineHtml(source: Source): string {
  const { rows } = source.results;
  const busiest = busiestCell(source.results);
  const cellOf = (workload: string) => rows.filter((row) => row.workload === workload);
  const many = `${busiest[0]?.inFlight.toLocaleString("en")} in flight`;
  const tiles = [
    tile(source, busiest, "callsPerSecond", `calls per second, ${many}`),
    tile(source, busiest, "cpuPerCallUs", `CPU time a call, ${many}`),
    tile(source, cellOf("W2"), "p50Ns", "median latency, one call at a time"),
    tile(source, cellOf("W1"), "cpuPerCallUs", "CPU time a call, handlers that sleep"),
  ].filter((one) => one !== "");
  return tiles.length === 0 ? "" : element("ul", tiles.join(""), { class: "headline" });
}

function tile(source: Source, cell: Source["results"]["rows"], measure: Measure, what: string): string {
  const subject = cell.find(({ contender }) => contender === subjectOf(cell));
  const reference = referenceOf(cell);
  const ratio = subject && reference !== undefined && ratioOf(subject, reference, cell, measure);
  if (!ratio) return "";
  const who = `“${titleOf(source, subject.contender)}” against “${titleOf(source, reference)}”`;
  const lines = [
    element("strong", `${digits(ratio.ratio)} ×`),
    element("span", interval(ratio), { class: "interval" }),
    element("span", escapeHtml(what)),
    element("span", escapeHtml(who), { class: "who" }),
  ];
  return element("li", lines.join(""), { class: verdict(ratio, measure) });
}

function interval(ratio: Ratio): string {
  if (ratio.rounds < 2) return "one round, no interval";
  return `${digits(ratio.low)} to ${digits(ratio.high)}${isEven(ratio) ? ": can’t tell" : ""}`;
}

function verdict(ratio: Ratio, measure: Measure): "better" | "worse" | "even" {
  if (isEven(ratio)) return "even";
  return ratio.ratio > 1 === (measure === "callsPerSecond") ? "better" : "worse";
}
