import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { readAndGenerate, write } from "./gen.js";
import { go, goToolchain } from "./go.js";
import { type Io, Refusal, shown } from "./io.js";
import type { Settings } from "./options.js";
import { isUpToDate, takeStamp } from "./stamp.js";

/** `ts2go build`: generates, then builds the Go program unless it is what would be built. Gives the exit code. */
export function build(io: Io, settings: Settings): number {
  const { main, binary } = settings;
  if (main === undefined) {
    throw new Refusal(
      "the folder of the Go program is not given",
      'write --main DIR, or "main" under "ts2go" in package.json',
    );
  }
  if (!existsSync(main)) {
    throw new Refusal(
      `there is no folder ${shown(io, main)}`,
      "put the Go program there: a package main that calls ts2go.Main",
    );
  }
  const files = readAndGenerate(io, settings);
  if (files === undefined) return 1;
  write(io, files);

  const toolchain = goToolchain(io, main);
  if (isUpToDate(main, binary, toolchain)) {
    io.out(`${shown(io, binary)} is up to date\n`);
    return 0;
  }
  const start = performance.now();
  mkdirSync(dirname(binary), { recursive: true });
  const stamp = takeStamp(main, binary, toolchain, (args) => go(io, main, args).stdout);
  // Beside its place first: a program that runs, or is being started, is never half of one build.
  const draft = `${binary}.${process.pid}.tmp`;
  const run = go(io, main, ["build", "-o", draft, "."]);
  if (run.status !== 0) {
    rmSync(draft, { force: true });
    const output = `${run.stdout}${run.stderr}`;
    io.err(output.endsWith("\n") || output === "" ? output : `${output}\n`);
    throw new Refusal(`go build failed in ${shown(io, main)}`, advice(output));
  }
  renameSync(draft, binary);
  stamp();
  io.out(`built ${shown(io, binary)} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return 0;
}

/** What to do about the faults that everybody meets once. */
function advice(output: string): string {
  const missing = /does not implement (\S+) \(missing method (\w+)\)/.exec(output);
  if (missing !== null) return `write the method ${missing[2]} that ${missing[1]} asks for; its signature is above`;
  if (/does not implement/.test(output))
    return "make the method's signature that of the generated interface, shown as `want` above";
  if (/go\.mod file not found|cannot find main module/.test(output)) return "run go mod init NAME in that folder";
  if (
    /x\.example\/go/.test(output) &&
    /no required module|cannot find module|not in std|missing go\.sum/.test(output)
  ) {
    return "run go get x.example/go in that folder, then go mod tidy";
  }
  if (/no required module provides package|missing go\.sum entry|updates to go\.mod needed/.test(output))
    return "run go mod tidy in that folder";
  if (/is not a main package/.test(output) || /no Go files in/.test(output))
    return "--main names the folder of a `package main`";
  return "mend the Go code at the lines above, and run ts2go build again";
}
