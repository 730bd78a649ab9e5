import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { type Io, run } from "../src/index.js";

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** A folder for one test, removed when it ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ts2go-codegen-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of one file, removed when they are done. */
export function suiteFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ts2go-codegen-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a folder and keeps what it says. */
export async function ts2go(
  cwd: string,
  args: readonly string[],
  world: { env?: Io["env"]; colour?: boolean } = {},
): Promise<Outcome> {
  let out = "";
  let err = "";
  const code = await run(args, {
    cwd,
    env: world.env ?? process.env,
    colour: world.colour ?? false,
    colourOut: world.colour ?? false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
