import { DamagedError, RingError, u32 } from "@x/mem-ring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEAR_WRAP } from "../support.js";
import { ends, KINDS, L, MESSAGE_KINDS, message, messageEnds, turns } from "./kinds.js";

// Random sequences of everything that can be done to a queue, against an array that does the same.

const CAPACITIES = [1, 2, 4, 8, 16, 32, 64];
const start = fc.constantFrom(0, NEAR_WRAP, 0xfffffff8, 0x7ffffff8, 0x80000000);

type Operation = {
  readonly do:
    | "tryPush"
    | "tryPop"
    | "push"
    | "pop"
    | "abort"
    | "close"
    | "stop"
    | `${"tryPush" | "push" | "tryPop" | "pop"}Many`
    | "tryPopInto";
  /** Of those that take many. */
  readonly count: number;
};

const operation = (most: number): fc.Arbitrary<Operation> => {
  const count = fc.integer({ min: 1, max: most });
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("tryPush", "tryPop", "push", "pop", "abort"), count }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom("tryPushMany", "pushMany", "tryPopMany", "popMany", "tryPopInto"),
        count,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("close", "stop"), count }) },
  ) as fc.Arbitrary<Operation>;
};

/** A queue as anybody would write it, without sharing. */
class Model {
  readonly items: number[] = [];
  /** Pushes that wait: what is left of each. */
  readonly pushes: { left: number[]; outcome: string }[] = [];
  readonly pops: { max: number; outcome: string | number[] }[] = [];
  closed = false;
  stopped = false;
  constructor(readonly capacity: number) {}

  settle(): void {
    for (;;) {
      const push = this.pushes.find((p) => p.outcome === "waits");
      const pop = this.pops.find((p) => p.outcome === "waits");
      if (this.closed || this.stopped) {
        for (const p of this.pushes) if (p.outcome === "waits") p.outcome = "refused";
      }
      if (this.stopped) for (const p of this.pops) if (p.outcome === "waits") p.outcome = "refused";
      if (push !== undefined && push.outcome === "waits" && this.items.length < this.capacity) {
        this.items.push(...push.left.splice(0, this.capacity - this.items.length));
        if (push.left.length === 0) push.outcome = "done";
        continue;
      }
      if (pop !== undefined && pop.outcome === "waits" && (this.items.length > 0 || this.closed)) {
        pop.outcome = this.items.splice(0, pop.max);
        continue;
      }
      return;
    }
  }
}

describe.each(KINDS)("a %s does what an array does", (kind) => {
  it("whatever is done to it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constantFrom(...CAPACITIES)
          .chain((capacity) => fc.tuple(fc.constant(capacity), fc.array(operation(capacity * 2), { maxLength: 60 }))),
        start,
        fc.constantFrom("sleep", "adaptive", "spin"),
        async ([capacity, operations], index, wait) => {
          const { ring, producer, consumer } = ends(kind, capacity, wait as "sleep", u32, index);
          const model = new Model(capacity);
          const pushes: { outcome: string; controller: AbortController }[] = [];
          const pops: { outcome: string | number[]; controller: AbortController }[] = [];
          let next = 0;
          const values = (count: number) => Array.from({ length: count }, () => next++);
          const refused = (error: { code?: unknown }) => (error.code === "ERR_RING_CLOSED" ? "refused" : "aborted");
          const attempt = <T>(over: boolean, f: () => T): T | undefined => {
            if (!over) return f();
            expect(f).toThrow(RingError);
            return undefined;
          };
          try {
            for (const op of operations) {
              const pushing = model.pushes.some((p) => p.outcome === "waits");
              const popping = model.pops.some((p) => p.outcome === "waits");
              const refuses = !pushing && (model.closed || model.stopped);
              const room = pushing || model.closed || model.stopped ? 0 : capacity - model.items.length;
              const over = !popping && model.stopped;
              switch (op.do) {
                case "tryPush": {
                  const [value] = values(1) as [number];
                  attempt(refuses, () => expect(producer.tryPush(value)).toBe(room > 0));
                  if (room > 0) model.items.push(value);
                  break;
                }
                case "tryPushMany": {
                  const many = values(op.count);
                  attempt(refuses, () =>
                    expect(producer.tryPushMany(op.count % 2 === 0 ? many : Uint32Array.from(many))).toBe(
                      Math.min(op.count, room),
                    ),
                  );
                  model.items.push(...many.slice(0, room));
                  break;
                }
                case "push":
                case "pushMany": {
                  // No more than fits: with pops waiting, how much of a longer one a pop finds is a matter of who wakes first.
                  const many = values(op.do === "push" ? 1 : Math.min(op.count, capacity));
                  const push = { outcome: "waits", controller: new AbortController() };
                  const { signal } = push.controller;
                  const promise =
                    op.do === "push"
                      ? producer.push(many[0] as number, { signal })
                      : producer.pushMany(many, { signal });
                  promise.then(
                    () => (push.outcome = "done"),
                    (error) => (push.outcome = refused(error)),
                  );
                  pushes.push(push);
                  model.pushes.push({ left: [...many], outcome: "waits" });
                  break;
                }
                case "tryPop":
                  attempt(over, () => expect(consumer.tryPop()).toBe(popping ? undefined : model.items.shift()));
                  break;
                case "tryPopMany":
                  attempt(over, () =>
                    expect(consumer.tryPopMany(op.count)).toEqual(popping ? [] : model.items.splice(0, op.count)),
                  );
                  break;
                case "tryPopInto":
                  attempt(over, () => {
                    const target = new Uint32Array(op.count);
                    const n = consumer.tryPopInto(target);
                    expect([...target.subarray(0, n)]).toEqual(popping ? [] : model.items.splice(0, op.count));
                  });
                  break;
                case "pop":
                case "popMany": {
                  const pop = { outcome: "waits" as string | number[], controller: new AbortController() };
                  const { signal } = pop.controller;
                  const promise =
                    op.do === "pop"
                      ? consumer.pop({ signal }).then((v) => (v === undefined ? [] : [v]))
                      : consumer.popMany(op.count, { signal });
                  promise.then(
                    (some) => (pop.outcome = some),
                    (error) => (pop.outcome = refused(error)),
                  );
                  pops.push(pop);
                  model.pops.push({ max: op.do === "pop" ? 1 : op.count, outcome: "waits" });
                  break;
                }
                case "abort": {
                  const push = model.pushes.findLastIndex((p) => p.outcome === "waits");
                  const pop = model.pops.findLastIndex((p) => p.outcome === "waits");
                  if (push >= 0) {
                    pushes[push]?.controller.abort();
                    (model.pushes[push] as { outcome: string }).outcome = "aborted";
                  }
                  if (pop >= 0) {
                    pops[pop]?.controller.abort();
                    (model.pops[pop] as { outcome: string }).outcome = "aborted";
                  }
                  break;
                }
                case "close":
                  producer.close();
                  model.closed = true;
                  break;
                case "stop":
                  consumer.close();
                  model.stopped = true;
                  break;
              }
              model.settle();
              // Wait for as long as anything moves: both ends live in this one event loop.
              const settled = () =>
                (model.stopped || producer.stats.length === model.items.length) &&
                pushes.every((p, i) => p.outcome === model.pushes[i]?.outcome) &&
                pops.every((p, i) => JSON.stringify(p.outcome) === JSON.stringify(model.pops[i]?.outcome));
              for (let i = 0; i < 1000 && !settled(); i++) await turns(1);
              expect(pushes.map((p) => p.outcome)).toEqual(model.pushes.map((p) => p.outcome));
              expect(pops.map((p) => p.outcome)).toEqual(model.pops.map((p) => p.outcome));
              if (!model.stopped) expect(producer.stats.length).toBe(model.items.length);
            }
          } finally {
            producer.close();
            consumer.close();
            if ("close" in ring) ring.close();
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe.each(MESSAGE_KINDS)("a %s does what an array does", (kind) => {
  const lengths = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
  it("with messages of every length, in place and copied", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(32, 64, 128, 256),
        start,
        fc.array(fc.tuple(fc.constantFrom("push", "claim", "abort", "pop", "popMany", "peek", "pushMany"), lengths), {
          maxLength: 80,
        }),
        (capacity, index, operations) => {
          const { ring, producer, consumer } = messageEnds(kind, capacity, "sleep", index & -8);
          const items: Uint8Array[] = [];
          let n = 0;
          try {
            for (const [what, shares] of operations) {
              const [one = 0] = shares;
              const sized = (share: number) => message(Math.round(share * producer.maxLength), n++);
              if (what === "push") {
                const m = sized(one);
                if (producer.tryPush(m)) items.push(m);
                else expect(items.length).toBeGreaterThan(0);
              } else if (what === "claim" || what === "abort") {
                const m = sized(one);
                const claim = producer.tryClaim(m.length);
                if (claim === undefined) {
                  expect(items.length).toBeGreaterThan(0);
                  continue;
                }
                claim.set(m);
                if (what === "claim") {
                  producer.commit();
                  items.push(m);
                } else producer.abort();
              } else if (what === "pushMany") {
                const many = shares.map(sized);
                const before = consumer.stats.length;
                const controller = new AbortController();
                producer.pushMany(many, controller).catch(() => {});
                controller.abort();
                // How many went in, the consumer says.
                const got = consumer.tryPopMany(items.length + many.length);
                expect(got.slice(0, items.length)).toEqual(items);
                expect(got.slice(items.length)).toEqual(many.slice(0, got.length - items.length));
                if (before === 0) expect(got.length).toBeGreaterThan(0);
                items.length = 0;
              } else if (what === "peek") {
                expect(consumer.tryPeek()).toEqual(items[0]);
                if (items.length > 0) consumer.release();
                items.shift();
              } else if (what === "pop") expect(consumer.tryPop()).toEqual(items.shift());
              else expect(consumer.tryPopMany(shares.length)).toEqual(items.splice(0, shares.length));
              expect(consumer.stats.length === 0).toBe(items.length === 0);
            }
          } finally {
            producer.close();
            consumer.close();
            if ("close" in ring) ring.close();
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("damaged memory", () => {
  const words = [
    L.WORD_TAIL,
    L.WORD_HEAD,
    L.WORD_SLEEPING,
    L.WORD_SPACE,
    L.WORD_CLOSED,
    L.WORD_STOPPED,
    L.WORD_PRODUCER,
    L.WORD_PRODUCER_START,
    L.WORD_CONSUMER,
    L.WORD_CONSUMER_START,
  ];
  const value = fc.oneof(
    fc.integer({ min: -80, max: 80 }).map((d) => (NEAR_WRAP + d) >>> 0),
    fc.nat(3),
    fc.nat(0xffffffff),
    fc.constantFrom(0xffffffff, 0xfffffff0, 0x7fffffff, 0x80000000),
  );
  const damage = fc.array(fc.tuple(fc.constantFrom(...words), value), { maxLength: 4 });
  const records = fc.array(fc.tuple(fc.nat(31), value), { maxLength: 8 });

  /** What is thrown is one of ours. */
  const ours = <T>(f: () => T): T | undefined => {
    try {
      return f();
    } catch (error) {
      expect(error).toBeInstanceOf(RingError);
      return undefined;
    }
  };

  it.each(["Ring", "SharedRing"] as const)("of a %s ends in an error of ours, or in something sane", async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 8), fc.nat(8), damage, damage, async (capacity, fill, first, second) => {
        const { ring, producer, consumer } = ends(kind, capacity);
        const memory = new Int32Array(ring.memory, 0, L.DATA >>> 2);
        const header = new Uint8Array(ring.memory, 0, L.WORD_TAIL).slice();
        for (let i = 0; i < fill; i++) producer.tryPush(i);
        for (const changes of [first, second]) {
          for (const [at, to] of changes) memory[at >>> 2] = to;
          ours(() => expect(consumer.tryPopMany(100).length).toBeLessThanOrEqual(capacity));
          ours(() => consumer.tryPop());
          ours(() => expect(consumer.tryPopInto(new Uint32Array(100))).toBeLessThanOrEqual(capacity));
          ours(() =>
            expect(producer.tryPushMany(Array.from({ length: 100 }, (_, i) => i))).toBeLessThanOrEqual(capacity),
          );
          ours(() => producer.tryPush(1));
          ours(() => consumer.popSync(0));
          ours(() => producer.pushSync(1, 0));
          ours(() => [producer.stats, consumer.stats]);
        }
        const waits = [consumer.pop(), consumer.popMany(3), producer.push(1), producer.pushMany([1, 2, 3])];
        const ended = Promise.allSettled(waits);
        producer.close();
        consumer.close();
        for (const one of await ended) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(RingError);
        expect(new Uint8Array(ring.memory, 0, L.WORD_TAIL)).toEqual(header);
        if ("close" in ring) ring.close();
      }),
      { numRuns: 1500 },
    );
  });

  it.each(["MessageRing", "SharedMessageRing"] as const)(
    "of a %s ends in an error of ours, or in something sane",
    async (kind) => {
      let damaged = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(32, 64, 128),
          fc.nat(8),
          damage,
          records,
          fc.boolean(),
          async (capacity, fill, changes, written, late) => {
            const { ring, producer, consumer } = messageEnds(kind, capacity);
            const memory = new Int32Array(ring.memory, 0, (L.DATA + capacity) >>> 2);
            for (let i = 0; i < fill; i++) producer.tryPush(message(i, i));
            if (late) consumer.tryPop();
            for (const [at, to] of changes) memory[at >>> 2] = to;
            for (const [at, to] of written) memory[(L.DATA >>> 2) + (at % (capacity >>> 2))] = to;
            const all = new Uint8Array(ring.memory, L.DATA + capacity).slice();
            const sane = (m: Uint8Array | undefined) => {
              if (m !== undefined) expect(m.length).toBeLessThanOrEqual(producer.maxLength);
            };
            for (let i = 0; i < 20; i++) {
              try {
                const peeked = consumer.tryPeek();
                sane(peeked);
                if (peeked !== undefined) {
                  expect(peeked.byteOffset).toBeGreaterThanOrEqual(L.DATA);
                  expect(peeked.byteOffset + peeked.length).toBeLessThanOrEqual(L.DATA + capacity);
                  consumer.release();
                }
                sane(consumer.tryPop());
                for (const m of consumer.tryPopMany(3)) sane(m);
              } catch (error) {
                expect(error).toBeInstanceOf(RingError);
                if (error instanceof DamagedError) damaged++;
              }
              ours(() => producer.tryPush(message(i)));
            }
            ours(() => producer.tryClaim(3)?.fill(1));
            ours(() => producer.commit());
            const ended = Promise.allSettled([
              consumer.pop(),
              producer.push(message(1)),
              producer.pushMany([message(3)]),
            ]);
            producer.close();
            consumer.close();
            for (const one of await ended) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(RingError);
            // Nothing was written behind the queue.
            expect(Buffer.compare(new Uint8Array(ring.memory, L.DATA + capacity), all)).toBe(0);
            if ("close" in ring) ring.close();
          },
        ),
        { numRuns: 1500 },
      );
      expect(damaged).toBeGreaterThan(100);
    },
  );
});
