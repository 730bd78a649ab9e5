import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE } from "./readme.js";

export interface Installed {
  /** To be removed by whoever asked for it. */
  readonly root: string;
  /** An otherwise empty folder in which the package is installed. */
  readonly folder: string;
  /** What the tarball contains. */
  readonly files: readonly string[];
}

/** npm, without what an npm that runs this test says to its children of its own project. */
function npm(cwd: string, args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Packs the package as it would be published, and installs the tarball without any registry. */
export function packAndInstall(): Installed {
  const root = mkdtempSync(join(tmpdir(), "mem-ring-pack-"));
  const packed = JSON.parse(npm(PACKAGE, ["pack", "--json", "--pack-destination", root]));
  // An array up to npm 11, an object by name after it.
  const [{ filename, files }] = (Array.isArray(packed) ? packed : Object.values(packed)) as [
    { filename: string; files: { path: string }[] },
  ];
  const folder = join(root, "user");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(folder, ["install", "--offline", "--no-audit", "--no-fund", join(root, filename)]);
  return { root, folder, files: files.map(({ path }) => path).sort() };
}

/** An empty folder in which the package is a link to this checkout. To be removed by whoever asked for it. */
export function linkPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "mem-ring-link-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  mkdirSync(join(folder, "node_modules/@x"), { recursive: true });
  symlinkSync(PACKAGE, join(folder, "node_modules/@x/mem-ring"));
  return folder;
}
