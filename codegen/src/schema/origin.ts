import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Node, SourceFile } from "ts-morph";
import type { Origin } from "./model.js";
import { nearest } from "./project.js";

/** The package whose types are ts2go's own words. */
const PACKAGE = "@x/ts2go";
const names = new Map<string, string | undefined>();

/** Whether a declaration is one of ts2go's own words (`u8`, `Borrow`, `GoService`), whatever it was imported as. */
export function isMarker(declaration: Node): boolean {
  return packageOf(declaration.getSourceFile()) === PACKAGE;
}

/** Whether a declaration comes with TypeScript: `Array`, `Promise`, `Map`, ... */
export function isLibrary(declaration: Node): boolean {
  const file = declaration.getSourceFile();
  return file.getProject().getProgram().compilerObject.isSourceFileDefaultLibrary(file.compilerNode);
}

/** Whether a declaration comes with Node's own types (`@types/node`). */
export function isNode(declaration: Node): boolean {
  return declaration.getSourceFile().getFilePath().includes("/node_modules/@types/node/");
}

/** Whether a file is the user's own, and not an installed package's. */
export function isOwn(file: SourceFile): boolean {
  return !file.getFilePath().includes("/node_modules/") && packageOf(file) !== PACKAGE;
}

/** Where generated code can import a declaration from: only from the user's own modules, and only what is exported. */
export function originOf(declaration: Node): Origin | undefined {
  const file = declaration.getSourceFile();
  const symbol = declaration.getSymbol();
  if (symbol === undefined || !isOwn(file)) return undefined;
  for (const exported of file.getExportSymbols()) {
    if ((exported.getAliasedSymbol() ?? exported) === symbol) {
      return { file: file.getFilePath(), exported: exported.getName() };
    }
  }
  return undefined;
}

function packageOf(file: SourceFile): string | undefined {
  const folder = dirname(file.getFilePath());
  if (!names.has(folder)) names.set(folder, readName(nearest(folder, "package.json")));
  return names.get(folder);
}

function readName(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    const name: unknown = JSON.parse(readFileSync(path, "utf8")).name;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
