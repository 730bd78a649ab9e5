/** Leases: bytes in shared memory that stay after a call ({@link ResultLeases}), or are there before it ({@link Lent}). */
export { Lent } from "./lent.js";
export { ResultLeases } from "./results.js";
