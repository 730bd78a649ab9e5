import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const OUTPUT_BYTES_MAX = 64 << 20;

/** Runs a program in a folder; rejects with what it said last, which is where compilers put the reason. */
export async function runStep(folder: string, program: string, args: readonly string[]): Promise<void> {
  try {
    await run(program, args, { cwd: folder, maxBuffer: OUTPUT_BYTES_MAX });
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === "ENOENT") throw new Error(`${program} is not installed, or not in PATH`);
    throw new Error(`\`${program} ${args.join(" ")}\` failed: ${reason(stderr, stdout)}`);
  }
}

/** A step that several contenders share: it is made once, and all of them wait for it. */
export function once(step: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => {
    made ??= step();
    return made;
  };
}

/** The lines that name an error, or the last ones there are. */
function reason(stderr: string, stdout: string): string {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter(
    (line) => /error|undefined|cannot|not found/i.test(line) && !/gyp (info|verb)/.test(line),
  );
  return (errors.length > 0 ? errors.slice(0, 3) : lines.slice(-3)).join(" | ");
}
