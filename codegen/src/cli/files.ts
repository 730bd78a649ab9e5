import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A generated file: where it goes and what is in it. */
export interface Generated {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** The text of a file, or undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * Writes a file if its text differs: as a neighbour first, which then takes its place, so that nobody ever reads half
 * a file. Says whether it wrote.
 */
export function writeIfChanged({ path, text }: Generated): boolean {
  if (readIfThere(path) === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return true;
}
