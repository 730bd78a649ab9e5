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

/** The real run with sixteen contenders, with 10,000 in flight, payloads there and back, and a workload of tomorrow. */
export function sixteen(): Results {
  const like = real.rows.filter(({ contender }) => contender === "cgo-per-call");
  const rows = [...real.rows, ...MORE.flatMap(([id, , factor]) => like.map((row) => slower(row, id, factor)))];
  const many = rows
    .filter(({ workload, key }) => workload === "W3" && key === "1000")
    .map((row) => ({ ...row, key: "10000", inFlight: 10_000 }));
  const both = rows
    .filter(({ workload, key }) => workload === "W4" && key.startsWith("in "))
    .map((row) => slower({ ...row, key: row.key.replace("in", "both") }, row.contender, 2));
  const tomorrow = many.map((row) => ({ ...row, workload: "W99" as RowResult["workload"], key: "new" }));
  return {
    ...real,
    contenders: [...real.contenders, ...MORE.map(([id, title]) => ({ id, title }))],
    rows: [...rows, ...many, ...both, ...tomorrow],
    failures: [{ contender: "koffi", reason: "W4 both 1048576: hung: no answer to measure within 60 s" }],
  };
}

function slower(row: RowResult, contender: string, by: number): RowResult {
  // Nobody makes more calls than the sleep of W1 allows.
  const factor = row.workload === "W1" ? Math.max(1, by) : by;
  const times = (values: readonly number[]): number[] => values.map((value) => value * factor);
  const { latencyNs: l, rounds } = row;
  return {
    ...row,
    contender,
    callsPerSecond: row.callsPerSecond / factor,
    cpuPerCallUs: row.cpuPerCallUs * factor,
    cpuPerCallChildUs: row.cpuPerCallUs * factor * 0.4,
    ...(l
      ? {
          latencyNs: {
            p50: l.p50 * factor,
            p90: l.p90 * factor,
            p99: l.p99 * factor,
            p999: l.p999 * factor,
            max: l.max * factor,
            curve: (l.curve ?? []).map(([percentile, ns]) => [percentile, ns * factor] as const),
          },
        }
      : {}),
    rounds: {
      calls: rounds.calls,
      callsPerSecond: rounds.callsPerSecond.map((value) => value / factor),
      cpuPerCallUs: times(rounds.cpuPerCallUs),
      ...(rounds.p50Ns ? { p50Ns: times(rounds.p50Ns) } : {}),
    },
  };
}
