/**
 * `@x/mem-ring/process`: the rings of `@x/mem-ring` between processes, with JavaScript, Go or C++ at either end: a sealed
 * memfd for the memory, an eventfd a side for the doorbells. It needs the native addon.
 */
export * from "../index.js";
export { SharedMessageRing, SharedRing } from "./ring.js";
export type { Fds, Handle } from "./share.js";
