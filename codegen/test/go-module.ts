import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GoNames } from "../src/emit/go/names.js";
import { Layouts } from "../src/index.js";
import { type FieldsType, hasFields } from "../src/schema/index.js";
import { type Read, serverOf } from "./generated.js";
import { ROOT } from "./support.js";

/** A Go module in a folder that uses the repository's own Go packages. */
export function writeModule(folder: string): void {
  const demo = join(ROOT, "examples/demo");
  const mod = readFileSync(join(demo, "go.mod"), "utf8")
    .replace(/^module .*$/m, "module example.test/random")
    .replace(/=> \.\.\/\.\.\/go$/m, `=> ${join(ROOT, "go")}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), mod);
  copyFileSync(join(demo, "go.sum"), join(folder, "go.sum"));
}

/** Runs the go command (or gofmt) and gives its output; it must not fail. */
export function go(folder: string, args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): string {
  const [command = "go", ...rest] = args;
  const options = { cwd: folder, encoding: "utf8", input, maxBuffer: 1 << 28 } as const;
  const run = spawnSync(command, rest, { ...options, env: { ...process.env, ...env } });
  if (run.error !== undefined) throw new Error(`${run.error.message}: ${run.stderr}`);
  if (run.status !== 0) throw new Error(`${args.join(" ")}: ${run.stdout}${run.stderr}`);
  return run.stdout + run.stderr;
}

/** One generated package of the module, with access to its private functions from outside. */
export function writePackage(folder: string, name: string, read: Read): void {
  const { model } = read;
  const names = new GoNames(model);
  const layouts = new Layouts(model);
  const structs = model.types.filter(hasFields);
  const codecs = structs.map((type) => {
    const fn = (verb: "read" | "check" | "size" | "write"): string => names.function(verb, type.name);
    const source = serverOf(read, name);
    const has = (function_: string): boolean => source.includes(`func ${function_}(`);
    const optional = (field: string, function_: string): string => (has(function_) ? ` ${field}: ${function_},` : "");
    return `\t\t${JSON.stringify(type.name)}: kit.Codec[${names.type(type.name)}]{RootSize: ${layouts.struct(type.name).size}, InPlace: ${layouts.inPlace({ kind: "named", name: type.name })}, Read: ${fn("read")}, Write: ${fn("write")},${optional("Size", fn("size"))}${optional("Check", fn("check"))}},`;
  });
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, `${name}.go`), serverOf(read, name));
  const asserted = structs.flatMap((type) => assertions(type, names, layouts));
  const imports = asserted.length === 0 ? "" : 'import "unsafe"\n\n';
  writeFileSync(
    join(folder, name, "harness.go"),
    `package ${name}\n\nimport "example.test/random/kit"\n\n${imports}${asserted.join("\n")}\n\n// Codecs are the private functions of this package.\nfunc Codecs() map[string]kit.Tester {\n\treturn map[string]kit.Tester{\n${codecs.join("\n")}\n\t}\n}\n`,
  );
}

/** What has to hold wherever this compiles: sizes and offsets as TypeScript believes in them. */
function assertions(type: FieldsType, names: GoNames, layouts: Layouts): string[] {
  if (!layouts.inPlace({ kind: "named", name: type.name })) return [];
  const { size, align, offsets } = layouts.struct(type.name);
  const value = `${names.type(type.name)}{}`;
  const equal = (is: string, expected: number): string => `var _ = [1]struct{}{}[${is}-${expected}]`;
  const fields = names.fields(type).flatMap((field, i) => {
    return field === "" ? [] : [equal(`unsafe.Offsetof(${value}.${field})`, offsets[i] as number)];
  });
  return [equal(`unsafe.Sizeof(${value})`, size), equal(`unsafe.Alignof(${value})`, align), ...fields];
}

/** The program that serves the tests: one line in, one line out. */
export function writeProgram(folder: string, packages: readonly string[]): void {
  const kit = join(folder, "kit/kit.go");
  mkdirSync(dirname(kit), { recursive: true });
  copyFileSync(join(import.meta.dirname, "go/kit.go"), kit);
  const imports = packages.map((name) => `\t"example.test/random/${name}"\n`).join("");
  const table = packages.map((name) => `\t\t${JSON.stringify(name)}: ${name}.Codecs(),\n`).join("");
  writeFileSync(
    join(folder, "main.go"),
    `package main\n\nimport (\n\t"example.test/random/kit"\n${imports})\n\nfunc main() {\n\tkit.Main(map[string]map[string]kit.Tester{\n${table}\t})\n}\n`,
  );
}
