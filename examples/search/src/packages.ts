/** The packages below a `node_modules`, as documents, and how often each is depended upon. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { glob } from "tinyglobby";
import type { Document } from "./search.js";

interface PackageJson {
  name?: string;
  version?: string;
  description?: string;
  keywords?: unknown;
  dependencies?: Record<string, string>;
}

/** How many packages depend on one, by its name. */
export type Dependents = Map<string, number>;

/** Reads one package after the other: no more are in memory than are on their way to the index. */
export async function* packages(folder: string, dependents: Dependents): AsyncGenerator<Document> {
  const manifests = await glob(["**/node_modules/*/package.json", "**/node_modules/@*/*/package.json"], {
    cwd: dirname(folder),
    followSymbolicLinks: false,
  });
  const seen = new Set<string>();
  for (const path of manifests.sort()) {
    const file = join(dirname(folder), path);
    const { name, version, description = "", keywords, dependencies = {} } = await manifest(file);
    if (name === undefined || version === undefined) continue;
    const id = `${name}@${version}`;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const other of Object.keys(dependencies)) dependents.set(other, (dependents.get(other) ?? 0) + 1);
    const tags = Array.isArray(keywords) ? keywords.filter((word) => typeof word === "string") : [];
    yield { id, title: name, text: `${description}\n${await readme(dirname(file))}`.toWellFormed(), tags };
  }
}

async function manifest(file: string): Promise<PackageJson> {
  return JSON.parse(await readFile(file, "utf8"));
}

async function readme(folder: string): Promise<string> {
  const [name] = await glob("readme{,.md,.markdown}", { cwd: folder, caseSensitiveMatch: false });
  return name === undefined ? "" : readFile(join(folder, name), "utf8");
}
