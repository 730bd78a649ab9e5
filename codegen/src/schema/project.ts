import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CompilerOptions, getCompilerOptionsFromTsConfig, Project, type SourceFile, ts } from "ts-morph";
import { type Diagnostic, diagnosticAt } from "./diagnostics.js";

/** What an interface file is read with where no tsconfig.json says otherwise. */
const DEFAULTS: CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
};

/** Opens an interface file with the options of the nearest tsconfig.json, as the user's editor does. */
export function openInterface(file: string): SourceFile {
  const config = nearest(dirname(file), "tsconfig.json");
  const options = config === undefined ? DEFAULTS : getCompilerOptionsFromTsConfig(config).options;
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    // Nothing is emitted from here; and a type that is declared and not used is the linter's business.
    compilerOptions: {
      ...options,
      ...withoutFormats(options),
      noEmit: true,
      skipLibCheck: true,
      composite: false,
      incremental: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
  });
  return project.addSourceFileAtPath(file);
}

/**
 * ts-morph does not tell TypeScript which files are ES modules, so that under Node's own resolution all of them count
 * as CommonJS and `import.meta` as a fault. Types are found the same way by the resolution of bundlers.
 */
function withoutFormats({ module }: CompilerOptions): CompilerOptions {
  const node = module !== undefined && module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext;
  return node ? { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler } : {};
}

/** What TypeScript itself says about a file. Where the syntax is broken it says nothing else. */
export function typescriptFaults(file: SourceFile): { syntax: boolean; faults: Diagnostic[] } {
  const program = file.getProject().getProgram();
  const syntactic = program.getSyntacticDiagnostics(file);
  const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
  const faults = found
    .filter((item) => item.getCategory() === ts.DiagnosticCategory.Error)
    .map((item) => {
      const start = item.getStart() ?? 0;
      const message = ts.flattenDiagnosticMessageText(item.compilerObject.messageText, "\n  ");
      return diagnosticAt(file, start, start + (item.getLength() ?? 1), `TS${item.getCode()}`, message, help(message));
    });
  return { syntax: syntactic.length > 0, faults };
}

/** A word of ts2go's own that was not imported. */
const UNKNOWN = /^Cannot find name '(GoService|NodeService|Borrow|Lease|Duration|int|[iu](?:8|16|32|64)|f(?:32|64))'/;

/** TypeScript's own words suffice, but for the faults that every new user meets first. */
function help(message: string): string | undefined {
  if (message.includes("'@x/ts2go'")) return "install it beside this file: npm install @x/ts2go";
  const [, word] = UNKNOWN.exec(message) ?? [];
  return word === undefined ? undefined : `import it: import type { ${word} } from "@x/ts2go"`;
}

/** The nearest file of this name in a folder or above it. */
export function nearest(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, name);
    if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) return undefined;
  }
}
