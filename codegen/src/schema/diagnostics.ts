import type { Node, SourceFile } from "ts-morph";
import type { Code } from "./codes.js";

/** A fault in the user's interface file, as a compiler would report it. */
export interface Diagnostic {
  /** `TS2GO204`, or `TS2322` for what TypeScript itself says. */
  readonly code: string;
  readonly message: string;
  /** What to write instead; absent for TypeScript's own. */
  readonly help?: string;
  /** Absolute path. */
  readonly file: string;
  /** 1-based, like TypeScript's. */
  readonly line: number;
  readonly column: number;
  /** How many characters of the line are at fault, at least 1. */
  readonly length: number;
  /** The line itself, without its line break. */
  readonly source: string;
}

/** Collects the faults of one run. Reading goes on after a fault, so that one run shows them all. */
export class Faults {
  private readonly found: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  /** Reports a fault at a node: `help` says what to write instead. */
  at(node: Node, code: Code, message: string, help: string): void {
    this.add(diagnosticAt(node.getSourceFile(), node.getStart(), node.getEnd(), `TS2GO${code}`, message, help));
  }

  /** A type that many methods use is read once, but a flattened parent may be met again: each fault counts once. */
  add(diagnostic: Diagnostic): void {
    const key = `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}:${diagnostic.code}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.found.push(diagnostic);
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  /** All faults: those of the interface file first, then file by file as they were met; in a file, from the top. */
  sorted(interfaceFile: string): Diagnostic[] {
    const files = [...new Set([interfaceFile, ...this.found.map((fault) => fault.file)])];
    return [...this.found].sort(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
  }
}

/** Whether two faults are about the same place. */
export function samePlace(a: Diagnostic, b: Diagnostic): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** Makes a diagnostic out of a range of a file; a range over several lines is underlined on its first. */
export function diagnosticAt(
  file: SourceFile,
  start: number,
  end: number,
  code: string,
  message: string,
  help?: string,
): Diagnostic {
  const text = file.getFullText();
  const { line, column } = file.getLineAndColumnAtPos(start);
  const lineStart = start - (column - 1);
  const newline = text.slice(lineStart).search(/\r?\n|\r/);
  const lineEnd = newline === -1 ? text.length : lineStart + newline;
  return {
    code,
    message,
    ...(help === undefined ? {} : { help }),
    file: file.getFilePath(),
    line,
    column,
    length: Math.max(1, Math.min(end, lineEnd) - start),
    source: text.slice(lineStart, lineEnd),
  };
}
