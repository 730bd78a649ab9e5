import type { Client } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import type { Conformance } from "../conformance.js";
import { deepEqual, equal, from, match } from "../kit/checks.js";
import type { Ground } from "../kit/ground.js";
import { type Telemetry, traced } from "../kit/telemetry.js";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A case in a program that uses OpenTelemetry; `client` has begun in it. */
const tracing = (
  name: string,
  run: (on: Ground & { readonly own: Client<Conformance> }, telemetry: Telemetry) => Promise<void>,
): Case => ({
  name,
  alone: true,
  run: (on) => traced(async (telemetry) => run({ ...on, own: await on.fresh() }, telemetry)),
});

/** What has come with a call, by key. */
const came = ({ metadata }: { metadata: Map<string, string> }) => Object.fromEntries([...metadata].sort());

export const traces: Group = {
  title: "Trace context",
  cases: [
    tracing("the very first call of a client carries the active span as traceparent", async ({ own }, { inSpan }) => {
      const { result, parent } = await inSpan(() => own.surroundings());
      match(parent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      deepEqual(came(result), { traceparent: parent });
    }),
    tracing("a call outside of any span carries none", async ({ own }) => {
      deepEqual(came(await own.surroundings()), {});
    }),
    tracing("calls of several spans at once carry each their own", async ({ own }, { inSpan }) => {
      const calls = Array.from({ length: 50 }, (_, i) => inSpan(() => own.surroundingsOf(i)));
      for (const { result, parent } of await Promise.all(calls)) deepEqual(came(result), { traceparent: parent });
    }),
    tracing("of a sync call, of a stream, of a one-way call", async (on, { inSpan }) => {
      const { own } = on;
      await own.nothing();
      const sync = await inSpan(() => own.sync.surroundings());
      deepEqual(came(sync.result), { traceparent: sync.parent });
      const stream = await inSpan(async () => {
        const words = own.surroundingsStream(from([]));
        const first = (await words.next()).value;
        await words.return?.();
        return first;
      });
      equal(stream.result, `traceparent=${stream.parent}`);
      const name = on.gate();
      const { parent } = await inSpan(() => own.noteSurroundings(name));
      deepEqual(await own.notes(name, 1), [`[traceparent=${parent}]`]);
    }),
    tracing("tracestate and baggage go with it", async ({ own }, { api }) => {
      const carried = { traceparent: TRACE, tracestate: "vendor=value", baggage: "user=ada" };
      const context = api.propagation.extract(api.ROOT_CONTEXT, carried);
      deepEqual(came(await api.context.with(context, () => own.surroundings())), {
        baggage: "user=ada",
        traceparent: TRACE,
        tracestate: "vendor=value",
      });
    }),
    tracing("it stands beside the caller's own metadata, whose traceparent gives way", async ({ own }, { inSpan }) => {
      const metadata = { tenant: "a", traceparent: "00-another-one-00" };
      const { result, parent } = await inSpan(() => own.surroundings({ metadata }));
      deepEqual(came(result), { tenant: "a", traceparent: parent });
    }),
    tracing("what is too much for a call is left behind, and the call is made", async ({ own }, { api }) => {
      const carried = { traceparent: TRACE, baggage: `a=${"x".repeat(4000)}` };
      const context = api.propagation.extract(api.ROOT_CONTEXT, carried);
      const metadata = { own: "y".repeat(5000) };
      const seen = await api.context.with(context, () => own.surroundings({ metadata }));
      deepEqual(came(seen), { ...metadata, traceparent: TRACE });
    }),
    tracing("a call from Go is part of the trace of the call that it is made on behalf of", async (on, telemetry) => {
      const seen: string[] = [];
      on.host({ nothing: () => void seen.push(telemetry.active()) });
      const { parent } = await telemetry.inSpan(() => on.own.viaNothing());
      deepEqual(seen, [parent]);
    }),
    tracing("a span that an implementation makes is a child of the caller's", async (on, telemetry) => {
      on.host({
        nothing: async () => {
          await telemetry.inSpan(() => {});
        },
      });
      await telemetry.inSpan(() => on.own.viaNothing());
      const [inner, outer] = telemetry.ended();
      equal(inner?.parentSpanContext?.spanId, outer?.spanContext().spanId);
      equal(inner?.spanContext().traceId, outer?.spanContext().traceId);
    }),
    tracing("unless Go says of which: a span that it has started there", async (on, telemetry) => {
      const seen: string[] = [];
      on.host({ nothing: () => void seen.push(telemetry.active()) });
      const metadata = new Map([["traceparent", TRACE]]);
      await telemetry.inSpan(() => on.own.viaWith("nothing", metadata));
      await on.own.viaWith("nothing", metadata);
      deepEqual(seen, [TRACE, TRACE]);
    }),
    tracing("also by a one-way call", async (on, telemetry) => {
      const seen: string[] = [];
      on.host({ note: () => void seen.push(telemetry.active()) });
      await on.own.viaWith("note", new Map([["traceparent", TRACE]]));
      deepEqual(seen, [TRACE]);
    }),
    tracing("what Go hands on as it came is the same span, and goes on to the next call", async (on, telemetry) => {
      const seen: unknown[] = [];
      on.host({
        nothing: async ({ metadata }) => {
          seen.push({ ...metadata }, telemetry.active(), came(await on.own.surroundings()));
        },
      });
      const { parent } = await telemetry.inSpan(() => on.own.forward());
      deepEqual(seen, [{ traceparent: parent }, parent, { traceparent: parent }]);
    }),
    tracing("of a call that Go goes on from when it has ended", async (on, telemetry) => {
      const seen: string[] = [];
      on.host({ nothing: () => void seen.push(telemetry.active()) });
      const gate = on.gate();
      const { parent } = await telemetry.inSpan(() => on.own.forwardLater(gate));
      await on.own.release(gate);
      equal(await on.own.ends(gate), "<nil>");
      deepEqual(seen, [parent]);
    }),
  ],
};
