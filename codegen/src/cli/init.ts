import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { GO_MODULE, GO_VERSION } from "./go.js";
import { type Io, Refusal, shown } from "./io.js";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const TEMPLATES = join(PACKAGE, "templates/init");

export interface InitFlags {
  /** The folder of a checkout to use instead of what is published. */
  readonly link?: string;
}

/** `ts2go init NAME`: writes a project that runs. Gives the exit code. */
export function init(io: Io, name: string, flags: InitFlags): number {
  const folder = resolve(io.cwd, name);
  const project = basename(folder);
  checkName(project);
  checkFolder(io, folder);
  const checkout = findCheckout(io, flags.link);
  const values = {
    name: project,
    module: `example.com/${project}`,
    ...(checkout === undefined ? published() : linked(folder, checkout)),
  };
  for (const template of templates()) {
    const path = join(folder, template.replace(/\.tmpl$/, "").replace(/^gitignore$/, ".gitignore"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, fill(readFileSync(join(TEMPLATES, template), "utf8"), values));
  }
  writeFileSync(join(folder, "go.mod"), goMod(values.module, folder, checkout));
  if (checkout !== undefined) writeFileSync(join(folder, "go.sum"), readFileSync(join(checkout, "go/go.sum"), "utf8"));
  const here = shown(io, folder);
  const steps = [...(here === "." ? [] : [`cd ${here}`]), ...values.setup.split("\n"), "npm start"];
  io.out(`wrote ${here}\n\nNext:\n${steps.map((step) => `  ${step}\n`).join("")}\n`);
  io.out("npx ts2go doctor says what is missing, should one of them fail.\n");
  return 0;
}

/** It becomes an npm package and the last part of a Go module's path. */
function checkName(name: string): void {
  const refuse = (why: string): never => {
    throw new Refusal(
      `"${name}" cannot be the name of a project: ${why}`,
      "take lower-case letters, digits and dashes, beginning with a letter: ts2go init my-greeter",
    );
  };
  if (name === "" || name.length > 100) refuse("it must have 1 to 100 characters");
  if (!/^[a-z][a-z0-9._-]*$/.test(name) || name.endsWith("."))
    refuse("npm packages and Go modules have lower-case letters, digits, dashes, dots and underscores");
  if (builtinModules.includes(name)) refuse("Node has a module of that name");
  if (/^v\d+$/.test(name)) refuse("Go reads it as the version of a module");
  if (["vendor", "testdata", "internal", "node_modules"].includes(name)) refuse("the name has a meaning of its own");
}

function checkFolder(io: Io, folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) {
    throw new Refusal(`${shown(io, folder)} is a file`, "take another name");
  }
  // A repository that was just begun is empty.
  const names = readdirSync(folder).filter((name) => name !== ".git");
  if (names.length === 0) return;
  throw new Refusal(
    `${shown(io, folder)} is not empty: it has ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", ..." : ""}`,
    "take another name, or empty it first: nothing is overwritten",
  );
}

/** The checkout that `--link` names, or the one that this command runs from; undefined where it was installed. */
function findCheckout(io: Io, link: string | undefined): string | undefined {
  const folder = link === undefined ? dirname(resolve(PACKAGE)) : resolve(io.cwd, link);
  const isCheckout = existsSync(join(folder, "go/go.mod")) && existsSync(join(folder, "bridge/package.json"));
  if (isCheckout) return folder;
  if (link === undefined) return undefined;
  throw new Refusal(
    `--link ${link} is no checkout of ts2go: it has no go/go.mod or no bridge/package.json`,
    "name the folder that has bridge, codegen, go and ring in it",
  );
}

function published(): { ts2go: string; typescript: string; "types-node": string; setup: string } {
  return {
    ts2go: `^${version()}`,
    typescript: "~6.0.3",
    "types-node": "^20.19.0",
    setup: `npm install\ngo get ${GO_MODULE}@v${version()}`,
  };
}

/** The same from a checkout, as npm writes it; what the checkout has installed needs no network. */
function linked(folder: string, checkout: string): ReturnType<typeof published> {
  const file = (path: string): string => `file:${reference(folder, join(checkout, path))}`;
  const ours = (path: string, otherwise: string): string => (existsSync(join(checkout, path)) ? file(path) : otherwise);
  const { typescript, "types-node": types } = published();
  return {
    ts2go: file("bridge"),
    typescript: ours("node_modules/typescript", typescript),
    "types-node": ours("node_modules/@types/node", types),
    setup: "npm install",
  };
}

/** From a project within the checkout the way is relative, so that both may be moved together. */
function reference(folder: string, target: string): string {
  const inside = !relative(dirname(dirname(target)), folder).startsWith("..");
  const path = inside ? relative(folder, target) : target;
  return path.split(sep).join("/");
}

function goMod(module: string, folder: string, checkout: string | undefined): string {
  const head = `module ${module}\n\ngo ${GO_VERSION}\n`;
  if (checkout === undefined) return head;
  const ours = readFileSync(join(checkout, "go/go.mod"), "utf8");
  const requires = [...ours.matchAll(/^(?:require\s+|\t)(\S+ v\S+)/gm)].map(
    ([, dep]) => `require ${dep} // indirect\n`,
  );
  return `${head}\nrequire ${GO_MODULE} v0.0.0\n\n${requires.join("")}\nreplace ${GO_MODULE} => ${reference(folder, join(checkout, "go"))}\n`;
}

/** Paths of the templates, from their folder. */
function templates(): string[] {
  const entries = readdirSync(TEMPLATES, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TEMPLATES, join(entry.parentPath, entry.name)));
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{([\w-]+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`a template asks for ${key}`);
    return value;
  });
}

function version(): string {
  return (JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string }).version;
}
