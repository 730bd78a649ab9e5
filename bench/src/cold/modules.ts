import { existsSync, readdirSync } from "node:fs";
import type { Contender } from "../contender.js";

const FOLDER = new URL("../contenders/", import.meta.url);

/**
 * The module that exports a contender, so that a cold start imports that one and not everybody's libraries. A module of
 * `contenders/`, or the index of a folder in it, but not the list of all.
 */
export async function moduleOf(id: string): Promise<string> {
  for (const entry of readdirSync(FOLDER, { withFileTypes: true })) {
    const path = entry.isDirectory() ? `${entry.name}/index.js` : entry.name;
    if (!path.endsWith(".js") || path === "index.js") continue;
    const url = new URL(path, FOLDER);
    // A folder without an index holds what several contenders share.
    if (!existsSync(url)) continue;
    const { href } = url;
    if (exported(await import(href), id)) return href;
  }
  throw new Error(`no module of contenders/ exports ${id}`);
}

/** The contender of that id among a module's exports. */
export function exported(module: Record<string, unknown>, id: string): Contender | undefined {
  return Object.values(module).find((value): value is Contender => (value as Contender | undefined)?.id === id);
}
