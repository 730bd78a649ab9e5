import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { nearest, stem } from "../schema/index.js";
import { type Io, Refusal, shown } from "./io.js";

/** What the command line says; the rest comes from package.json. */
export interface Flags {
  readonly out?: string;
  readonly go?: string;
  readonly binary?: string;
  readonly main?: string;
  readonly check?: boolean;
  readonly compat?: boolean;
}

/** Everything settled; all paths are absolute. */
export interface Settings {
  /** The interface file. */
  readonly file: string;
  /** Where the TypeScript client goes. */
  readonly out: string;
  /** Where the Go package goes. */
  readonly go: string;
  /** The folder of the Go program, for `build`. */
  readonly main: string | undefined;
  /** The Go program itself. */
  readonly binary: string;
  /** The same as the generated client has it: relative to the package of `out`, with `/`. */
  readonly binaryInPackage: string;
  /** Both halves get on with other versions of theirs. */
  readonly compat: boolean;
}

const PATHS = ["file", "out", "go", "main", "binary"] as const;
const SWITCHES = ["compat"] as const;
const KEYS: readonly string[] = [...PATHS, ...SWITCHES];
type Paths = { readonly [K in (typeof PATHS)[number]]?: string };
type Config = Paths & { readonly [K in (typeof SWITCHES)[number]]?: boolean };

const EXAMPLE =
  'or put it in package.json: "ts2go": { "file": "src/greeter.ts", "out": "src/gen", "go": "gen", "main": ".", "binary": "bin/greeter" }';

/** Completes the command line from the nearest package.json; its paths are relative to its folder. */
export function settle(io: Io, file: string | undefined, flags: Flags): Settings {
  const packageFile = nearest(io.cwd, "package.json");
  const config = packageFile === undefined ? {} : readConfig(io, packageFile);
  const pick = (flag: string | undefined, key: keyof Paths): string | undefined => {
    if (flag !== undefined) return resolve(io.cwd, flag);
    const value = config[key];
    return value === undefined ? undefined : resolve(dirname(packageFile as string), value);
  };
  const need = (path: string | undefined, what: string, how: string): string => {
    if (path !== undefined) return path;
    throw new Refusal(`${what} is not given`, `write ${how}, ${EXAMPLE}`);
  };
  const source = need(pick(file, "file"), "the interface file", "ts2go gen FILE");
  const out = need(pick(flags.out, "out"), "the folder of the TypeScript client", "--out DIR");
  const go = need(pick(flags.go, "go"), "the folder of the Go package", "--go DIR");
  const root = packageRoot(io, out);
  const binary = pick(flags.binary, "binary") ?? join(root, "bin", stem(basename(source)));
  const binaryInPackage = relative(root, binary).split(sep).join("/");
  if (binaryInPackage.startsWith("../") || isAbsolute(binaryInPackage) || binaryInPackage === "") {
    throw new Refusal(
      `the Go program ${shown(io, binary)} lies outside the package of ${shown(io, out)}`,
      "choose a --binary beneath the folder of that package.json: the client looks for it there",
    );
  }
  const compat = flags.compat ?? config.compat ?? false;
  return { file: source, out, go, main: pick(flags.main, "main"), binary, binaryInPackage, compat };
}

/** The package that the client will be a part of: at run time the Go program is looked for from there. */
function packageRoot(io: Io, out: string): string {
  const file = nearest(out, "package.json");
  if (file !== undefined) return dirname(file);
  throw new Refusal(
    `${shown(io, out)} is in no package: there is no package.json in it or above it`,
    "run npm init in the folder that the client belongs to",
  );
}

function readConfig(io: Io, path: string): Config {
  const refuse = (problem: string): never => {
    throw new Refusal(`${shown(io, path)}: ${problem}`, `write it like ${EXAMPLE.slice(EXAMPLE.indexOf('"ts2go"'))}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Refusal(`${shown(io, path)} cannot be read: ${(error as Error).message}`);
  }
  const config = (json as { ts2go?: unknown } | null)?.ts2go ?? {};
  if (typeof config !== "object" || Array.isArray(config)) return refuse('"ts2go" must be an object');
  for (const [key, value] of Object.entries(config as object)) {
    if (!KEYS.includes(key)) refuse(`"ts2go" has no setting "${key}"; there are ${KEYS.join(", ")}`);
    if ((SWITCHES as readonly string[]).includes(key)) {
      if (typeof value !== "boolean") refuse(`"ts2go.${key}" must be true or false`);
    } else if (typeof value !== "string" || value === "") refuse(`"ts2go.${key}" must be a path`);
  }
  return config as Config;
}
