import type { Diagnostic } from "../schema/index.js";
import { type Io, paint, type Refusal, shown } from "./io.js";

/** Shows faults as a compiler does: place and message, the line with a caret under it, what to write instead. */
export function reportDiagnostics(io: Io, diagnostics: readonly Diagnostic[]): void {
  for (const fault of diagnostics) io.err(`${renderDiagnostic(io, fault)}\n`);
  const n = diagnostics.length;
  io.err(`${n === 1 ? "1 error" : `${n} errors`}, nothing written.\n`);
}

export function renderDiagnostic(io: Io, fault: Diagnostic): string {
  const { line, column, code } = fault;
  const place = `${paint(io, "cyan", shown(io, fault.file))}:${line}:${column}`;
  const lines = [`${place} - ${paint(io, "red", "error")} ${paint(io, "dim", `${code}:`)} ${fault.message}`, ""];
  const gutter = String(line);
  // Tabs before the caret stay tabs, so that it stands under its place whatever their width.
  const before = fault.source.slice(0, column - 1).replace(/[^\t]/g, " ");
  lines.push(`${gutter} | ${fault.source}`);
  lines.push(`${" ".repeat(gutter.length)} | ${before}${paint(io, "red", "^".repeat(fault.length))}`);
  if (fault.help !== undefined) lines.push(`${paint(io, "green", "help:")} ${fault.help}`);
  return lines.map((text) => `${text.trimEnd()}\n`).join("");
}

/** Shows why the command itself could not do its work. */
export function reportRefusal(io: Io, refusal: Refusal): void {
  io.err(`${paint(io, "red", "error")}: ${refusal.message}\n`);
  if (refusal.help !== undefined) io.err(`${paint(io, "green", "help:")} ${refusal.help}\n`);
}
