import type { Io } from "../io.js";
import type { Flags } from "../options.js";
import type { Group } from "./finding.js";
import { machineFindings } from "./machine.js";
import { findPackages, ownPackages } from "./packages.js";
import { findProject, goWanted, projectFindings } from "./project.js";
import { hasProblem, renderJson, renderText } from "./render.js";

/** `ts2go doctor`: says what is there and what is missing, and the command that mends it. Gives the exit code. */
export function doctor(io: Io, file: string | undefined, flags: Flags, json: boolean): number {
  const project = findProject(io, file, flags);
  // Those that the project's client would load; without a project, those that came with this command.
  const installed = "settings" in project ? findPackages(project.settings.out) : undefined;
  const groups: Group[] = [
    { title: "this machine", findings: machineFindings(io, installed ?? ownPackages(), goWanted(project)) },
    { title: "this project", findings: projectFindings(io, project, installed) },
  ];
  io.out(json ? renderJson(groups) : renderText({ ...io, colour: io.colourOut }, groups));
  return hasProblem(groups) ? 1 : 0;
}
