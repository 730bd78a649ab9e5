/** The command line: paths in, files and messages out. */
export { type Generation, generate } from "./gen.js";
export { type Io, processIo } from "./io.js";
export { run } from "./main.js";
