/** Calls from Go to methods that TypeScript implements. */
export { type Answering, Callbacks } from "./callbacks.js";
export type { Caller } from "./go-call.js";
