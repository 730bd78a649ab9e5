/**
 * The first room: from an interface file to a {@link Model}, or to the faults in it. It knows TypeScript and nothing
 * of Go or of what is emitted.
 */
export { type CanonicalSchema, canonicalSchema } from "./canonical.js";
export { CODES, type Code } from "./codes.js";
export type { Diagnostic } from "./diagnostics.js";
export { holdsLease } from "./leasing.js";
export * from "./model.js";
export { namesIn, partsOf } from "./parts.js";
export { nearest } from "./project.js";
export { type Reading, readInterfaceFile } from "./read.js";
export { capital, pascal, small, stem, words } from "./words.js";
