/** Streams: what comes back in batches ({@link Incoming}), what goes out in batches ({@link Outgoing}). */
export { Incoming } from "./incoming.js";
export { Misfit, Outgoing } from "./outgoing.js";
export { StreamCall } from "./stream-call.js";
