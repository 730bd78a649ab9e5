import { accessSync, constants, existsSync } from "node:fs";
import { type CanonicalSchema, nearest } from "../../schema/index.js";
import { GO_MODULE, go, goToolchain } from "../go.js";
import { type Io, Refusal, shown } from "../io.js";
import type { Settings } from "../options.js";
import { NOT_BY_BUILD, whyOutdated } from "../stamp.js";
import { type Finding, note, ok, problem, warning } from "./finding.js";
import type { Packages } from "./packages.js";
import { tryOut } from "./trial.js";

export const BUILD = "npx ts2go build";

/** Looking fetches nothing. */
const OFFLINE = { GOPROXY: "off" };

/** Whether the Go program's module has what generated code imports. Nothing is fetched. */
export function goModule(io: Io, main: string): Finding {
  const name = "go module";
  const folder = shown(io, main);
  const within = folder === "." ? "" : `cd ${folder} && `;
  if (!existsSync(main)) {
    return problem(name, `there is no folder ${folder}`, 'put the Go program there, or change "main" in package.json');
  }
  const file = nearest(main, "go.mod");
  if (file === undefined) return problem(name, `no go.mod in ${folder} or above`, `${within}go mod init NAME`);
  try {
    const run = go(io, main, ["list", "-m", "-f", "{{.Path}} {{.Version}}", GO_MODULE], OFFLINE);
    if (run.status === 0) return ok(name, `${shown(io, file)}: ${run.stdout.trim()}`);
    if (/requires go >=|^go: download go\d/m.test(run.stderr)) return note(name, "not looked at: it needs a newer Go");
    const found = `${shown(io, file)} does not give ${GO_MODULE}: ${run.stderr.trim()}`;
    return problem(name, found, `${within}go get ${GO_MODULE} && go mod tidy`);
  } catch (error) {
    if (error instanceof Refusal) return note(name, "not looked at, for lack of Go");
    throw error;
  }
}

/** Whether the Go program is there, and of these sources. */
export function program(io: Io, { main, binary }: Settings): Finding {
  const path = shown(io, binary);
  if (!existsSync(binary)) return problem("program", `${path} is not built`, BUILD);
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    return problem("program", `${path} may not be executed`, `chmod +x ${path}`);
  }
  if (main === undefined || !existsSync(main)) return ok("program", path);
  try {
    const why = whyOutdated(main, binary, goToolchain({ ...io, env: { ...io.env, ...OFFLINE } }, main));
    if (why === undefined) return ok("program", `${path} is up to date`);
    // It may be of these sources all the same, built by other means.
    if (why === NOT_BY_BUILD)
      return warning("program", `${path}: ${why}, so whether it is up to date is not known`, BUILD);
    return problem("program", `${path} is out of date: ${why}`, BUILD);
  } catch (error) {
    if (error instanceof Refusal)
      return note("program", `${path}; not looked at whether it is up to date, for lack of Go`);
    throw error;
  }
}

/** Starts the program as a client does, and shakes hands with it. */
export function start(
  io: Io,
  { binary }: Settings,
  packages: Packages | undefined,
  canonical: CanonicalSchema | undefined,
): Finding {
  const needs = !existsSync(binary) ? "the program" : packages === undefined ? "the packages" : "an interface";
  if (packages === undefined || canonical === undefined || !existsSync(binary)) {
    return note("start", `not tried: it needs ${needs}`);
  }
  const { failure } = tryOut(io, { what: "start", ts2go: packages.ts2go.entry, binary, canonical });
  if (failure === undefined) return ok("start", `${shown(io, binary)} starts, and has this interface`);
  return problem("start", failure.error as string, mendStart(failure.code, failure.reason));
}

function mendStart(code: string | undefined, reason: string | undefined): string {
  if (code === "ERR_SCHEMA_MISMATCH" || reason === "missing") return BUILD;
  if (reason === "timeout") return "see that main calls ts2go.Main without waiting for something else first";
  if (reason === "crashed") return "mend what the program says; what it needs at its start has to be there";
  if (reason === "refused") return `${BUILD} (where that changes nothing: see what the message asks for)`;
  if (code === "ERR_RING_ADDON_MISSING" || code === "ERR_RING_NO_MEMORY")
    return "mend what is said of this machine above";
  return "see the message; docs/debugging.md of ts2go says how to look into a worker";
}
