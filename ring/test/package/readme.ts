import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package. */
export const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

export interface Example {
  /** The file that it is written to. */
  readonly file: string;
  readonly code: string;
  /** What it prints on its standard output. */
  readonly prints: string;
}

const EXAMPLE =
  /(?:<!-- file: (?<file>[\w.-]+) -->\n)?```(?:js|ts)\n(?<code>.*?)\n```(?:\n\nIt prints:\n\n```text\n(?<prints>.*?)\n```)?/gs;

/** Every block of JavaScript or TypeScript in the README, with what the README says that it prints. */
export const examples: Example[] = [...readFileSync(join(PACKAGE, "README.md"), "utf8").matchAll(EXAMPLE)].map(
  ({ groups = {} }, i) => ({
    file: groups.file ?? `block ${i + 1}, which has no name`,
    code: groups.code as string,
    prints: groups.prints === undefined ? "" : `${groups.prints}\n`,
  }),
);

/** Runs this repository's TypeScript in a folder. Throws with what the compiler says. */
export function tsc(folder: string, args: readonly string[]): void {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, ...args], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout);
  }
}

/** Where `@types/node` lies, for folders that have no dependencies of their own. */
export const typeRoots = join(createRequire(import.meta.url).resolve("@types/node/package.json"), "../..");

/**
 * Writes the example as printed to a folder in which `@x/mem-ring` is installed, and runs it there. Resolves with what it
 * prints; rejects if it fails.
 */
export async function run(
  { file, code }: Example,
  folder: string,
  command: readonly string[] = [process.execPath],
): Promise<string> {
  writeFileSync(join(folder, file), `${code}\n`);
  let script = file;
  if (file.endsWith(".ts")) {
    const options = ["--strict", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    tsc(folder, [file, ...options, "--typeRoots", typeRoots, "--skipLibCheck"]);
    script = file.replace(/ts$/, "js");
  }
  return new Promise((resolve, reject) => {
    execFile(
      command[0] as string,
      [...command.slice(1), script],
      // Ends what hangs, before the test is given up and nobody ends it.
      { cwd: folder, timeout: 45_000, killSignal: "SIGKILL", env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${file}: ${error.message}\n${stdout}\n${stderr}`)),
    );
  });
}
