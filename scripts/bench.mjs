// `npm run bench -- [options]`: builds what is missing, then compares ways to call Go from Node. What fails to build is
// listed in the report with its reason and does not stop the rest: only the benchmark itself must compile.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Listr } from "listr2";
import { root, steps } from "./build.mjs";

const MAIN = join(root, "bench/dist/main.js");

/** Compiles the benchmark and what it imports. TypeScript writes JavaScript even where it finds faults. */
async function compile() {
  const { exitCode, all } = await execa("tsc", ["-b", "bench"], {
    cwd: root,
    preferLocal: true,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) throw new Error(all);
}

// The first two steps build the addon and the packages that ours needs; each contender builds itself later.
const tasks = new Listr([...steps().slice(0, 2), { title: "TypeScript: benchmark", task: compile }], {
  exitOnError: false,
  fallbackRenderer: "simple",
  renderer: process.argv.includes("--help") ? "silent" : "default",
});
await tasks.run();
for (const { message } of tasks.errors) console.error(message);

if (existsSync(MAIN)) {
  const bench = spawn(process.execPath, [MAIN, ...process.argv.slice(2)], { stdio: "inherit" });
  bench.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
} else {
  console.error("The benchmark could not be compiled.");
  process.exitCode = 1;
}
