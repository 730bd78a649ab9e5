import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Io } from "../io.js";
import type { Request, Step } from "./probe.js";

const PROBE = fileURLToPath(new URL("./probe.js", import.meta.url));
/** Longer than a client waits for its worker, which says more than that nothing came. */
const TIME_LIMIT_MS = 30_000;

/** What came of a trial. */
export class Trial {
  constructor(private readonly steps: readonly Step[]) {}

  /** The step that failed, if one has. */
  get failure(): Step | undefined {
    return this.steps.find(({ error }) => error !== undefined);
  }

  /** What a step has found; undefined where the trial did not come to it. */
  value(step: string): unknown {
    return this.steps.find((one) => one.step === step)?.value;
  }
}

/** Tries things out in a process of its own. */
export function tryOut(io: Io, request: Request): Trial {
  const run = spawnSync(process.execPath, [PROBE], {
    cwd: io.cwd,
    env: io.env as NodeJS.ProcessEnv,
    input: JSON.stringify(request),
    encoding: "utf8",
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  if (run.error !== undefined && run.status === null && run.signal === null) throw run.error;
  const steps = run.stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Step] : []));
  if (run.status !== 0) {
    const last = steps.at(-1)?.step ?? "its beginning";
    const how =
      run.error?.message ?? (run.signal === null ? `exited with code ${run.status}` : `was ended by ${run.signal}`);
    steps.push({ step: "end", error: `the trial ${how} after ${last}\n${lastLines(run.stderr)}`.trimEnd() });
  }
  return new Trial(steps);
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-6).join("\n");
}
