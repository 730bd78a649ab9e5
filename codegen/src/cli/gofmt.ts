import { spawnSync } from "node:child_process";

/**
 * Formats Go where gofmt is installed. What is emitted is in its form already; this keeps it so should a new gofmt
 * see things otherwise.
 */
export function gofmt(text: string): string {
  const run = spawnSync("gofmt", [], { input: text, encoding: "utf8", maxBuffer: 1 << 28 });
  return run.status === 0 && run.stdout !== "" ? run.stdout : text;
}
