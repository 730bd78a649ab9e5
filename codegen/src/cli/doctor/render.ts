import { type Io, paint } from "../io.js";
import type { Group, Status } from "./finding.js";

const COLOURS = { ok: "green", note: "dim", warning: "yellow", problem: "red" } as const;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** A line for each check: what it says of itself, its name, what it found; below it what mends it. */
export function renderText(io: Io, groups: readonly Group[]): string {
  const all = groups.flatMap(({ findings }) => findings);
  const statusWidth = Math.max(...all.map(({ status }) => status.length));
  const nameWidth = Math.max(...all.map(({ name }) => name.length));
  const indent = " ".repeat(statusWidth + nameWidth + 6);
  let text = "";
  for (const { title, findings } of groups) {
    text += `${paint(io, "bold", title)}\n`;
    for (const { status, name, found, mend } of findings) {
      // Padded before it is painted: colours take no columns.
      const head = `${paint(io, COLOURS[status], status.padEnd(statusWidth))}  ${name.padEnd(nameWidth)}`;
      text += `  ${head}  ${found.replaceAll("\n", `\n${indent}`)}\n`;
      if (mend !== undefined) {
        text += `${indent}${paint(io, "green", "help:")} ${mend.replaceAll("\n", `\n${indent}      `)}\n`;
      }
    }
    text += "\n";
  }
  const of = (status: Status): number => all.filter((finding) => finding.status === status).length;
  const bad = [
    of("problem") > 0 && count(of("problem"), "problem"),
    of("warning") > 0 && count(of("warning"), "warning"),
  ];
  return `${text}${bad.filter((part) => part !== false).join(", ") || "everything is there"}\n`;
}

/** The same for programs. */
export function renderJson(groups: readonly Group[]): string {
  const checks = groups.flatMap(({ title, findings }) => findings.map((finding) => ({ group: title, ...finding })));
  return `${JSON.stringify({ ok: !hasProblem(groups), checks }, undefined, 2)}\n`;
}

export function hasProblem(groups: readonly Group[]): boolean {
  return groups.some(({ findings }) => findings.some(({ status }) => status === "problem"));
}
