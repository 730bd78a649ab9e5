import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readIfThere, writeIfChanged } from "./files.js";

/**
 * What a Go program was built from, kept beside it. Go's own build cache knows this too, but asking it costs a third
 * of a second; comparing the hashes of the files that were used last time costs a few milliseconds.
 */
interface Stamp {
  /** The form of this file. */
  readonly version: 1;
  /** `go env` of what matters. */
  readonly toolchain: string;
  /** SHA-256 of the program. */
  readonly binary: string;
  /** SHA-256 of every file that was read, by its path from the program's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The names in every folder that was looked into: a new file there is a change too. */
  readonly folders: Readonly<Record<string, string>>;
}

/** Whether the program is what building it now would give. */
export function isUpToDate(main: string, binary: string, toolchain: string): boolean {
  return whyOutdated(main, binary, toolchain) === undefined;
}

/** A program that something else has built: nothing is known of it. */
export const NOT_BY_BUILD = "it was not built by ts2go build";

/** What has changed since the program was built; undefined where it is what building it now would give. */
export function whyOutdated(main: string, binary: string, toolchain: string): string | undefined {
  if (!existsSync(binary)) return "it is not built";
  const stamp = parse(readIfThere(stampPath(binary)) ?? "");
  if (stamp === undefined) return NOT_BY_BUILD;
  if (stamp.toolchain !== toolchain) return "Go or its settings have changed";
  if (stamp.binary !== hashFile(binary)) return "the program was replaced";
  const folder = Object.entries(stamp.folders).find(([path, names]) => namesIn(resolve(main, path)) !== names)?.[0];
  if (folder !== undefined) return `files have come or gone in ${folder === "" ? "." : folder}`;
  const file = Object.entries(stamp.files).find(([path, hash]) => hashFile(resolve(main, path)) !== hash)?.[0];
  return file === undefined ? undefined : `${file} has changed`;
}

/**
 * Takes down what a program is about to be built from, before it is: what is saved while Go compiles must count as a
 * change. `go` runs the go command and gives its output. The function that is returned writes the stamp.
 */
export function takeStamp(main: string, binary: string, toolchain: string, go: (args: string[]) => string): () => void {
  const { files, folders } = inputs(go);
  const before = {
    files: Object.fromEntries([...files].sort().map((path) => [relative(main, path), hashFile(path) ?? ""])),
    folders: Object.fromEntries([...folders].sort().map((path) => [relative(main, path), namesIn(path)])),
  };
  return () => {
    const stamp: Stamp = { version: 1, toolchain, binary: hashFile(binary) ?? "", ...before };
    writeIfChanged({ path: stampPath(binary), text: `${JSON.stringify(stamp, undefined, 1)}\n` });
  };
}

/** Every file that the program was built from, embedded ones too; none if it was not built yet. */
export function inputFiles(main: string, binary: string): ReadonlySet<string> {
  const stamp = parse(readIfThere(stampPath(binary)) ?? "");
  return new Set(Object.keys(stamp?.files ?? {}).map((path) => resolve(main, path)));
}

function stampPath(binary: string): string {
  return `${binary}.ts2go.json`;
}

/** A package as `go list -json` describes it, as far as it matters here. */
interface GoPackage {
  readonly Dir: string;
  readonly Module?: {
    readonly GoMod?: string;
    readonly Version?: string;
    readonly Replace?: { readonly Version?: string };
  };
  readonly EmbedFiles?: readonly string[];
}

/**
 * Every file of every package that can change under a build: those of the program's own module and of modules that
 * are replaced by folders. What lies in Go's module cache is pinned by go.sum.
 */
function inputs(go: (args: string[]) => string): { files: Set<string>; folders: Set<string> } {
  const files = new Set<string>();
  const folders = new Set<string>();
  const listing = go(["list", "-deps", "-json=Dir,Module,EmbedFiles", "."]);
  for (const pkg of concatenatedJson(listing) as GoPackage[]) {
    const module = pkg.Module;
    if (module === undefined || (module.Replace ?? module).Version !== undefined) continue;
    folders.add(pkg.Dir);
    for (const name of readdirSync(pkg.Dir)) {
      const path = join(pkg.Dir, name);
      if (isSource(name) && statSync(path).isFile()) files.add(path);
    }
    for (const name of pkg.EmbedFiles ?? []) {
      files.add(join(pkg.Dir, name));
      folders.add(dirname(join(pkg.Dir, name)));
    }
    if (module.GoMod === undefined) continue;
    for (const name of ["go.mod", "go.sum"]) {
      const path = join(dirname(module.GoMod), name);
      if (existsSync(path)) files.add(path);
    }
  }
  const workspace = go(["env", "GOWORK"]).trim();
  if (workspace !== "" && workspace !== "off") files.add(workspace);
  return { files, folders };
}

/** What the Go command may compile or link, cgo included. */
export function isSource(name: string): boolean {
  return /\.(go|c|cc|cpp|cxx|h|hh|hpp|hxx|s|S|m|syso|swig|swigcxx)$/.test(name) && !name.endsWith("_test.go");
}

/** The names of sources and folders in a folder; generated programs come and go there without meaning. */
function namesIn(folder: string): string {
  if (!existsSync(folder)) return "";
  const names = readdirSync(folder).filter((name) => isSource(name));
  return createHash("sha256").update(names.sort().join("\n")).digest("hex");
}

function hashFile(path: string): string | undefined {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
}

/** `go list -json` prints one object after the other. */
function concatenatedJson(text: string): unknown[] {
  const joined = text.trim().replace(/^\}\n\{$/gm, "},\n{");
  return joined === "" ? [] : JSON.parse(`[${joined}]`);
}

function parse(text: string): Stamp | undefined {
  try {
    const stamp = JSON.parse(text) as Stamp;
    return stamp.version === 1 ? stamp : undefined;
  } catch {
    return undefined;
  }
}
