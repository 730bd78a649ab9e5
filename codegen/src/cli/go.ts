import { spawnSync } from "node:child_process";
import { type Io, Refusal } from "./io.js";

/** The oldest Go that the modules are written for. */
export const GO_VERSION = "1.24.0";
/** What a Go program imports. */
export const GO_MODULE = "x.example/go";

export interface GoRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the go command in a folder. Refused where there is none. */
export function go(io: Io, cwd: string, args: readonly string[], env: Io["env"] = {}): GoRun {
  const options = {
    cwd,
    env: { ...io.env, ...env } as NodeJS.ProcessEnv,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  } as const;
  const run = spawnSync("go", args, options);
  if (run.error === undefined) return run;
  if ((run.error as NodeJS.ErrnoException).code !== "ENOENT") throw run.error;
  throw new Refusal(
    "the command go was not found",
    "install Go 1.24 or newer from https://go.dev/dl/, see that go is on the PATH, and run ts2go build again (ts2go doctor gives the command)",
  );
}

/** What of the Go installation and its settings goes into a build. */
export function goToolchain(io: Io, main: string): string {
  const run = go(io, main, [
    "env",
    "GOVERSION",
    "GOOS",
    "GOARCH",
    "GOAMD64",
    "GOARM64",
    "GOFLAGS",
    "GOEXPERIMENT",
    "GOWORK",
    "CGO_ENABLED",
  ]);
  if (run.status !== 0) throw new Refusal(`go env failed: ${run.stderr.trim()}`, "ts2go doctor says what is missing");
  return run.stdout;
}
