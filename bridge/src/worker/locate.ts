import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WorkerStartError } from "../errors.js";

/**
 * Finds the Go program: `path` from the nearest folder above the generated client that has a package.json. So the
 * client may be compiled to another folder of the package.
 *
 * @throws {WorkerStartError} `missing` or `not-executable`, with what to do.
 */
export function locateBinary(from: string, path: string): string {
  const start = from.startsWith("file:") ? dirname(fileURLToPath(from)) : from;
  let folder = start;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new WorkerStartError(
        "missing",
        `no package.json above ${start}, so ${path} cannot be found from there: pass its place, connect(Service, { binary: "/path/to/program" })`,
      );
    }
    folder = parent;
  }
  return checkBinary(join(folder, path));
}

/** Says early and plainly what spawn would only call ENOENT or EACCES. */
export function checkBinary(path: string): string {
  if (!existsSync(path)) {
    throw new WorkerStartError("missing", `the Go program ${path} does not exist: run \`ts2go build\``);
  }
  try {
    if (!statSync(path).isFile()) throw new Error("not a file");
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new WorkerStartError(
      "not-executable",
      `the Go program ${path} is not an executable file: run \`ts2go build\`, or chmod +x it`,
      undefined,
      { cause },
    );
  }
  return path;
}
