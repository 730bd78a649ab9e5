import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { type Client, connect, type Implementation, type Metadata } from "@x/ts2go";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Context, context as lazy, type Seen, Witness } from "./src/gen/trust.js";

// The real SDK, registered as a program does: before the first call. Go has none; it hands on what it gets.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = trace.getTracer("test");

/** The active span, as `traceparent` tells of it. */
const active = (): string => {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? "none" : `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`;
};

const witness: Implementation<Witness> = {
  look: () =>
    tracer.startActiveSpan("look in TypeScript", (span) => {
      span.end();
      return { metadata: {}, words: [] };
    }),
  count: () => ({ metadata: {}, words: [active()] }),
  nothing: async ({ metadata }) => {
    await undefined;
    return { metadata: { ...metadata }, words: [active()] };
  },
  tell: () => {
    told.push(active());
  },
};
const told: string[] = [];

let client: Client<Context>;
beforeAll(async () => {
  provider.register();
  client = await connect(Context, { provide: [Witness.with(witness)] });
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  await client.close();
  await provider.shutdown();
});

/** Runs in a span of its own, and says which that was. */
function inSpan<T>(run: () => Promise<T>): Promise<{ result: T; parent: string }> {
  return tracer.startActiveSpan("test", { kind: SpanKind.CLIENT }, async (span) => {
    try {
      return { parent: active(), result: await run() };
    } finally {
      span.end();
    }
  });
}

test("the very first call of a default client carries the active span", async () => {
  const { result, parent } = await inSpan(() => lazy.nothing());
  expect(result.metadata).toEqual({ traceparent: parent });
  await lazy.close();
});

test("the active span goes with every kind of call, beside the caller's own metadata", async () => {
  expect((await inSpan(async () => client.sync.nothing())).result.metadata).toHaveProperty("traceparent");
  const { result, parent } = await inSpan(() =>
    client.count(1, { metadata: { tenant: "a", traceparent: "00-another-one-00" } }),
  );
  expect(parent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(result.metadata).toEqual({ tenant: "a", traceparent: parent });

  const stream = await inSpan(async () => (await client.items([] as never).next()).value);
  expect(stream.result).toBe(`traceparent=${stream.parent}`);

  const note = await inSpan(async () => client.note("noted"));
  await expect
    .poll(async () => (await client.notes()).map(({ metadata }) => metadata.traceparent))
    .toEqual([note.parent]);
});

test("and tracestate and baggage with it", async () => {
  const { traceId, spanId } = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
  const carried = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: "vendor=value", baggage: "user=ada" };
  const from = propagation.extract(context.active(), carried);
  expect((await context.with(from, () => client.nothing())).metadata).toEqual(carried);
});

test("what is too much for a call is left behind, and the call is made", async () => {
  const from = propagation.extract(context.active(), {
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    baggage: `a=${"x".repeat(4000)}`,
  });
  const own: Metadata = { own: "y".repeat(5000) };
  const { metadata } = await context.with(from, () => client.nothing({ metadata: own }));
  expect(Object.keys(metadata).sort()).toEqual(["own", "traceparent"]);
});

test("nothing goes with a call that is made outside of any span", async () => {
  expect((await client.nothing()).metadata).toEqual({});
});

test("a call from Go is part of the trace of the call that it is made on behalf of", async () => {
  const { result, parent } = await inSpan(() => client.back("count", {}));
  expect(result.words).toEqual([parent]);
  await inSpan(() => client.back("look", {}));
  const [inner, outer] = exporter.getFinishedSpans().slice(-2);
  expect(inner?.name).toBe("look in TypeScript");
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  const tell = await inSpan(() => client.back("a line", {}));
  expect(told).toEqual([tell.parent]);
});

test("unless Go says of which: a span that it has started there", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const { result } = await inSpan(() => client.back("nothing", { traceparent, tenant: "a" }));
  expect(result).toEqual({ metadata: { traceparent, tenant: "a" }, words: [traceparent] });
  // Also where no call is known.
  expect((await client.back("count", { traceparent })).words).toEqual([traceparent]);
});

test("what Go hands on as it came is the same span", async () => {
  const { result, parent } = await inSpan(() => client.forward());
  expect(result).toEqual<Seen>({ metadata: { traceparent: parent }, words: [parent] });
});
