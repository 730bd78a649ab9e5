import { readFileSync } from "node:fs";
import { nearest } from "../../schema/index.js";
import { readIfThere } from "../files.js";
import { type Io, Refusal, shown } from "../io.js";
import { type Flags, type Settings, settle } from "../options.js";
import { type Finding, fromRefusal, note, ok, problem, warning } from "./finding.js";
import { generatedFindings } from "./generated.js";
import type { Packages } from "./packages.js";
import { goModule, program, start } from "./program.js";

/** The project that the command is run in, or why there is none. */
export type Project = { readonly settings: Settings } | { readonly finding: Finding };

export function findProject(io: Io, file: string | undefined, flags: Flags): Project {
  const name = "settings";
  const packageFile = nearest(io.cwd, "package.json");
  const isBare = file === undefined && Object.keys(flags).every((flag) => flag === "json");
  if (isBare && packageFile === undefined) {
    return { finding: note(name, "no package.json here or above: only the machine was looked at") };
  }
  try {
    return { settings: settle(io, file, flags) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isBare && !hasSettings(packageFile as string)) {
      const found = `${shown(io, packageFile as string)} has no "ts2go"`;
      return { finding: warning(name, found, "go to the folder of a project, or make one: npx ts2go init my-greeter") };
    }
    return { finding: fromRefusal(name, error) };
  }
}

/** What cannot be read has a fault that is told, and may have them. */
function hasSettings(packageFile: string): boolean {
  try {
    return (JSON.parse(readFileSync(packageFile, "utf8")) as { ts2go?: unknown }).ts2go !== undefined;
  } catch {
    return true;
  }
}

/** What the `go` line of the Go program's module says. */
export function goWanted(project: Project): string | undefined {
  if (!("settings" in project)) return undefined;
  const file = nearest(project.settings.main ?? project.settings.go, "go.mod");
  return file === undefined ? undefined : /^go (\S+)/m.exec(readFileSync(file, "utf8"))?.[1];
}

/** What the project has, each in the order in which the next one needs it. */
export function projectFindings(io: Io, project: Project, packages: Packages | undefined): Finding[] {
  if (!("settings" in project)) return [project.finding];
  const { settings } = project;
  const generated =
    packages === undefined
      ? { findings: [note("interface", "not looked at: it needs the packages")] }
      : generatedFindings(io, settings);
  return [
    ok("settings", `${shown(io, settings.file)}, ${shown(io, settings.binary)}`),
    packages === undefined
      ? problem("packages", "@x/ts2go is not installed here", installPackages(settings))
      : ok("packages", `@x/ts2go ${packages.ts2go.version}, @x/mem-ring ${packages.ring.version}`),
    ...generated.findings,
    ...(settings.main === undefined ? [] : [goModule(io, settings.main)]),
    program(io, settings),
    start(io, settings, packages, generated.canonical),
  ];
}

function installPackages({ out }: Settings): string {
  const named = /"@x\/ts2go"/.test(readIfThere(nearest(out, "package.json") ?? "") ?? "");
  return named ? "npm install" : "npm install @x/ts2go";
}
