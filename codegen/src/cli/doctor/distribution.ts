import { readIfThere } from "../files.js";

/** Whose Linux this is. */
export interface Distribution {
  readonly manager: Manager | undefined;
  /** `ID` of os-release, such as `debian`. */
  readonly id: string;
  /** `VERSION_ID`; NaN where every package is of today. */
  readonly version: number;
}

type Manager = keyof typeof MANAGERS;
export type Tool = "compiler" | "make" | "python";

interface Packages {
  readonly install: string;
  /** `ID`s that use it; others name one of these in `ID_LIKE`. */
  readonly ids: readonly string[];
  readonly tools: Readonly<Record<Tool, string>>;
  /** The package of Go. */
  readonly go: string;
}

const MANAGERS = {
  apt: {
    install: "apt-get install -y",
    ids: ["debian", "ubuntu"],
    tools: { compiler: "g++", make: "make", python: "python3" },
    go: "golang-go",
  },
  dnf: {
    install: "dnf install -y",
    ids: ["fedora", "rhel", "centos"],
    tools: { compiler: "gcc-c++", make: "make", python: "python3" },
    go: "golang",
  },
  apk: {
    install: "apk add",
    ids: ["alpine"],
    // musl's own headers are without Linux's.
    tools: { compiler: "g++ linux-headers", make: "make", python: "python3" },
    go: "go",
  },
  pacman: {
    install: "pacman -S --needed",
    ids: ["arch"],
    tools: { compiler: "gcc", make: "make", python: "python" },
    go: "go",
  },
} as const satisfies Record<string, Packages>;

/** The first release of each that packages Go 1.24; the others' Go is too old. */
const GO_1_24_SINCE: Readonly<Record<string, number>> = { debian: 13, ubuntu: 25.04, fedora: 42, alpine: 3.22 };

export function readDistribution(text: string): Distribution {
  const value = (key: string): string =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, "m").exec(text)?.[1]?.toLowerCase() ?? "";
  const id = value("ID");
  const names = [id, ...value("ID_LIKE").split(" ")];
  const manager = (Object.keys(MANAGERS) as Manager[]).find((key) =>
    names.some((name) => (MANAGERS[key].ids as readonly string[]).includes(name)),
  );
  return { manager, id, version: Number.parseFloat(value("VERSION_ID")) };
}

export const thisDistribution = (): Distribution =>
  readDistribution(readIfThere("/etc/os-release") ?? readIfThere("/usr/lib/os-release") ?? "");

/** Before a command that only root may run. */
const sudo = (): string => (process.getuid?.() === 0 ? "" : "sudo ");

/** The command that installs these. */
export function installTools({ manager }: Distribution, tools: readonly Tool[]): string {
  if (manager === undefined) return `install ${tools.map((tool) => MANAGERS.apt.tools[tool]).join(", ")}`;
  const { install, tools: names } = MANAGERS[manager];
  return `${sudo()}${install} ${tools.map((tool) => names[tool]).join(" ")}`;
}

/** The command that installs at least this version of Go: the distribution's package where it is new enough. */
export function installGo(distribution: Distribution, wanted: string): string {
  const { manager } = distribution;
  if (manager !== undefined && packagesGo(distribution, wanted)) {
    return `${sudo()}${MANAGERS[manager].install} ${MANAGERS[manager].go}`;
  }
  // Since 1.21 the first release of each has its zero.
  const release = /^\d+\.\d+$/.test(wanted) ? `${wanted}.0` : wanted;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return [
    `curl -fsSL https://go.dev/dl/go${release}.linux-${arch}.tar.gz | ${sudo()}tar -C /usr/local -xz`,
    "export PATH=/usr/local/go/bin:$PATH",
    "(or a newer one from https://go.dev/dl/; where there is an older /usr/local/go, remove it before)",
  ].join("\n");
}

function packagesGo({ manager, id, version }: Distribution, wanted: string): boolean {
  if (!/^1\.(\d|1\d|2[0-4])(\.|$)/.test(wanted)) return manager === "pacman";
  const since = GO_1_24_SINCE[id];
  // Arch, and the unstable releases of the others, have no version.
  return manager === "pacman" || (since !== undefined && !(version < since));
}
