import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isFresh } from "./fresh.js";
import { BENCH, contenderFolder } from "./paths.js";
import { runStep } from "./run.js";

const require = createRequire(import.meta.url);

/** Where node-gyp puts the addon that a contender's binding.gyp calls `target`. */
export function addonPath(id: string, target: string): string {
  return `${contenderFolder(id)}build/Release/${target}.node`;
}

/** Builds a contender's addon unless it is newer than its sources; its Go half first, as a C archive, if it has one. */
export async function buildAddon(id: string, target: string, goHalf: boolean): Promise<void> {
  const folder = contenderFolder(id);
  if (isFresh(addonPath(id, target), [folder, `${BENCH}go`])) return;
  if (goHalf) {
    await mkdir(`${folder}build/go`, { recursive: true });
    await runStep(folder, "go", ["build", "-buildmode=c-archive", "-o", "build/go/libgo.a", "."]);
  }
  // make does not know that the addon is linked from the Go half too.
  await rm(`${folder}build/Release`, { recursive: true, force: true });
  const gyp = join(dirname(require.resolve("node-gyp/package.json")), "bin/node-gyp.js");
  await runStep(folder, process.execPath, [gyp, "configure", "build", ...nodeHeaders()]);
}

/** Builds a Go program of a contender to `bin/<name>`; go itself knows what is fresh. */
export async function buildGoProgram(folder: string, name: string): Promise<void> {
  await runStep(folder, "go", ["build", "-o", `bin/${name}`, "."]);
}

/** Node's headers beside this Node, so that nothing is fetched; node-gyp fetches them where there are none. */
function nodeHeaders(): string[] {
  const prefix = join(dirname(process.execPath), "..");
  return existsSync(join(prefix, "include/node/node_api.h")) ? [`--nodedir=${prefix}`] : [];
}

/** Loads an addon that was built. */
export function loadAddon<T>(path: string): T {
  return require(path) as T;
}
