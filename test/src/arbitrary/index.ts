/**
 * Random interfaces and random values for them, for property tests: schemas, the interface files that they are the
 * reading of, values that fit, and values that do not.
 */
export { misfits } from "./misfit.js";
export { isInPlace, type SchemaOptions, schemas } from "./schema.js";
export { interfaceSource } from "./source.js";
export { numbers, requests, typedArrays, values } from "./value.js";
