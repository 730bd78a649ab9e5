/**
 * The third room: TypeScript and Go source text out of a model and its layout. It reads and writes no files.
 */
export { banner, bannerSource } from "./banner.js";
export { emitGo, goFileBase, packageName } from "./go/index.js";
export { emitTypeScript, type TypeScriptOptions } from "./ts/index.js";
