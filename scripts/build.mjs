// Builds what is missing or older than its sources: the addon, the TypeScript, the generated code, the Go programs.
// Prints a line for each step. Run it by `npm run build`; `npm run demo`, `npm test` and `npm run bench` begin with it.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Listr } from "listr2";

export const root = fileURLToPath(new URL("..", import.meta.url));

const run = (command, args, options = {}) =>
  execa(command, args, { cwd: root, preferLocal: true, localDir: root, all: true, ...options });

/** The newest modification time below these paths, in milliseconds. */
const newest = (paths) => Math.max(...paths.map((path) => statSync(path).mtimeMs));

const libc = () => (process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl");
const addon = join(root, "ring/prebuilds", `${process.platform}-${process.arch}-${libc()}`, "mem_ring.node");
const addonSources = () => [
  join(root, "binding.gyp"),
  ...readdirSync(join(root, "ring/native")).map((name) => join(root, "ring/native", name)),
];

/**
 * Where Node's headers lie: beside the running Node, as every distribution puts them. node-gyp would fetch them from
 * the network instead, which is slow at best.
 */
export function headers() {
  const prefixes = [dirname(dirname(process.execPath)), process.env.npm_config_nodedir, "/usr", "/usr/local"];
  const prefix = prefixes.find((p) => p !== undefined && existsSync(join(p, "include/node/node_api.h")));
  return prefix === undefined ? [] : [`--nodedir=${prefix}`];
}

async function buildAddon(_, task) {
  const nodedir = headers();
  if (nodedir.length === 0) task.output = "Node's headers are not installed: node-gyp fetches them";
  try {
    await run("node-gyp", ["rebuild", ...nodedir]);
  } catch (error) {
    throw new Error(
      `${error.all}\n\nThe addon could not be built. It needs g++, make and Python 3, and Node's headers (include/node beside the node binary, or the network).`,
    );
  }
  mkdirSync(dirname(addon), { recursive: true });
  await copyFile(join(root, "build/Release/mem_ring.node"), addon);
}

const addonIsFresh = () => existsSync(addon) && statSync(addon).mtimeMs > newest(addonSources());

/** Everything that is built on top of the three packages. */
const EVERYTHING = [
  ...["demo", "markdown", "search", "policy"].map((name) => `examples/${name}`),
  "test",
  "test/conformance",
  "bench",
];

/** Whether a package's package.json has a `ts2go` entry: an interface file and a Go program. */
const hasProgram = (dir) => JSON.parse(readFileSync(join(root, dir, "package.json"), "utf8")).ts2go !== undefined;

const compile = (...projects) => run("tsc", ["-b", ...projects]).catch((error) => Promise.reject(new Error(error.all)));

const generate = (dir) => ({
  title: `Go program of ${dir}`,
  task: async (_, task) => {
    const { all } = await run(process.execPath, [join(root, "bridge/bin/ts2go.js"), "build"], {
      cwd: join(root, dir),
    }).catch((error) => Promise.reject(new Error(error.all)));
    const last = all.trim().split("\n").at(-1) ?? "";
    task.title += last === "" ? "" : ` (${last})`;
  },
});

/** The steps that build these packages, for whoever wants more of them behind. */
export const steps = (packages = EVERYTHING) => [
  { title: "native addon", task: buildAddon, skip: () => addonIsFresh() && "native addon (up to date)" },
  { title: "TypeScript: ring, bridge, generator", task: () => compile("ring", "bridge", "codegen") },
  ...packages.filter(hasProgram).map(generate),
  { title: `TypeScript: ${packages.join(", ")}`, task: () => compile(...packages) },
];

/** Runs steps one after the other, a line each. */
export async function runSteps(list) {
  const tasks = new Listr(list, {
    exitOnError: true,
    fallbackRenderer: "simple",
    rendererOptions: {
      collapseSubtasks: false,
      timer: { condition: true, field: (ms) => `${(ms / 1000).toFixed(1)} s`, format: () => (s) => s },
    },
  });
  try {
    await tasks.run();
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runSteps(steps());
