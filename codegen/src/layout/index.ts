/**
 * The second room: how Go lays the types of a model out in memory. It knows the schema and nothing of what is emitted.
 */
export { TypeGraph } from "./graph.js";
export { type Layout, Layouts, type StructLayout } from "./layout.js";
export { INLINE_MAX, type MethodLayout, methodLayout } from "./method.js";
