import { formatRatio } from "../aims.js";
import type { WorkloadId } from "../contender.js";
import { LEASE_WAYS } from "../leases.js";
import { KINDS } from "../queue/kinds.js";
import { compare, type Measure, type RowResult } from "../results.js";
import { pairedRatio } from "../statistics.js";
import { FLOWS } from "../streams.js";
import { digits, duration, rate, size } from "./format.js";
import { FLOWED, LENT, MOVED, QUEUE_REFERENCE, REFERENCE } from "./reference.js";
import { newTable } from "./table.js";

/** A row with its contender's title. */
export type TitledRow = readonly [title: string, row: RowResult];

const NS_PER_MS = 1e6;

/** Workloads whose rows are not just calls a second. */
export const OWN_TABLES: Partial<
  Record<WorkloadId, (titled: readonly TitledRow[], rows: readonly RowResult[]) => string>
> = {
  W5: startTable,
  W6: mixTable,
  W7: loopTable,
  W8: queueTables,
  W9: threadTable,
  W10: streamTables,
  W11: callBackTable,
  W12: leaseTables,
};

function startTable(titled: readonly TitledRow[]): string {
  const table = newTable(["contender", "import", "open", "first answer", "together", "CPU", "Node before"]);
  for (const [title, row] of titled) {
    const { start } = row;
    if (!start) continue;
    const phases = [start.importMs, start.openMs, start.firstAnswerMs, 1000 / row.callsPerSecond];
    table.push([title, ...[...phases, row.cpuPerCallUs / 1000, start.nodeMs].map((ms) => duration(ms * NS_PER_MS))]);
  }
  return table.toString();
}

/** The handlers of 50 µs first, then quick calls among long ones: what counts there is how much later they come. */
function mixTable(titled: readonly TitledRow[]): string {
  const busy = newTable(["50 µs of work", "calls/s", "CPU a call", "p50", "p99"]);
  const mix = newTable(["quick calls", "calls/s", "p50", "p99", "max", "p99 alone", "p99 against alone"]);
  for (const [title, { key, callsPerSecond, cpuPerCallUs, latencyNs, aloneLatencyNs, rounds }] of titled) {
    if (!latencyNs) continue;
    const { p50, p99, max } = latencyNs;
    if (key === "busy") {
      busy.push([title, rate(callsPerSecond), `${digits(cpuPerCallUs)} µs`, duration(p50), duration(p99)]);
    } else if (aloneLatencyNs && rounds.p99Ns && rounds.aloneP99Ns) {
      const against = formatRatio(pairedRatio(rounds.p99Ns, rounds.aloneP99Ns));
      mix.push([title, rate(callsPerSecond), ...[p50, p99, max, aloneLatencyNs.p99].map(duration), against]);
    }
  }
  return [busy, mix]
    .filter(({ length }) => length > 0)
    .map(String)
    .join("\n");
}

function loopTable(titled: readonly TitledRow[]): string {
  const table = newTable(["contender", "in flight", "calls/s", "p50", "p99", "max", "mean turn"]);
  for (const [title, { inFlight, callsPerSecond, loopDelayNs }] of titled) {
    if (!loopDelayNs) continue;
    const { p50, p99, max, turnMean } = loopDelayNs;
    // Libuv counts milliseconds: a delay below one is not told from none.
    const delay = (ns: number): string => (ns < NS_PER_MS ? "< 1 ms" : duration(ns));
    table.push([title, inFlight, rate(callsPerSecond), ...[p50, p99, max].map(delay), duration(turnMean)]);
  }
  return table.toString();
}

function threadTable(titled: readonly TitledRow[], rows: readonly RowResult[]): string {
  const table = newTable(["contender", "threads", "calls/s", "CPU a call", "calls/s against cgo, per call"]);
  for (const [title, { contender, key, threads = 1, callsPerSecond, cpuPerCallUs }] of titled) {
    const ratio = compare(rows, "W9", key, "callsPerSecond", contender, "cgo-per-call");
    const against = contender === "cgo-per-call" ? "1" : ratio ? formatRatio(ratio) : "";
    table.push([title, threads, rate(callsPerSecond), `${digits(cpuPerCallUs)} µs`, against]);
  }
  return table.toString();
}

/** A table for each thing that is moved: entries by rate, what sleeps by latency. */
function queueTables(titled: readonly TitledRow[], rows: readonly RowResult[]): string {
  return KINDS.flatMap((kind) => {
    const { title, unit, against } = MOVED[kind];
    const reference = QUEUE_REFERENCE[kind];
    const asleep = kind === "asleep";
    const table = newTable([
      title,
      ...(asleep ? ["p50", "p90", "p99"] : [`${unit}/s`, "ns each", "MiB/s"]),
      "CPU each",
      `against ${against}`,
    ]);
    for (const [name, row] of titled) {
      if (row.key !== kind) continue;
      const { callsPerSecond, bytes, cpuPerCallUs, latencyNs: l } = row;
      const ratio = compare(rows, "W8", kind, asleep ? "p50Ns" : "callsPerSecond", row.contender, reference);
      table.push([
        name,
        ...(asleep
          ? [l?.p50, l?.p90, l?.p99].map((ns) => (ns === undefined ? "" : duration(ns)))
          : [rate(callsPerSecond), digits(1e9 / callsPerSecond), digits((callsPerSecond * bytes) / 2 ** 20)]),
        `${digits(cpuPerCallUs * 1000)} ns`,
        row.contender === reference ? "1" : ratio ? formatRatio(ratio) : "",
      ]);
    }
    return table.length > 0 ? [table.toString()] : [];
  }).join("\n");
}

/** A table for each way that items go: by rate, and the first item by latency. */
function streamTables(titled: readonly TitledRow[], rows: readonly RowResult[]): string {
  return FLOWS.flatMap((flow) => {
    const first = flow === "first";
    const table = newTable([
      FLOWED[flow],
      ...(first ? ["p50", "p90", "p99", "CPU a stream"] : ["items/s", "an item", "CPU an item"]),
      first ? "p50 against cgo" : "items/s against cgo",
    ]);
    for (const [name, row] of titled) {
      if (row.key !== flow) continue;
      const { callsPerSecond, cpuPerCallUs, latencyNs: l } = row;
      const cpu = duration(cpuPerCallUs * 1000);
      table.push([
        name,
        ...(first
          ? [...[l?.p50, l?.p90, l?.p99].map((ns) => (ns === undefined ? "" : duration(ns))), cpu]
          : [rate(callsPerSecond), duration(1e9 / callsPerSecond), cpu]),
        against(rows, row, first ? "p50Ns" : "callsPerSecond"),
      ]);
    }
    return table.length > 0 ? [table.toString()] : [];
  }).join("\n");
}

/** A table for each direction: sizes across, and what the largest costs against the smallest. */
function leaseTables(titled: readonly TitledRow[], rows: readonly RowResult[]): string {
  return LEASE_WAYS.flatMap((way) => {
    const mine = titled.filter(([, { key }]) => key.startsWith(`${way} `));
    const sizes = [...new Set(mine.map(([, { bytes }]) => bytes))].sort((a, b) => a - b);
    const [least, most] = [sizes[0], sizes.at(-1)];
    if (least === undefined || most === undefined) return [];
    const table = newTable([
      `${LENT[way]}, calls/s`,
      ...sizes.map(size),
      `${size(most)} against ${size(least)}`,
      `${size(most)} against cgo`,
    ]);
    for (const name of new Set(mine.map(([title]) => title))) {
      const own = sizes.map((bytes) => mine.find(([title, row]) => title === name && row.bytes === bytes)?.[1]);
      const [small, large] = [own[0], own.at(-1)];
      const grown = small && large && pairedRatio(large.rounds.callsPerSecond, small.rounds.callsPerSecond);
      table.push([
        name,
        ...own.map((row) => (row ? rate(row.callsPerSecond) : "")),
        grown ? formatRatio(grown) : "",
        large ? against(rows, large, "callsPerSecond") : "",
      ]);
    }
    return [table.toString()];
  }).join("\n");
}

/** What one call at a time is held against is its median, as in W2. */
function callBackTable(titled: readonly TitledRow[], rows: readonly RowResult[]): string {
  const table = newTable([
    "contender",
    "in flight",
    "calls/s",
    "CPU a call",
    "p50",
    "p99",
    "calls/s, or p50 of one, against cgo",
  ]);
  for (const [title, row] of titled) {
    const { inFlight, callsPerSecond, cpuPerCallUs, latencyNs: l } = row;
    const times = [l?.p50, l?.p99].map((ns) => (ns === undefined ? "" : duration(ns)));
    const ratio = against(rows, row, inFlight === 1 ? "p50Ns" : "callsPerSecond");
    table.push([title, inFlight, rate(callsPerSecond), `${digits(cpuPerCallUs)} µs`, ...times, ratio]);
  }
  return table.toString();
}

function against(rows: readonly RowResult[], { workload, key, contender }: RowResult, measure: Measure): string {
  if (contender === REFERENCE) return "1";
  const ratio = compare(rows, workload, key, measure, contender, REFERENCE);
  return ratio ? formatRatio(ratio) : "";
}
