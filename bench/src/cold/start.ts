import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Measurement } from "../measure.js";

const PROCESS = fileURLToPath(new URL("./process.js", import.meta.url));
const SAMPLE_MS_MAX = 20_000;

const run = promisify(execFile);

/** What the process of a cold start says. */
export interface ColdReport {
  /** When Node began to run the program, in milliseconds of the system's clock. */
  readonly startedAt: number;
  /** Importing the client. */
  readonly importMs: number;
  /** Starting the child or loading the library, until the client is open. */
  readonly openMs: number;
  /** The first call, until its answer. */
  readonly firstAnswerMs: number;
  readonly cpuUs: number;
  readonly cpuChildUs: number;
}

/** Where the time of one cold start went, in milliseconds. */
export interface ColdStart extends Pick<ColdReport, "importMs" | "openMs" | "firstAnswerMs"> {
  /** From the start of the process until Node ran the first line: the same for everybody, and in no other figure. */
  readonly nodeMs: number;
}

/** Starts a process that imports a contender's module and awaits one call. */
export async function coldStart(module: string, id: string): Promise<Measurement> {
  const before = performance.timeOrigin + performance.now();
  const { stdout } = await run(process.execPath, [PROCESS, module, id], { timeout: SAMPLE_MS_MAX });
  const { startedAt, importMs, openMs, firstAnswerMs, cpuUs, cpuChildUs } = JSON.parse(stdout) as ColdReport;
  const milliseconds = importMs + openMs + firstAnswerMs;
  return {
    calls: 1,
    milliseconds,
    callsPerSecond: 1000 / milliseconds,
    cpuPerCall: cpuUs + cpuChildUs,
    cpuPerCallChild: cpuChildUs,
    start: { nodeMs: startedAt - before, importMs, openMs, firstAnswerMs },
  };
}
