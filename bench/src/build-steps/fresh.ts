import { readdirSync, statSync } from "node:fs";

/** Folders that hold what is made, not what it is made from. */
const OUTPUTS = new Set(["build", "bin", "dist", "node_modules"]);

/** Whether a file is there and newer than every source in the folders. */
export function isFresh(output: string, folders: readonly string[]): boolean {
  const made = statSync(output, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && folders.every((folder) => newest(folder) < made);
}

function newest(folder: string): number {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!OUTPUTS.has(entry.name)) latest = Math.max(latest, newest(path));
    } else if (!entry.name.endsWith(".md")) {
      latest = Math.max(latest, statSync(path).mtimeMs);
    }
  }
  return latest;
}
