import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeModule } from "./go-module.js";
import { ROOT } from "./support.js";

const GREETER = `import type { GoService } from "@x/ts2go";

export interface Greeter extends GoService {
  greet(name: string): Promise<string>;
}
`;

/** The Go program of a greeter. */
export const PROGRAM = `package main

import (
	"context"

	"example.test/random/gen"
	"x.example/go/ts2go"
)

type greeter struct{}

func (greeter) Greet(_ context.Context, name string) (string, error) { return "hello " + name, nil }

func main() { ts2go.Main(gen.ServeGreeter(greeter{})) }
`;

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A user's project as `ts2go` finds it: an interface file, a package.json with the settings, nothing generated. */
export function writeProject(folder: string): void {
  writeFiles(folder, {
    "package.json": JSON.stringify({
      name: "greeter",
      type: "module",
      ts2go: { file: "src/greeter.ts", out: "src/gen", go: "gen", main: ".", binary: "bin/greeter" },
    }),
    "tsconfig.json": JSON.stringify({
      extends: join(ROOT, "tsconfig.base.json"),
      compilerOptions: { paths: { "@x/ts2go": [join(ROOT, "bridge/src/types.ts")] }, types: [] },
    }),
    "src/greeter.ts": GREETER,
  });
}

/** The same with a Go program that can be built. */
export function writeGoProject(folder: string): void {
  writeProject(folder);
  writeModule(folder);
  writeFiles(folder, { "main.go": PROGRAM });
}
