// The peers that have to be built before they run. built.d.mts says what each is for.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const run = promisify(execFile);

export const withoutCpp = spawnSync("g++", ["--version"]).status === 0 ? undefined : "g++ is not installed";

const dir = mkdtempSync(join(tmpdir(), "mem-ring-peers-"));

export const built = { go: join(dir, "go-peer"), cpp: join(dir, "cpp-peer") };

export async function build() {
  await run("go", ["build", "-o", built.go, "./memring/internal/peer"], { cwd: path("../../../go") });
  if (withoutCpp !== undefined) return;
  const flags = ["-std=c++17", "-O2", "-pthread", "-I", path("../../include")];
  await run("g++", [...flags, path("../cpp/peer.cc"), "-o", built.cpp]);
}

export const removeBuilt = () => rmSync(dir, { recursive: true, force: true });
