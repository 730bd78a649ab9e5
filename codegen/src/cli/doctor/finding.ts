import type { Refusal } from "../io.js";

/** `note` is for information only; `problem` alone makes the command fail. */
export type Status = "ok" | "note" | "warning" | "problem";

/** What one check has found. */
export interface Finding {
  /** The check, in a word or two. */
  readonly name: string;
  readonly status: Status;
  /** What is there, or what is wrong; may have several lines. */
  readonly found: string;
  /** The command that mends it, or else what to do. */
  readonly mend?: string;
}

/** The checks of one subject. */
export interface Group {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export const ok = (name: string, found: string): Finding => ({ name, status: "ok", found });
export const note = (name: string, found: string): Finding => ({ name, status: "note", found });
export const warning = (name: string, found: string, mend: string): Finding => ({
  name,
  status: "warning",
  found,
  mend,
});
export const problem = (name: string, found: string, mend: string): Finding => ({
  name,
  status: "problem",
  found,
  mend,
});

export const fromRefusal = (name: string, { message, help }: Refusal): Finding =>
  problem(name, message, help ?? "mend that file");
