import type * as Api from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";

/** OpenTelemetry as a program has registered it. */
export interface Telemetry {
  readonly api: typeof Api;
  /** The active span, as `traceparent` tells of it. */
  active(): string;
  /** Runs in a span of its own, and says which that was. */
  inSpan<T>(run: () => T | Promise<T>): Promise<{ result: T; parent: string }>;
  /** Spans that have ended, in their order. */
  ended(): readonly ReadableSpan[];
}

/** Runs in a thread whose program uses OpenTelemetry's own SDK: clients that begin in `run` see that it does. */
export async function traced(run: (telemetry: Telemetry) => Promise<void>): Promise<void> {
  const api = await import("@opentelemetry/api");
  const sdk = await import("@opentelemetry/sdk-trace-node");
  const exporter = new sdk.InMemorySpanExporter();
  const provider = new sdk.NodeTracerProvider({ spanProcessors: [new sdk.SimpleSpanProcessor(exporter)] });
  provider.register();
  const active = () => {
    const span = api.trace.getActiveSpan()?.spanContext();
    return span === undefined ? "none" : `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`;
  };
  try {
    await run({
      api,
      active,
      inSpan: (inner) =>
        api.trace.getTracer("conformance").startActiveSpan("a case's", async (span) => {
          try {
            return { parent: active(), result: await inner() };
          } finally {
            span.end();
          }
        }),
      ended: () => exporter.getFinishedSpans(),
    });
  } finally {
    for (const each of [api.trace, api.context, api.propagation]) each.disable();
    await provider.shutdown();
  }
}
