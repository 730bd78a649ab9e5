import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { installGo, installTools, readDistribution } from "../src/cli/doctor/distribution.js";
import { isOlder, memory } from "../src/cli/doctor/machine.js";
import { writeFiles } from "./project.js";
import { ROOT, suiteFolder, temporaryFolder, ts2go } from "./support.js";

const COMMAND = join(ROOT, "bridge/bin/ts2go.js");
const folder = suiteFolder();
const good = join(folder, "good");
/** A copy of the good project, for each test to break. */
const project = join(folder, "project");

interface Check {
  readonly group: string;
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly mend?: string;
}

/** The command as a user runs it: in a process of its own, which a shell may have given limits. */
function run(cwd: string, args: readonly string[], world: World = {}) {
  const command = [process.execPath, COMMAND, "doctor", ...args].map((word) => `'${word}'`).join(" ");
  const { FORCE_COLOR: _, ...env } = process.env;
  return spawnSync("/bin/bash", ["-c", `${world.before ?? ""} ${command}`], {
    cwd,
    env: { ...env, NO_COLOR: "1", ...world.env },
    encoding: "utf8",
  });
}

/** Runs what follows with a system call that fails with EPERM, as a container's seccomp profile makes it. */
const forbidding = (number: Readonly<Record<string, number>>): string => {
  writeFileSync(
    join(folder, "forbid.py"),
    `import ctypes, os, struct, sys
def op(code, jt, jf, k): return struct.pack("HBBI", code, jt, jf, k)
program = op(0x20, 0, 0, 0) + op(0x15, 0, 1, int(sys.argv[1])) + op(0x06, 0, 0, 0x00050001) + op(0x06, 0, 0, 0x7fff0000)
code = ctypes.create_string_buffer(program, len(program))
filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter, 0, 0): sys.exit("seccomp is not to be had")
os.execvp(sys.argv[2], sys.argv[2:])
`,
  );
  return `python3 ${join(folder, "forbid.py")} ${number[process.arch]}`;
};

interface World {
  /** What stands before the command: limits, or a command that runs it. */
  readonly before?: string;
  readonly env?: NodeJS.ProcessEnv;
}

function doctor(cwd: string, world: World = {}): { code: number | null; checks: Check[]; of(name: string): Check } {
  const { status, stdout, stderr } = run(cwd, ["--json"], world);
  expect(stderr).toBe("");
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  expect(ok, "what it says and the exit code are one").toBe(status === 0);
  const of = (name: string): Check => {
    const check = checks.find((one) => one.name === name);
    return check ?? expect.fail(`there is no check ${name} in ${stdout}`);
  };
  return { code: status, checks, of };
}

const faults = (checks: readonly Check[]): string[] =>
  checks
    .filter(({ status }) => status === "problem" || status === "warning")
    .map(({ name, status }) => `${status} ${name}`);

function edit(name: string, from: string, to: string): void {
  const path = join(project, name);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

beforeAll(async () => {
  expect((await ts2go(folder, ["init", "good"])).code).toBe(0);
  mkdirSync(join(good, "node_modules/@x"), { recursive: true });
  symlinkSync(join(ROOT, "bridge"), join(good, "node_modules/@x/ts2go"));
  expect((await ts2go(good, ["build"])).code).toBe(0);
});

beforeEach(() => {
  rmSync(project, { recursive: true, force: true });
  cpSync(good, project, { recursive: true, verbatimSymlinks: true });
});

/** What this machine lacks without our doing. */
let normally: ReadonlySet<string> | undefined;

const PROJECT = ["settings", "packages", "interface", "generated", "go module", "program", "start"];

describe("ts2go doctor", { timeout: 120_000 }, () => {
  test("finds everything there in a project that was just built", () => {
    const { code, checks } = doctor(project);
    expect({ code, problems: checks.filter(({ status }) => status === "problem") }).toEqual({ code: 0, problems: [] });
    const own = checks.filter(({ group }) => group === "this project");
    expect(own.map(({ name, status }) => `${name} ${status}`)).toEqual(PROJECT.map((name) => `${name} ok`));
    const names = ["platform", "node", "go", "addon", "kernel", "files", "processors", "memory", "limits", "delve"];
    expect(checks.filter(({ group }) => group === "this machine").map(({ name }) => name)).toEqual(names);
  });

  test.each<[string, World, string[], Partial<Record<string, [found: RegExp, mend: RegExp]>>]>([
    [
      "no Go on the PATH",
      { env: { PATH: "/nowhere" } },
      ["problem go"],
      { go: [/^the command go was not found$/, /golang|apk add go|-S --needed go|go\.dev\/dl\/go1\.24\.0/] },
    ],
    [
      "room for few open files",
      { before: "ulimit -n 70;" },
      ["warning files"],
      { files: [/^70 may be open, \d+ are in a bare Node.*: room for [3-8]$/, /^ulimit -n 1024/] },
    ],
    [
      "too little address space",
      { before: `ulimit -v ${8 << 20};` },
      ["problem kernel", "problem start"],
      {
        kernel: [/^address space: .*\nulimit -v is 8 GiB, and V8 reserves 10 GiB/, /^ulimit -v unlimited/],
        start: [/cannot make a region/, /machine above/],
      },
    ],
    [
      "one processor",
      { before: "taskset -c 0" },
      ["warning processors"],
      { processors: [/^1: nothing spins/, /--cpuset-cpus/] },
    ],
    [
      "no memfd",
      { before: forbidding({ x64: 319, arm64: 279 }) },
      ["problem kernel", "problem start"],
      { kernel: [/^memfd: .*not permitted/, /seccomp profile that allows memfd_create/] },
    ],
    [
      "no pidfd",
      { before: forbidding({ x64: 434, arm64: 434 }) },
      ["warning kernel"],
      { kernel: [/^pidfd: .*client\.sync cannot notice/, /pidfd_open/] },
    ],
  ])("on a machine with %s", (_, world, expected, details) => {
    normally ??= new Set(faults(doctor(project).checks));
    const { code, checks, of } = doctor(project, world);
    expect(faults(checks).filter((fault) => expected.includes(fault) || !normally?.has(fault))).toEqual(expected);
    expect(code).toBe(expected.some((fault) => fault.startsWith("problem")) ? 1 : 0);
    for (const [name, [found, mend] = [/^$/, /^$/]] of Object.entries(details)) {
      expect(of(name).found).toMatch(found);
      expect(of(name).mend).toMatch(mend);
    }
  });

  test.each<[string, () => void, World, Record<string, [status: string, found: RegExp, mend: RegExp]>]>([
    [
      "its packages are not installed",
      () => rmSync(join(project, "node_modules"), { recursive: true }),
      {},
      { packages: ["problem", /not installed here/, /^npm install$/] },
    ],
    [
      "the Go program is not built",
      () => rmSync(join(project, "bin/greeter")),
      {},
      { program: ["problem", /^bin\/greeter is not built$/, /^npx ts2go build$/] },
    ],
    [
      "the Go program may not be executed",
      () => chmodSync(join(project, "bin/greeter"), 0o644),
      {},
      {
        program: ["problem", /may not be executed/, /^chmod \+x bin\/greeter$/],
        start: ["problem", /not an executable file/, /./],
      },
    ],
    [
      "a Go source has changed",
      () => appendFileSync(join(project, "main.go"), "// changed\n"),
      {},
      { program: ["problem", /^bin\/greeter is out of date: main\.go has changed$/, /^npx ts2go build$/] },
    ],
    [
      "a Go source has come",
      () => writeFiles(project, { "more.go": "package main\n" }),
      {},
      { program: ["problem", /files have come or gone in \.$/, /^npx ts2go build$/] },
    ],
    [
      "something else has built the program",
      () => rmSync(join(project, "bin/greeter.ts2go.json")),
      {},
      { program: ["warning", /not built by ts2go build/, /^npx ts2go build$/] },
    ],
    [
      "a generated file has changed",
      () => appendFileSync(join(project, "gen/greeter.go"), "\n"),
      {},
      {
        generated: ["problem", /^gen\/greeter\.go differs/, /^npx ts2go build$/],
        program: ["problem", /gen\/greeter\.go has changed/, /./],
      },
    ],
    [
      "the interface is another one than the program's",
      () => {
        edit("src/greeter.ts", "GoService, u8", "GoService, u16");
        edit("src/greeter.ts", "age: u8", "age: u16");
      },
      {},
      {
        generated: ["problem", /^src\/gen\/greeter\.ts differs.*\ngen\/greeter\.go differs/, /^npx ts2go build$/],
        start: ["problem", /User\.age is u16 here, u8 in Go/, /^npx ts2go build$/],
      },
    ],
    [
      "the interface file has a fault",
      () => edit("src/greeter.ts", "age: u8", "age: bigint"),
      {},
      { interface: ["problem", /^src\/greeter\.ts:6:\d+: `bigint` has no size/, /^npx ts2go gen shows/] },
    ],
    [
      "the interface file is gone",
      () => rmSync(join(project, "src/greeter.ts")),
      {},
      { interface: ["problem", /no interface file src\/greeter\.ts/, /write one/] },
    ],
    [
      "its settings are wrong",
      () => edit("package.json", '"out"', '"uot"'),
      {},
      { settings: ["problem", /no setting "uot"/, /write it like/] },
    ],
    [
      "package.json cannot be read",
      () => writeFileSync(join(project, "package.json"), "{"),
      {},
      { settings: ["problem", /^package\.json cannot be read/, /^mend that file$/] },
    ],
    [
      "go.mod asks for a Go that nobody has",
      () => edit("go.mod", "go 1.24.0", "go 1.99.0"),
      { env: { GOTOOLCHAIN: "local" } },
      {
        go: ["problem", /^1\.\d+\.\d+, and go\.mod asks for 1\.99\.0$/, /go1\.99\.0\.linux|needed go$/],
        program: ["problem", /go\.mod has changed/, /./],
      },
    ],
    [
      "go.mod asks for a Go that Go would fetch",
      () => edit("go.mod", "go 1.24.0", "go 1.99.0"),
      { env: { GOTOOLCHAIN: "auto" } },
      { go: ["warning", /the first build fetches that$/, /./] },
    ],
    [
      "go.mod lacks the module",
      () => writeFileSync(join(project, "go.mod"), "module example.com/good\n\ngo 1.24.0\n"),
      {},
      {
        "go module": ["problem", /^go\.mod does not give x\.example\/go/, /^go get x\.example\/go && go mod tidy$/],
        program: ["problem", /go\.mod has changed/, /./],
      },
    ],
    [
      "there is no go.mod",
      () => rmSync(join(project, "go.mod")),
      {},
      {
        "go module": ["problem", /^no go\.mod/, /^go mod init NAME$/],
        program: ["problem", /go\.mod has changed/, /./],
      },
    ],
  ])("in a project where %s", (_, change, world, expected) => {
    change();
    const { code, checks, of } = doctor(project, world);
    for (const [name, [status, found, mend]] of Object.entries(expected)) {
      expect(of(name)).toMatchObject({
        status,
        found: expect.stringMatching(found),
        mend: expect.stringMatching(mend),
      });
    }
    const problems = checks.filter(({ status, group }) => status === "problem" && group === "this project");
    const meant = Object.entries(expected).filter(([name, [status]]) => status === "problem" && name !== "go");
    expect(problems.map(({ name }) => name).sort()).toEqual(meant.map(([name]) => name).sort());
    expect(code).toBe(Object.values(expected).some(([status]) => status === "problem") ? 1 : 0);
  });

  test.each([
    [
      "crashes",
      "echo config file missing >&2; exit 3",
      /exited with code 3; its last words:\nconfig file missing/,
      /what it needs/,
    ],
    ["says nothing", "exec sleep 600", /did not report within 10000 ms/, /main calls ts2go\.Main/],
  ])("a Go program that %s at its start is given up", (_, script, found, mend) => {
    const path = join(project, "bin/greeter");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    const { code, of } = doctor(project);
    expect(code).toBe(1);
    expect(of("program")).toMatchObject({ status: "problem", found: expect.stringContaining("was replaced") });
    expect(of("start")).toMatchObject({
      status: "problem",
      found: expect.stringMatching(found),
      mend: expect.stringMatching(mend),
    });
  });

  test("outside a project it looks at the machine alone", () => {
    const empty = temporaryFolder();
    const { code, of } = doctor(empty);
    expect(code).toBe(0);
    expect(of("settings")).toMatchObject({ status: "note", found: expect.stringContaining("no package.json") });
    expect(of("addon").status).toBe("ok");
    writeFiles(empty, { "package.json": "{}" });
    expect(doctor(empty).of("settings")).toMatchObject({
      status: "warning",
      mend: expect.stringContaining("ts2go init"),
    });
  });

  test("paths on the command line come before package.json", () => {
    const { status, stdout } = run(project, ["--binary", "bin/other"]);
    expect(status).toBe(1);
    expect(stdout).toContain("bin/other is not built");
  });
});

describe("ts2go doctor and the addon", { timeout: 120_000 }, () => {
  /** The packages as npm would put them there, without the binaries. */
  function install(): string {
    const modules = join(project, "node_modules/@x");
    rmSync(modules, { recursive: true });
    for (const [from, name] of [
      ["bridge", "ts2go"],
      ["ring", "mem-ring"],
    ] as const) {
      for (const part of ["dist", "package.json"])
        cpSync(join(ROOT, from, part), join(modules, name, part), { recursive: true });
    }
    return join(modules, "mem-ring");
  }
  const target = (): string => {
    const { glibcVersionRuntime } = (process.report.getReport() as unknown as { header: Record<string, unknown> })
      .header;
    return `prebuilds/${process.platform}-${process.arch}-${glibcVersionRuntime === undefined ? "musl" : "glibc"}/mem_ring.node`;
  };

  test("without a binary for this platform names those that there are", () => {
    const ring = install();
    mkdirSync(join(ring, "prebuilds/plan9-x64"), { recursive: true });
    const { code, of } = doctor(project);
    expect(code).toBe(1);
    expect(of("addon")).toMatchObject({
      status: "problem",
      found: expect.stringMatching(/has no native addon for .*mem_ring\.node: not there/s),
      mend: expect.stringMatching(/^npm install @x\/mem-ring \(it has binaries for: plan9-x64\)/),
    });
    expect(of("start")).toMatchObject({ status: "problem", mend: expect.stringContaining("machine above") });
  });

  test("with a binary that does not load says why", () => {
    const path = join(install(), target());
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "no library");
    const { code, of } = doctor(project);
    expect(code).toBe(1);
    expect(of("addon")).toMatchObject({
      status: "problem",
      found: expect.stringMatching(/invalid ELF header|too short/i),
    });
  });

  test("with the binary of this checkout loads that", () => {
    const path = join(install(), target());
    cpSync(join(ROOT, "ring", target()), path);
    const { code, of } = doctor(project);
    expect(of("addon")).toMatchObject({ status: "ok", found: `loads: node_modules/@x/mem-ring/${target()}` });
    expect({ code, start: of("start").status }).toEqual({ code: 0, start: "ok" });
  });

  test("that wants a newer Node says so", () => {
    const file = join(dirname(install()), "ts2go/package.json");
    cpSync(join(ROOT, "ring", target()), join(dirname(file), "../mem-ring", target()));
    writeFileSync(file, readFileSync(file, "utf8").replace(/"node": ".*?"/, '"node": ">=99.1"'));
    const { code, of } = doctor(project);
    expect(code).toBe(1);
    expect(of("node")).toMatchObject({
      status: "problem",
      found: `${process.versions.node}, and 99.1 or later is needed`,
      mend: expect.stringContaining("nodejs.org"),
    });
  });

  test("in a checkout asks for a compiler, and for those tools alone that are missing", () => {
    writeFiles(install(), { "native/addon.cc": "" });
    const [go, make] = ["go", "make"].map((command) => {
      const found = spawnSync("which", [command], { encoding: "utf8" }).stdout.trim();
      return found === "" ? expect.fail(`there is no ${command}`) : found;
    });
    const tools = join(folder, "tools");
    mkdirSync(tools, { recursive: true });
    for (const path of [go, make])
      symlinkSync(path as string, join(tools, (path as string).split("/").at(-1) as string));
    const { mend } = doctor(project, { env: { PATH: tools } }).of("addon");
    expect(mend).toMatch(/(g\+\+|gcc).* python3?\n.*npm ci && npm run build$|^install g\+\+, python3\n/);
    expect(mend?.split("\n")[0]).not.toMatch(/\bmake\b/);
    expect(
      doctor(project, { env: { PATH: "/nowhere" } })
        .of("addon")
        .mend?.split("\n")[0],
    ).toMatch(/\bmake\b/);
  });

  test("that ends the process which loads it does not end the doctor", () => {
    const ring = install();
    writeFileSync(
      join(ring, "dist/channel/index.js"),
      'process.kill(process.pid, "SIGSEGV"); await new Promise(() => {});\n',
    );
    const { code, of } = doctor(project);
    expect(code).toBe(1);
    expect(of("addon")).toMatchObject({ status: "problem", found: "the trial was ended by SIGSEGV after files" });
    expect(of("start").status).toBe("problem");
  });
});

describe("what it prints", { timeout: 120_000 }, () => {
  test("is a line for each check, its columns in line, and what mends it below", () => {
    rmSync(join(project, "bin/greeter"));
    const { status, stdout, stderr } = run(project, []);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).not.toContain("\u001b[");
    const { checks } = doctor(project);
    const lines = stdout.split("\n");
    for (const { name, status: word, found } of checks) {
      const line = `  ${word.padEnd(7)}  ${name.padEnd(10)}  ${found.split("\n")[0]}`;
      expect(lines).toContain(line);
    }
    const at = lines.findIndex((line) => line.includes("is not built"));
    expect(lines[at + 1]).toBe(`${" ".repeat(lines[at]?.indexOf("bin/greeter") as number)}help: npx ts2go build`);
    expect(stdout).toMatch(/\n1 problem(, \d+ warnings?)?\n$/);
  });

  test("has colours on a terminal, and without one where they are forced", () => {
    expect(run(project, [], { env: { NO_COLOR: "", FORCE_COLOR: "1" } }).stdout).toContain("\u001b[32mok");
    const command = `'${process.execPath}' '${COMMAND}' doctor`;
    const env = { ...process.env, NO_COLOR: "", TERM: "xterm" };
    const terminal = (shell: string) =>
      spawnSync("script", ["-qec", shell, "/dev/null"], { cwd: project, env, encoding: "utf8", input: "" });
    expect(terminal(command).stdout).toContain("\u001b[32mok");
    expect(terminal(`${command} | cat`).stdout).not.toContain("\u001b[32mok");
  });
});

describe("the command for each distribution", () => {
  const SYSTEMS = {
    bookworm: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
    trixie: 'VERSION_ID="13"\nID=debian\n',
    noble: 'NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
    mint: 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n',
    fedora: 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=42\n',
    rocky: 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"\n',
    alpine: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\n',
    arch: 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n',
    nixos: "ID=nixos\n",
    nothing: "",
  };
  const bare = (text: string) => text.replace(/sudo /g, "");

  test.each([
    ["bookworm", "apt-get install -y g++ python3"],
    ["noble", "apt-get install -y g++ python3"],
    ["mint", "apt-get install -y g++ python3"],
    ["fedora", "dnf install -y gcc-c++ python3"],
    ["rocky", "dnf install -y gcc-c++ python3"],
    ["alpine", "apk add g++ linux-headers python3"],
    ["arch", "pacman -S --needed gcc python"],
    ["nixos", "install g++, python3"],
    ["nothing", "install g++, python3"],
  ] as const)("compiler and Python on %s", (name, expected) => {
    expect(bare(installTools(readDistribution(SYSTEMS[name]), ["compiler", "python"]))).toBe(expected);
  });

  test.each([
    ["bookworm", "1.24.0", /go\.dev\/dl\/go1\.24\.0\.linux-(amd64|arm64)\.tar\.gz \| tar -C \/usr\/local -xz\n/],
    ["trixie", "1.24.0", /^apt-get install -y golang-go$/],
    ["trixie", "1.26", /go1\.26\.0\.linux/],
    ["noble", "1.24.0", /go1\.24\.0\.linux/],
    ["mint", "1.24.0", /go1\.24\.0\.linux/],
    ["fedora", "1.24.0", /^dnf install -y golang$/],
    ["rocky", "1.24.0", /go1\.24\.0\.linux/],
    ["alpine", "1.24.0", /^apk add go$/],
    ["arch", "1.26.0", /^pacman -S --needed go$/],
    ["nothing", "1.24.0", /go1\.24\.0\.linux/],
  ] as const)("Go on %s, %s", (name, wanted, expected) => {
    expect(bare(installGo(readDistribution(SYSTEMS[name]), wanted))).toMatch(expected);
  });
});

test.each([
  ["1.9", "1.24", true],
  ["1.24", "1.24.0", false],
  ["1.24.1", "1.24.0", false],
  ["1.23.9", "1.24.0", true],
  ["1.25rc1", "1.24.5", false],
  ["20.9.0", "20.19", true],
  ["24.0.0", "20.19", false],
])("%s before %s: %s", (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});

test("memory that a region could not grow to asks for a smaller region", () => {
  expect(memory(4 * 2 ** 30).status).toBe("ok");
  expect(memory(600 * 2 ** 20)).toMatchObject({
    status: "warning",
    found: expect.stringMatching(/^600 MiB, /),
    mend: expect.stringContaining(`regionSize: ${256 * 2 ** 20}`),
  });
});
