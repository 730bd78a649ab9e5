import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The compiled program of test/src/programs. */
export const program = (name: string) => fileURLToPath(new URL(`../dist/programs/${name}.js`, import.meta.url));

/** Runs a program of test/src/programs with Node and returns what it did. */
export async function runNode(name: string, ...wrapper: string[]) {
  const [command = process.execPath, ...args] = [...wrapper, process.execPath, program(name)];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${name} did not end; it wrote:\n${stdout}${stderr}`));
    }, 20_000);
    child.on("close", (exit) => {
      clearTimeout(timer);
      resolve(exit);
    });
  });
  return { code, stdout, stderr };
}
