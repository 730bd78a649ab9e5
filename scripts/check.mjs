// `npm run check`: everything that a change has to pass: format, lint, types, generated files, vet, all tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { root, runSteps, steps } from "./build.mjs";

const GO_MODULES = [
  "go",
  "examples/demo",
  "examples/markdown",
  "examples/search",
  "examples/policy",
  "test",
  "test/conformance",
  "bench/go",
  ...["connect", "grpc", "http-json", "koffi", "stdio-json", "unix-socket"].map((id) => `bench/contenders/${id}`),
];
// Pinned here and not in a go.mod: the published module must not depend on a linter.
const STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2";

const run = (command, args, cwd = root) =>
  execa(command, args, { cwd, preferLocal: true, localDir: root, all: true }).catch((error) =>
    Promise.reject(new Error(error.all || error.message)),
  );

const gofmt = async () => {
  const { stdout } = await run("gofmt", ["-l", "go", "examples", "test", "bench"]);
  if (stdout !== "") throw new Error(`not formatted by gofmt:\n${stdout}`);
};

const { stdout: installedGo } = await run("go", ["env", "GOVERSION"]);

/** Why a module is not looked at, if its go.mod asks for a newer Go than is installed: gRPC and Connect want 1.26. */
const needsNewerGo = (dir) => {
  const wanted = /^go (.+)$/m.exec(readFileSync(join(root, dir, "go.mod"), "utf8"))[1];
  const newer = wanted.localeCompare(installedGo.replace(/^go/, ""), "en", { numeric: true }) > 0;
  return newer && `${dir}: it needs Go ${wanted}, and this is ${installedGo}`;
};

/** A step for each Go module that the installed Go can build. */
const inEachModule = (title, args) =>
  GO_MODULES.map((dir) => ({
    title: `${title}: ${dir}`,
    skip: () => needsNewerGo(dir),
    task: () => run("go", args, join(root, dir)),
  }));

await runSteps([
  { title: "biome: format and lint", task: () => run("biome", ["ci", "--error-on-warnings", "."]) },
  { title: "layout constants", task: () => run(process.execPath, ["scripts/gen-layout.mjs", "--check"]) },
  { title: "gofmt", task: gofmt },
  ...steps(),
  ...["ring/test", "bridge/test", "codegen/test", "test/tsconfig.tests.json"].map((project) => ({
    title: `types of ${project}`,
    task: () => run("tsc", ["-p", project]),
  })),
  ...inEachModule("go vet", ["vet", "./..."]),
  {
    title: "go vet for arm64",
    task: () => execa("go", ["vet", "./..."], { cwd: join(root, "go"), env: { GOARCH: "arm64" } }),
  },
  ...inEachModule("staticcheck", ["run", STATICCHECK, "./..."]),
]);
await execa(process.execPath, ["scripts/test.mjs"], { cwd: root, stdio: "inherit" }).catch(() => process.exit(1));
