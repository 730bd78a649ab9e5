import type { Case, Group } from "../case.js";
import { GROUPS } from "../cases/index.js";
import { lackOf, TRANSPORTS } from "../transports/index.js";
import { CONNECT_FEATURES, CONNECT_FEATURES_URL, CONNECT_SUITES, CONNECT_SUITES_URL } from "./connect.js";
import { GRPC, GRPC_URL } from "./grpc.js";
import type { Row } from "./row.js";

/** A case with its number, by which the table names it. */
interface Numbered extends Case {
  readonly number: number;
}
interface NumberedGroup extends Group {
  readonly cases: readonly Numbered[];
}
type Suites = Readonly<Record<string, Readonly<Record<string, Row>>>>;

function numbered(): NumberedGroup[] {
  let number = 0;
  return GROUPS.map(({ title, cases }) => ({ title, cases: cases.map((one) => ({ ...one, number: ++number })) }));
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");

const NAMES = TRANSPORTS.map(({ name }) => name);

/** How many of these cases run on each transport. */
const carried = (cases: readonly Case[]) =>
  TRANSPORTS.map((transport) => {
    const runs = cases.filter(({ needs }) => lackOf(transport, needs) === undefined).length;
    return runs === cases.length ? `${runs}` : `${runs} of ${cases.length}`;
  });

const NONE = TRANSPORTS.map(() => "");

/** Suites of theirs, a table each, with what of ours answers them. */
function answered(suites: Suites, groups: readonly NumberedGroup[]): string {
  const cases = groups.flatMap((group) => group.cases);
  const rowOf = (suite: string, theirs: string, row: Row): string[] => {
    if (row.by === "none") return [theirs, row.reason, ...NONE];
    if (row.by === "group") {
      const group = groups.find(({ title }) => title === row.title);
      if (group === undefined) throw new Error(`${suite}: ${theirs}: there is no group ${row.title}`);
      const [first, last] = [group.cases[0], group.cases.at(-1)];
      return [theirs, `${first?.number} to ${last?.number}: all of ${group.title}`, ...carried(group.cases)];
    }
    const ours = cases.filter(({ like }) => like?.includes(`${suite}: ${theirs}` as never));
    return [theirs, ours.map(({ number, name }) => `${number} ${name}`).join("; "), ...carried(ours)];
  };
  return Object.entries(suites)
    .map(([suite, rows]) => {
      const body = Object.entries(rows).map(([theirs, row]) => rowOf(suite, theirs, row));
      return `### ${suite}\n\n${table(["theirs", "ours", ...NAMES], body)}`;
    })
    .join("\n\n");
}

function listed({ title, cases }: NumberedGroup): string {
  const mark = ({ needs }: Case) =>
    TRANSPORTS.map((transport) => (lackOf(transport, needs) === undefined ? "yes" : "no"));
  const rows = cases.map((one) => [`${one.number}`, one.name, ...mark(one), (one.like ?? []).join("; ")]);
  return `### ${title}\n\n${table(["", "behaviour", ...NAMES, "theirs"], rows)}`;
}

const lacks = () =>
  TRANSPORTS.flatMap(({ name, lacks }) =>
    Object.entries(lacks ?? {}).map(([need, why]) => `- ${name}, \`${need}\`: ${why}`),
  );

/** The page `docs/conformance.md`. */
export function markdown(): string {
  const groups = numbered();
  const cases = groups.flatMap((group) => group.cases);
  const runs = carried(cases).map((count, i) => [NAMES[i] as string, TRANSPORTS[i]?.about as string, count]);
  return `${[
    "<!-- Generated from test/conformance by `node test/conformance/dist/table/write.js`. DO NOT EDIT. -->",
    "# Conformance",
    `${cases.length} named behaviours of a call, each of which every transport has to show; \`test/conformance\` runs each on each. Here they stand beside what Connect and gRPC publish of theirs, in their order, and then all of ours. A number in a transport's column says how many of the row's cases run on it.`,
    "## Transports",
    table(["transport", "what it is", "cases"], runs),
    ["Cases that a transport does not run need what it does not have:", "", ...lacks()].join("\n"),
    "## Connect's features",
    `The fields of [\`Features\`](${CONNECT_FEATURES_URL}), which Connect's conformance runner is configured by.`,
    answered(CONNECT_FEATURES, groups),
    "## Connect's suites",
    `The [files of test cases](${CONNECT_SUITES_URL}) that the runner has, and the tests in each.`,
    answered(CONNECT_SUITES, groups),
    "## gRPC's interoperability tests",
    `The client's cases of the [test case descriptions](${GRPC_URL}), and those that are listed there to be written.`,
    answered(GRPC, groups),
    "## All cases",
    "Those with nothing in the last column are no test of theirs.",
    ...groups.map(listed),
  ].join("\n\n")}\n`;
}
