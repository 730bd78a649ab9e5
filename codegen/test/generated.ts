import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "@x/ts2go/schema";
import { interfaceSource } from "../../test/src/arbitrary/index.js";
import { canonicalSchema, emitGo, emitTypeScript, type Model, readInterfaceFile } from "../src/index.js";
import { ROOT } from "./support.js";

/** An interface file in a folder, read. */
export interface Read {
  readonly file: string;
  readonly model: Model;
}

const TSCONFIG = {
  extends: join(ROOT, "tsconfig.base.json"),
  compilerOptions: { paths: { "@x/ts2go": [join(ROOT, "bridge/src/types.ts")] }, types: [] },
};

/** Writes an interface file into a folder of its own and reads it; it must have no faults. */
export function readSource(folder: string, source: string, name = "random.ts"): Read {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const file = join(folder, name);
  writeFileSync(file, source);
  const reading = readInterfaceFile(file);
  if ("diagnostics" in reading) throw new Error(`${source}\n${JSON.stringify(reading.diagnostics, undefined, 1)}`);
  return { file, model: reading.model };
}

/** The same for the interface file of a random schema. */
export function readSchema(folder: string, schema: Schema): Read {
  return readSource(folder, interfaceSource(schema));
}

/** The generated client of a model, as if it lay in `gen` beside the interface file. */
export function clientOf({ file, model }: Read): string {
  const path = join(file, "..", "gen", `${model.name}.ts`);
  return emitTypeScript(model, canonicalSchema(model), { path, binary: "bin/test" });
}

export function serverOf({ model }: Read, name: string): string {
  return emitGo(model, canonicalSchema(model), { package: name });
}
