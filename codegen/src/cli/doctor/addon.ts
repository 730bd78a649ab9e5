import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Io, shown } from "../io.js";
import { installTools, type Tool, thisDistribution } from "./distribution.js";
import { type Finding, ok, problem, warning } from "./finding.js";
import { type Installed, isCheckout } from "./packages.js";
import type { Step } from "./probe.js";
import { tryOut } from "./trial.js";

/** What `connect` reserves where the option regionSize is not given. */
export const REGION_SIZE = 2 ** 30;
/**
 * V8 keeps so much address space around every WebAssembly memory, whatever its own size: a guard in which each 32-bit
 * index with each 32-bit offset ends.
 */
const V8_RESERVES = 10 * 2 ** 30;
/** What a worker takes of this process: memfd, two doorbells, control socket, stdout, stderr, and a pidfd. */
const FILES_A_WORKER = 7;
/** The child's ends of the sockets and pipes, and what libuv needs to start it. */
const FILES_AT_START = 6;
/** With room for fewer workers, the sockets and files of a program are soon too many. */
const ROOMY = 16;

/** Loads the addon and has it do everything that a channel needs. */
export function addonFindings(io: Io, ring: Installed): Finding[] {
  const trial = tryOut(io, { what: "addon", ring: ring.entry, regionSize: REGION_SIZE });
  const { failure } = trial;
  const path = trial.value("path");
  if (path === undefined) {
    const why = failure?.error ?? "it did not say why";
    if (isOutOfFiles(failure)) return [problem("addon", why, raiseFiles())];
    return [problem("addon", why, mendAddon(io, ring))];
  }
  return [
    ok("addon", `loads: ${shown(io, path as string)}`),
    kernel(failure),
    files(trial.value("files") as number),
    processors(trial.value("processors") as number),
  ];
}

function kernel(failure: Step | undefined): Finding {
  if (failure === undefined) {
    return ok("kernel", "tried: memfd with seals, 1 GiB of it mapped and given back, eventfd, pidfd");
  }
  const { step, error = "" } = failure;
  const found = `${step}: ${error}`;
  if (isOutOfFiles(failure)) return problem("kernel", found, raiseFiles());
  if (step === "address space") {
    const limit = limitOf("Max address space");
    if (limit < Number.POSITIVE_INFINITY) {
      return problem(
        "kernel",
        `${found}\nulimit -v is ${gib(limit)}, and V8 reserves ${gib(V8_RESERVES)} around each region, of whatever size`,
        "ulimit -v unlimited, and the same for what starts your program; memory is only taken for what is used",
      );
    }
    return problem(
      "kernel",
      `${found}\nvm.overcommit_memory is ${readFileSync("/proc/sys/vm/overcommit_memory", "utf8").trim()}`,
      "sysctl -w vm.overcommit_memory=0, or give the option regionSize less than 1 GiB",
    );
  }
  const mend = "update the container's runtime, or give it a seccomp profile that allows memfd_create and pidfd_open";
  // Docker before 20.10 forbade it.
  if (step === "pidfd") return warning("kernel", `${found}: client.sync cannot notice that Go has died`, mend);
  return problem("kernel", found, mend);
}

/** Node has raised the soft limit to the hard one already. */
function files(open: number): Finding {
  const limit = limitOf("Max open files");
  const room = Math.floor((limit - open - FILES_AT_START) / FILES_A_WORKER);
  const found = `${limit} may be open, ${open} are in a bare Node, and each worker takes ${FILES_A_WORKER}`;
  if (room >= ROOMY) return ok("files", found);
  return (room < 1 ? problem : warning)("files", `${found}: room for ${Math.max(room, 0)}`, raiseFiles());
}

const raiseFiles = (): string =>
  "ulimit -n 1024, and the same for what starts your program (systemd: LimitNOFILE=1024)";

const isOutOfFiles = (failure: Step | undefined): boolean => /EMFILE|too many open files/i.test(failure?.error ?? "");

function processors(n: number): Finding {
  if (n > 1) return ok("processors", `${n}, so that both sides may spin for a moment before they sleep`);
  return warning(
    "processors",
    "1: nothing spins, and a call that is awaited alone waits for two wake-ups of the system",
    "give the process two (docker run --cpuset-cpus 0-1, taskset -c 0,1), or make calls together: Promise.all",
  );
}

/** A limit of this process, as /proc has it. */
function limitOf(name: string): number {
  const value = new RegExp(`^${name} +(\\S+)`, "m").exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return value === undefined || value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
}

const gib = (bytes: number): string => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;

/** Only here a compiler matters: a binary that loads needs none. */
function mendAddon(io: Io, ring: Installed): string {
  if (!isCheckout(ring)) {
    const prebuilds = join(ring.folder, "prebuilds");
    const there = existsSync(prebuilds) ? readdirSync(prebuilds).join(", ") : "";
    return `npm install @x/mem-ring (it has binaries for: ${there || "none"}), or build one in a checkout: npm ci && npm run build`;
  }
  const commands: [Tool, string][] = [
    ["compiler", io.env.CXX ?? "g++"],
    ["make", "make"],
    ["python", "python3"],
  ];
  const missing = commands.flatMap(([tool, command]) => (isThere(io, command) ? [] : [tool]));
  const build = `cd ${shown(io, join(ring.folder, ".."))} && npm ci && npm run build`;
  return missing.length === 0 ? build : `${installTools(thisDistribution(), missing)}\n${build}`;
}

function isThere(io: Io, command: string): boolean {
  const env = io.env as NodeJS.ProcessEnv;
  return spawnSync(command, ["--version"], { env, stdio: "ignore" }).error === undefined;
}
