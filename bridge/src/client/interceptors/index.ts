/** Interceptors: what they are ({@link Interceptor}), around a client's calls, and around an implementation. */
export { intercepted, interceptedSync } from "./client.js";
export { interceptedImplementation } from "./implementation.js";
export { type CallInfo, type Interceptor, withMetadata } from "./interceptor.js";
