// `npm run check`: everything that a change has to pass: format, lint, types, generated files, vet, all tests.
import { join } from "node:path";
import { execa } from "execa";
import { root, runSteps, steps } from "./build.mjs";

const GO_MODULES = ["go", "examples/demo", "examples/markdown", "test", "bench/go"];
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

await runSteps([
  { title: "biome: format and lint", task: () => run("biome", ["ci", "--error-on-warnings", "."]) },
  { title: "layout constants", task: () => run(process.execPath, ["scripts/gen-layout.mjs", "--check"]) },
  { title: "gofmt", task: gofmt },
  ...steps(),
  ...["ring", "bridge", "codegen"].map((dir) => ({
    title: `types of ${dir}/test`,
    task: () => run("tsc", ["-p", `${dir}/test`]),
  })),
  ...GO_MODULES.map((dir) => ({ title: `go vet: ${dir}`, task: () => run("go", ["vet", "./..."], join(root, dir)) })),
  {
    title: "go vet for arm64",
    task: () => execa("go", ["vet", "./..."], { cwd: join(root, "go"), env: { GOARCH: "arm64" } }),
  },
  ...GO_MODULES.map((dir) => ({
    title: `staticcheck: ${dir}`,
    task: () => run("go", ["run", STATICCHECK, "./..."], join(root, dir)),
  })),
]);
await execa(process.execPath, ["scripts/test.mjs"], { cwd: root, stdio: "inherit" }).catch(() => process.exit(1));
