import { basename, dirname, join, relative, sep } from "node:path";
import { watch } from "chokidar";
import { build } from "./build.js";
import { type Io, paint, Refusal, shown } from "./io.js";
import type { Settings } from "./options.js";
import { reportRefusal } from "./report.js";
import { inputFiles, isSource } from "./stamp.js";

/** An editor saves in several steps: what changes within so many milliseconds is one change. */
const QUIET_MS = 50;

/**
 * `ts2go dev`: generates and builds, and does so again whenever a source changes, until the signal ends it. A fault is
 * shown and leaves the Go program of before in its place. Gives the exit code.
 */
export async function dev(io: Io, settings: Settings, signal?: AbortSignal): Promise<number> {
  const { main, file } = settings;
  // What cannot be mended by saving a file is refused as `build` does.
  if (main === undefined) return build(io, settings);
  round(io, settings);
  const watcher = watch([main, dirname(file)], { ignored: (path) => isForeign(main, path), ignoreInitial: true });
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", (_, path) => {
    if (!matters(settings, main, path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => round(io, settings), QUIET_MS);
  });
  await new Promise<void>((resolve, reject) => {
    watcher.on("error", reject);
    watcher.on("ready", () => {
      // What was saved between the build and now.
      round(io, settings);
      const where = [...new Set([main, dirname(file)])].map((path) => shown(io, path)).join(" and ");
      io.out(`watching ${where}: programs that run with TS2GO_DEV=1 take over each new build\n`);
    });
    signal?.addEventListener("abort", () => resolve());
  });
  clearTimeout(timer);
  await watcher.close();
  return 0;
}

/** One build, of which only what it did and what is wrong is shown. */
function round(io: Io, settings: Settings): void {
  const quiet: Io = { ...io, out: (text) => (text.endsWith(" is up to date\n") ? undefined : io.out(text)) };
  try {
    if (build(quiet, settings) === 0) return;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reportRefusal(io, error);
  }
  io.err(`${paint(io, "dim", `${shown(io, settings.binary)} stays as it was; waiting for a change`)}\n`);
}

/** Folders without sources of the program. */
function isForeign(main: string, path: string): boolean {
  const parts = relative(main, path).split(sep);
  return parts.some((part) => part === "node_modules" || /^\.[^.]/.test(part));
}

/** Whether a file can change what is built. What `ts2go` writes itself is compared when it is read anyway. */
function matters(settings: Settings, main: string, path: string): boolean {
  const name = basename(path);
  if (isSource(name) || /^go\.(mod|sum|work)$/.test(name)) return true;
  if (/\.[cm]?ts$/.test(name)) return !path.startsWith(join(settings.out, sep));
  return inputFiles(main, settings.binary).has(path);
}
