/**
 * The generator behind the `ts2go` command: an interface file in, an async TypeScript client and a Go interface out.
 *
 * Four rooms with one-way doors: `schema` reads TypeScript, `layout` computes Go's memory layout, `emit` writes source
 * text, `cli` is the command.
 */
import { processIo, run } from "./cli/index.js";

export { type Generation, generate, type Io, run } from "./cli/index.js";
export { emitGo, emitTypeScript } from "./emit/index.js";
export { Layouts, methodLayout, TypeGraph } from "./layout/index.js";
export {
  type CanonicalSchema,
  canonicalSchema,
  type Diagnostic,
  type Model,
  readInterfaceFile,
} from "./schema/index.js";

/** Runs the command `ts2go` with these arguments and gives its exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return run(argv, processIo());
}
