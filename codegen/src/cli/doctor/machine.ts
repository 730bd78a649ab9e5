import { spawnSync } from "node:child_process";
import { release, totalmem } from "node:os";
import { readIfThere } from "../files.js";
import { GO_VERSION, type GoRun, go } from "../go.js";
import { type Io, Refusal } from "../io.js";
import { addonFindings, REGION_SIZE } from "./addon.js";
import { installGo, thisDistribution } from "./distribution.js";
import { type Finding, note, ok, problem, warning } from "./finding.js";
import type { Packages } from "./packages.js";

/**
 * What this machine has. `packages` are those whose addon is loaded, `goWanted` is what the project's go.mod asks for.
 */
export function machineFindings(io: Io, packages: Packages | undefined, goWanted: string | undefined): Finding[] {
  return [
    platform(),
    node(packages?.ts2go.engine ?? ">=20.19"),
    goFinding(io, goWanted),
    ...(packages === undefined
      ? [note("addon", "not looked at: @x/ts2go is not installed here")]
      : process.platform === "linux"
        ? addonFindings(io, packages.ring)
        : []),
    memory(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)),
    note("limits", "memlock and /dev/shm do not matter: a region is a memfd, and none of it is locked into memory"),
    delve(io),
  ];
}

function platform(): Finding {
  const { glibcVersionRuntime } = (
    process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  ).header;
  const libc = glibcVersionRuntime === undefined ? "musl" : `glibc ${glibcVersionRuntime}`;
  const found = `${process.platform} ${release()}, ${process.arch}${process.platform === "linux" ? `, ${libc}` : ""}`;
  if (process.platform === "linux" && /^(x64|arm64)$/.test(process.arch)) return ok("platform", found);
  return problem("platform", found, "run it on Linux, amd64 or arm64: a container or a virtual machine does");
}

/** `engine` as package.json has it, which is `>=` and a version. */
function node(engine: string): Finding {
  const wanted = engine.replace(/^>=/, "");
  const { node: version } = process.versions;
  if (!isOlder(version, wanted)) return ok("node", `${version} (${wanted} or later is needed)`);
  const mend = `install Node ${wanted} or later: https://nodejs.org/en/download, or nvm install --lts`;
  return problem("node", `${version}, and ${wanted} or later is needed`, mend);
}

function goFinding(io: Io, wanted: string | undefined): Finding {
  const needed = wanted === undefined || isOlder(wanted, GO_VERSION) ? GO_VERSION : wanted;
  const asks = wanted === needed ? `go.mod asks for ${needed}` : `${needed} or later is needed`;
  const mend = installGo(thisDistribution(), needed);
  // From the root, where no go.mod is, and Go itself: not the one that it would fetch.
  const env = (name: string, more: Io["env"] = {}): GoRun => go(io, "/", ["env", name], more);
  try {
    const run = env("GOVERSION", { GOTOOLCHAIN: "local" });
    const version = run.stdout.trim().replace(/^go/, "");
    if (run.status !== 0 || version === "") return problem("go", `go env failed: ${run.stderr.trim()}`, mend);
    if (!isOlder(version, needed)) return ok("go", `${version} (${asks})`);
    const fetches = !isOlder(version, "1.21") && !/^(local|path)/.test(env("GOTOOLCHAIN").stdout.trim());
    if (!fetches) return problem("go", `${version}, and ${asks}`, mend);
    return warning("go", `${version}, and ${asks}: the first build fetches that`, mend);
  } catch (error) {
    if (error instanceof Refusal) return problem("go", error.message, mend);
    throw error;
  }
}

/** Whether a version comes before another one: 1.9 before 1.24, 1.24rc1 not before 1.24. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => /^\d+(\.\d+)*/.exec(text)?.[0].split(".").map(Number) ?? []);
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** What of a region is used counts as memory of the container that this runs in. */
export function memory(limit: number): Finding {
  const mib = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
  if (limit > REGION_SIZE) return ok("memory", `${mib(limit)}; a region grows to ${mib(REGION_SIZE)} at most`);
  const half = 2 ** Math.floor(Math.log2(limit / 2));
  return warning(
    "memory",
    `${mib(limit)}, and a region may grow to ${mib(REGION_SIZE)}: the system would end the program, where a smaller one makes calls wait`,
    `connect(Service, { regionSize: ${half} }), or more memory for the container`,
  );
}

/** For those who want to look inside: whether a debugger may attach. */
function delve(io: Io): Finding {
  const run = spawnSync("dlv", ["version"], { env: io.env as NodeJS.ProcessEnv, encoding: "utf8" });
  const version = /^Version: (\S+)/m.exec(run.stdout ?? "")?.[1];
  const there = version === undefined ? "not installed: go install github.com/go-delve/delve/cmd/dlv@latest" : version;
  const scope = readIfThere("/proc/sys/kernel/yama/ptrace_scope")?.trim() ?? "0";
  const attach: Record<string, string> = {
    "0": "may attach to a worker of yours",
    "1": "attaches only by sudo, or after sysctl -w kernel.yama.ptrace_scope=0",
    "2": "attaches only by sudo",
    "3": "cannot attach on this machine (kernel.yama.ptrace_scope is 3)",
  };
  return note("delve", `${there}; it ${attach[scope] ?? `is subject to kernel.yama.ptrace_scope ${scope}`}`);
}
