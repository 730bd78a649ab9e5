import { execFile } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BENCH } from "../build-steps/paths.js";
import { runStep } from "../build-steps/run.js";

const run = promisify(execFile);

/** What is written into a checkout once it is built. */
const BUILT = "node_modules/.built-to-compare";

const SHORT = 12;

/** Another state of this repository, built. */
export interface Checkout {
  readonly ref: string;
  readonly commit: string;
  readonly folder: string;
  /** The program that runs a contender there. */
  readonly host: URL;
}

/**
 * Checks out and builds the commit that `ref` names, in a worktree below the system's temporary folder. It is kept for
 * the next comparison with the same commit.
 */
export async function checkOut(ref: string, say: (text: string) => void): Promise<Checkout> {
  const commit = await commitOf(ref);
  const folder = join(await privateFolder(), commit);
  const checkout = { ref, commit, folder, host: pathToFileURL(join(folder, "bench/dist/host.js")) };
  if (existsSync(join(folder, BUILT))) return checkout;
  say(`checking out ${ref} (${commit.slice(0, SHORT)}) to ${folder}`);
  // What is there was not finished.
  await rm(folder, { recursive: true, force: true });
  await git("worktree", "prune");
  await git("worktree", "add", "--detach", folder, commit);
  say(`installing the packages of ${ref}`);
  await runStep(folder, "npm", ["ci", "--no-audit", "--no-fund"]);
  say(`building ${ref}`);
  await runStep(folder, process.execPath, ["scripts/build.mjs"]);
  await writeFile(join(folder, BUILT), "");
  return checkout;
}

/** The commit that a name stands for. */
async function commitOf(ref: string): Promise<string> {
  try {
    return await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  } catch {
    throw new Error(`git knows no commit that is called ${ref}`);
  }
}

/** What is checked out here, in words: the commit, and whether files differ from it. */
export async function describeHere(): Promise<string> {
  return git("describe", "--always", "--dirty", `--abbrev=${SHORT}`, "--exclude=*");
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", BENCH, ...args]);
  return stdout.trim();
}

/** A folder of this user alone: what lies in it is run. */
async function privateFolder(): Promise<string> {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `ts2go-compare-${uid}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to somebody else, or others may write to it`);
  }
  return folder;
}
