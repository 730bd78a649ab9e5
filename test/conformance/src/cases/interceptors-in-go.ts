import { GoError, GoPanicError, type Metadata } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import { all, deepEqual, equal, from, has, match, ok, rejection, thrown, upTo } from "../kit/checks.js";

/** A case of an interceptor that says nothing, though there is no result. */
const noResult = (name: string, odd: string): Case => ({
  name,
  async run(on) {
    const guarded = await on.guarded();
    const error = await rejection(guarded.flaky(on.gate(), 100, { metadata: { odd } }));
    ok(error instanceof GoError);
    match(error.message, /an interceptor of Guarded\.flaky has returned nil, but there is no result/);
  },
});

export const interceptorsInGo: Group = {
  title: "Interceptors in Go",
  cases: [
    {
      name: "stand around a handler, the last With outermost, and give it their context",
      async run(on) {
        const guarded = await on.guarded();
        const log = on.gate();
        equal(await guarded.who({ metadata: { user: "ada", log } }), "ada");
        deepEqual(await guarded.lines(log, 1), ["Guarded.who streams=false err=<nil>"]);
      },
    },
    {
      name: "refuse by an error with a code: the handler is not called",
      async run(on) {
        const guarded = await on.guarded();
        const [log, name] = [on.gate(), on.gate()];
        const error = await rejection(guarded.flaky(name, 0, { metadata: { user: "nobody", log } }));
        has(error, {
          name: "GoError",
          code: "UNAUTHENTICATED",
          message: "who are you?",
          goType: "*main.codedError",
          method: "Guarded.flaky",
        });
        deepEqual(await guarded.lines(log, 1), ["Guarded.flaky streams=false err=who are you?"]);
        equal(await guarded.flaky(name, 0), 1);
      },
    },
    {
      name: "see the handler's error",
      async run(on) {
        const guarded = await on.guarded();
        const log = on.gate();
        has(await rejection(guarded.flaky(on.gate(), 1, { metadata: { log } })), { message: "failure 1" });
        deepEqual(await guarded.lines(log, 1), ["Guarded.flaky streams=false err=failure 1"]);
      },
    },
    {
      name: "stand around a one-way call",
      async run(on) {
        const guarded = await on.guarded();
        const [log, name] = [on.gate(), on.gate()];
        guarded.tell(name, { metadata: { user: "ada", log } });
        deepEqual(await guarded.lines(name, 1), ["ada"]);
        deepEqual(await guarded.lines(log, 1), ["Guarded.tell streams=false err=<nil>"]);
      },
    },
    {
      name: "stand around a stream from Go: they are told when the last item was sent",
      async run(on) {
        const guarded = await on.guarded();
        const log = on.gate();
        deepEqual(await all(guarded.count(3, { metadata: { log } })), [0, 1, 2]);
        deepEqual(await guarded.lines(log, 1), ["Guarded.count streams=true err=<nil>"]);
        const refused = await rejection(guarded.count(3, { metadata: { user: "nobody" } }).next());
        has(refused, { code: "UNAUTHENTICATED" });
      },
    },
    {
      name: "stand around a stream to Go",
      async run(on) {
        const guarded = await on.guarded();
        const log = on.gate();
        equal(await guarded.sum(from([1, 2, 3]), { metadata: { log } }), 6);
        deepEqual(await guarded.lines(log, 1), ["Guarded.sum streams=true err=<nil>"]);
        has(await rejection(guarded.sum(from([1]), { metadata: { user: "nobody" } })), { code: "UNAUTHENTICATED" });
      },
    },
    {
      name: "stand around a sync call",
      async run(on) {
        const guarded = await on.guarded();
        equal(await guarded.who({ metadata: { user: "ada" } }), "ada");
        equal(guarded.sync.who({ metadata: { user: "bob" } }), "bob");
        has(
          thrown(() => guarded.sync.who({ metadata: { user: "nobody" } })),
          { code: "UNAUTHENTICATED" },
        );
      },
    },
    {
      name: "run a handler again, whose first success is the result",
      async run(on) {
        const guarded = await on.guarded();
        equal(await guarded.flaky(on.gate(), 3, { metadata: { odd: "retry" } }), 4);
      },
    },
    {
      name: "what a handler has made that is run again, or refused afterwards, takes no room",
      needs: ["options"],
      async run(on) {
        const guarded = await on.guarded();
        // More than its memory has, if anything of it were kept.
        for (const i of upTo(20)) {
          const metadata: Metadata = { odd: i % 2 === 0 ? "twice" : "late" };
          const call = guarded.large(1 << 20, { metadata });
          if (i % 2 === 0) equal((await call).length, 1 << 20);
          else has(await rejection(call), { message: "refused after all" });
        }
      },
    },
    {
      name: "cannot run a handler with streams again",
      async run(on) {
        const guarded = await on.guarded();
        const stream = guarded.count(2, { metadata: { odd: "twice" } });
        deepEqual([(await stream.next()).value, (await stream.next()).value], [0, 1]);
        match((await rejection(stream.next())).message, /has called next twice for Guarded\.count/);
      },
    },
    noResult("cannot make a result by not calling the handler", "silent"),
    noResult("cannot make a result by keeping the handler's error to themselves", "swallow"),
    {
      name: "that panic fail that call",
      async run(on) {
        const guarded = await on.guarded();
        const error = await rejection(guarded.large(1, { metadata: { user: "trouble" } }));
        ok(error instanceof GoPanicError);
        match(error.message, /an interceptor's own/);
        match(error.stack as string, /main\.auth/);
        equal((await guarded.large(1)).length, 1);
      },
    },
    {
      name: "of an interface are not around another's of the same program",
      async run(on) {
        await on.guarded();
        const { words } = await on.client.surroundingsOf(1, { metadata: { user: "nobody" } });
        deepEqual(words, ["1"]);
      },
    },
  ],
};
