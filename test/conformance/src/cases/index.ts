/** The cases, in the order of the table. */
import type { Case, Group } from "../case.js";
import { argumentStreams } from "./argument-streams.js";
import { calls } from "./calls.js";
import { callsFromGo } from "./calls-from-go.js";
import { cancellation } from "./cancellation.js";
import { contexts } from "./contexts.js";
import { deadlines } from "./deadlines.js";
import { details } from "./details.js";
import { errors } from "./errors.js";
import { errorsBack } from "./errors-back.js";
import { inspection } from "./inspection.js";
import { interceptors } from "./interceptors.js";
import { interceptorsInGo } from "./interceptors-in-go.js";
import { leasedArguments } from "./leased-arguments.js";
import { leasedResults } from "./leased-results.js";
import { lifeCycle } from "./life-cycle.js";
import { metadata } from "./metadata.js";
import { oneway } from "./oneway.js";
import { refusals } from "./refusals.js";
import { resultStreams } from "./result-streams.js";
import { sizes } from "./sizes.js";
import { sync } from "./sync.js";
import { traces } from "./traces.js";
import { twoWayStreams } from "./two-way-streams.js";
import { values } from "./values.js";

export const GROUPS: readonly Group[] = [
  calls,
  values,
  refusals,
  sizes,
  leasedResults,
  leasedArguments,
  oneway,
  argumentStreams,
  resultStreams,
  twoWayStreams,
  cancellation,
  deadlines,
  errors,
  details,
  callsFromGo,
  errorsBack,
  metadata,
  contexts,
  interceptors,
  interceptorsInGo,
  traces,
  sync,
  lifeCycle,
  inspection,
];

const byName = new Map<string, Case>(
  GROUPS.flatMap((group) => group.cases.map((one) => [`${group.title}: ${one.name}`, one] as const)),
);

/** The case of a name, its group's before it. */
export function caseOf(name: string): Case {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no case ${JSON.stringify(name)}: is dist older than src?`);
  return found;
}
