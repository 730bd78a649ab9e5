import { statSync } from "node:fs";
import type { Options } from "../client/options.js";
import type { ServiceSpec } from "../client/service.js";
import { checkBinary, locateBinary } from "../worker/locate.js";

/** How often a watched program's file is looked at, in milliseconds. What copies a file writes more often than that. */
const POLL_MS = 200;

/**
 * The Go program of a client.
 *
 * @throws {WorkerStartError} `missing` or `not-executable`.
 */
export function programOf(service: ServiceSpec, options: Options): string {
  return options.binary === undefined
    ? locateBinary(service.binary.from, service.binary.path)
    : checkBinary(options.binary);
}

/** Tells one build of a program from the next. Undefined while there is no file. */
export function buildOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

/**
 * Looks at a program's file for as long as there is an event loop, and tells which build stands there. Keeps nothing
 * alive.
 *
 * It polls one file: what watches a folder loses it when a build removes the folder and makes it anew.
 */
export class ProgramWatch {
  private readonly timer: NodeJS.Timeout;
  private last: string | undefined;

  /** `found` is told the build at every look at which the file is as it was at the look before, and so complete. */
  constructor(path: string, found: (build: string) => void) {
    this.timer = setInterval(() => {
      const build = buildOf(path);
      if (build !== undefined && build === this.last) found(build);
      this.last = build;
    }, POLL_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }
}
