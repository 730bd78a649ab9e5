import { readFileSync } from "node:fs";
import type { Results, RowResult } from "../../src/results.js";

/** A quick run on a machine of two cores that others used as well. */
export const real: Results = JSON.parse(readFileSync(new URL("../fixtures/results.json", import.meta.url), "utf8"));

/** More contenders, each as slow as `cgo-per-call` times a factor. */
const MORE: readonly [id: string, title: string, factor: number][] = [
  ["ring-embed", "ring, embedded, owned", 0.02],
  ["koffi", "koffi, async", 1.6],
  ["unix-socket", "unix socket, binary frames", 3],
  ["stdio-json", "stdio, JSON lines", 8],
  ["http-json", "HTTP/1.1 JSON, keep-alive", 40],
  ["grpc-tcp", "gRPC, TCP", 60],
  ["grpc-unix", "gRPC, unix socket", 55],
  ["connect", "Connect, HTTP/2", 58],
];

/** The real run with more contenders, with 10,000 in flight, payloads there and back, and a workload of tomorrow. */
export function many(): Results {
  const like = real.rows.filter(({ contender }) => contender === "cgo-per-call");
  const rows = [...real.rows, ...MORE.flatMap(([id, , factor]) => like.map((row) => slower(row, id, factor)))];
  const most = rows
    .filter(({ workload, key }) => workload === "W3" && key === "1000")
    .map((row) => ({ ...row, key: "10000", inFlight: 10_000 }));
  const both = rows
    .filter(({ workload, key }) => workload === "W4" && key.startsWith("in "))
    .map((row) => slower({ ...row, key: row.key.replace("in", "both") }, row.contender, 2));
  const tomorrow = most.map((row) => ({ ...row, workload: "W99" as RowResult["workload"], key: "new" }));
  return {
    ...real,
    contenders: [...real.contenders, ...MORE.map(([id, title]) => ({ id, title }))],
    rows: [...rows, ...most, ...both, ...tomorrow],
    failures: [{ contender: "koffi", reason: "W4 both 1048576: hung: no answer to measure within 60 s" }],
  };
}

function slower(row: RowResult, contender: string, by: number): RowResult {
  // Nobody makes more calls than the sleep of W1 allows.
  const factor = row.workload === "W1" ? Math.max(1, by) : by;
  const { latencyNs, aloneLatencyNs, loopDelayNs, start, rounds } = row;
  const { callsPerSecond, calls, ...times } = rounds;
  return {
    ...row,
    contender,
    callsPerSecond: row.callsPerSecond / factor,
    cpuPerCallUs: row.cpuPerCallUs * factor,
    cpuPerCallChildUs: row.cpuPerCallUs * factor * 0.4,
    ...(latencyNs ? { latencyNs: longer(latencyNs, factor) } : {}),
    ...(aloneLatencyNs ? { aloneLatencyNs: longer(aloneLatencyNs, factor) } : {}),
    ...(loopDelayNs ? { loopDelayNs: longer(loopDelayNs, factor) } : {}),
    ...(start ? { start: longer(start, factor) } : {}),
    rounds: { calls, callsPerSecond: callsPerSecond.map((rate) => rate / factor), ...longer(times, factor) },
  };
}

/** Every time in a value, in lists too, as long as it was times a factor; of a curve's points, what is not a percentile. */
function longer<T extends object>(times: T, factor: number): T {
  const entries = Object.entries(times).map(([name, value]) => [
    name,
    typeof value === "number"
      ? value * factor
      : value.map((one: number | [number, number]) =>
          typeof one === "number" ? one * factor : [one[0], one[1] * factor],
        ),
  ]);
  return Object.fromEntries(entries);
}
