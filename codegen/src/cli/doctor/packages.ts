import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A package that is installed. */
export interface Installed {
  /** Its folder, with links resolved. */
  readonly folder: string;
  readonly version: string;
  /** `engines.node`. */
  readonly engine: string;
  /** URL of the module that is tried. */
  readonly entry: string;
}

/** What a client loads. */
export interface Packages {
  readonly ts2go: Installed;
  readonly ring: Installed;
}

/** The packages that a module in this folder would import; undefined where they are not installed. */
export function findPackages(folder: string): Packages | undefined {
  const ts2go = find(folder, "@x/ts2go", ".");
  const ring = ts2go === undefined ? undefined : find(ts2go.folder, "@x/mem-ring", "./channel");
  return ts2go === undefined || ring === undefined ? undefined : { ts2go, ring };
}

/** Those that this command itself came with. */
export const ownPackages = (): Packages | undefined => findPackages(fileURLToPath(new URL(".", import.meta.url)));

function find(folder: string, name: string, module: string): Installed | undefined {
  let path: string;
  try {
    // Any name: nothing of that file is read.
    path = createRequire(join(folder, "module.js")).resolve(`${name}/package.json`);
  } catch (error) {
    if (/^(MODULE_NOT_FOUND|ERR_)/.test((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  const { version, engines, exports } = JSON.parse(readFileSync(path, "utf8")) as PackageJson;
  const root = dirname(path);
  const entry = pathToFileURL(join(root, exports[module]?.default ?? "")).href;
  return { folder: root, version, engine: engines?.node ?? "", entry };
}

interface PackageJson {
  readonly version: string;
  readonly engines?: { readonly node?: string };
  readonly exports: Readonly<Record<string, { readonly default: string }>>;
}

/** Whether a package lies in a checkout: what is published has no sources of the addon. */
export const isCheckout = (ring: Installed): boolean => existsSync(join(ring.folder, "native/addon.cc"));
