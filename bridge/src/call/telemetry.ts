import { createRequire } from "node:module";
import type * as OpenTelemetry from "@opentelemetry/api";
import type { Metadata } from "./metadata.js";

/** OpenTelemetry's API, as far as it is used here: https://www.w3.org/TR/trace-context/ travels as metadata. */
type Api = Pick<typeof OpenTelemetry, "context" | "propagation" | "ROOT_CONTEXT">;

/**
 * Where every copy of the API keeps what the program has registered. As long as there is nothing, there is nothing to
 * propagate, and the package is not looked for: it may not be installed.
 */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

let api: Api | undefined;
/** Files from which it was looked for in vain. */
const missing = new Set<string>();

/**
 * Whether the program uses OpenTelemetry. `from` is a file of it, from which the package is resolved: it is not a dependency
 * of this one.
 */
export function hasTelemetry(from: string): boolean {
  if (api !== undefined) return true;
  if (missing.has(from) || !(REGISTERED in globalThis)) return false;
  try {
    api = createRequire(from)("@opentelemetry/api") as Api;
  } catch {
    // What has registered has a copy of its own.
    missing.add(from);
  }
  return api !== undefined;
}

/** What the active context says, such as `traceparent`; undefined where there is no active context. */
export function injected(): Metadata | undefined {
  const active = api?.context.active();
  if (api === undefined || active === undefined || active === api.ROOT_CONTEXT) return undefined;
  const carrier: Record<string, string> = {};
  api.propagation.inject(active, carrier);
  return carrier;
}

/** Runs `run` in the context that `metadata` tells of. */
export function extracted<T>(metadata: Metadata, run: () => T): T {
  if (api === undefined) return run();
  return api.context.with(api.propagation.extract(api.context.active(), metadata), run);
}
