import { DamagedError, Doorbell, layout, native, RawConsumer, RawProducer, toGo, toNode } from "@x/mem-ring/channel";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { bells, heapRing, NEAR_WRAP, smallRegion } from "./support.js";

afterEach(() => bells.close());

const CAPACITIES = [1, 2, 4, 8, 64];
const STARTS = [0, NEAR_WRAP, 0xffffffff, 0x7fffffff, 0x80000000];

function ends(capacity: number, start: number) {
  const ring = heapRing(capacity, start);
  const consumersBell = bells.create();
  const producersBell = bells.create();
  const producer = new RawProducer(ring.buffer, ring.direction, new Doorbell(consumersBell));
  const consumer = new RawConsumer(ring.buffer, ring.direction, new Doorbell(producersBell));
  const word = (at: number) => at >>> 2;
  return {
    ...ring,
    producer,
    consumer,
    consumersBell,
    producersBell,
    /** Fills an entry's first and last word. */
    write(at: number, n: number) {
      ring.words[word(at)] = n;
      ring.words[word(at) + 15] = ~n;
    },
    read(at: number): number {
      const n = ring.words[word(at)] as number;
      expect(ring.words[word(at) + 15]).toBe(~n);
      return n;
    },
    /** Claims, writes and publishes one entry; false if there is no room. */
    send(n = 0): boolean {
      const at = producer.claim();
      if (at < 0) return false;
      this.write(at, n);
      producer.publish();
      return true;
    },
  };
}

type Op =
  | { do: "claim"; n: number }
  | { do: "unclaim" }
  | { do: "publish" }
  | { do: "look" }
  | { do: "advance"; n: number }
  | { do: "wait" };

const op = (capacity: number): fc.Arbitrary<Op> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("claim" as const), n: fc.integer({ min: 1, max: capacity + 1 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: "unclaim" as const }) },
    { weight: 3, arbitrary: fc.constant({ do: "publish" as const }) },
    { weight: 2, arbitrary: fc.constant({ do: "look" as const }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("advance" as const), n: fc.integer({ min: 1, max: capacity }) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: "wait" as const }) },
  );

describe("the ring against a plain queue", () => {
  for (const capacity of CAPACITIES) {
    it(`agrees at every step, with a capacity of ${capacity}`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...STARTS),
          fc.array(op(capacity), { maxLength: 400, size: "max" }),
          (start, ops) => {
            const ring = ends(capacity, start);
            const { producer, consumer } = ring;
            const claimed: number[] = [];
            const queue: number[] = [];
            let sent = 0;
            let read = 0;
            let waits = false;
            for (const step of ops) {
              switch (step.do) {
                case "claim":
                  for (let i = 0; i < step.n; i++) {
                    const at = producer.claim();
                    if (claimed.length + queue.length === capacity) expect(at).toBe(-1);
                    else {
                      expect((at - layout.ENTRIES_OFFSET) / layout.ENTRY_SIZE).toBe(
                        ((start + read + queue.length + claimed.length) >>> 0) % capacity,
                      );
                      ring.write(at, sent);
                      claimed.push(sent++);
                    }
                  }
                  break;
                case "unclaim":
                  if (claimed.length > 0) {
                    producer.unclaim();
                    claimed.pop();
                    sent--;
                  }
                  break;
                case "publish":
                  producer.publish();
                  queue.push(...claimed.splice(0));
                  break;
                case "look":
                  for (let i = 0; i < queue.length; i++) expect(ring.read(consumer.at(i))).toBe(queue[i]);
                  break;
                case "advance": {
                  const n = Math.min(step.n, queue.length);
                  if (n === 0) break;
                  for (let i = 0; i < n; i++) expect(ring.read(consumer.at(i))).toBe(queue.shift());
                  consumer.advance(n);
                  read += n;
                  expect(native.hearDoorbell(ring.producersBell)).toBe(waits);
                  waits = false;
                  break;
                }
                case "wait": {
                  const room = claimed.length + queue.length < capacity;
                  expect(producer.arm()).toBe(!room);
                  waits = !room;
                  expect(ring.get("space")).toBe(waits ? 1 : 0);
                  break;
                }
              }
              expect(producer.unpublished).toBe(claimed.length);
              expect(consumer.available()).toBe(queue.length);
              expect(consumer.index >>> 0).toBe((start + read) >>> 0);
              expect(ring.get("tail")).toBe((start + read + queue.length) >>> 0);
              expect(ring.get("head")).toBe((start + read) >>> 0);
            }
            bells.close();
          },
        ),
        { numRuns: 150 },
      );
    });
  }

  it("takes over where the words stand", () => {
    const ring = ends(4, NEAR_WRAP);
    for (let n = 0; n < 3; n++) ring.send(n);
    ring.consumer.advance(1);
    const producer = new RawProducer(ring.buffer, ring.direction, new Doorbell(ring.consumersBell));
    const consumer = new RawConsumer(ring.buffer, ring.direction, new Doorbell(ring.producersBell));
    expect(consumer.available()).toBe(2);
    expect(ring.read(consumer.at(0))).toBe(1);
    expect([producer.claim(), producer.claim(), producer.claim()].map((at) => at >= 0)).toEqual([true, true, false]);
  });

  it("keeps to its own words and entries: the other ring of the region stays as it was", () => {
    const region = smallRegion(4);
    const { buffer, header, nodeDoorbell, goDoorbell } = region;
    const bytes = new Uint8Array(buffer, layout.HEADER_SIZE, header.requestArena - layout.HEADER_SIZE);
    const other = () => [
      ...bytes.slice(layout.CONTROL_TO_GO_TAIL - layout.HEADER_SIZE, layout.CONTROL_TO_NODE_TAIL - layout.HEADER_SIZE),
      ...bytes.slice(header.toGoEntries - layout.HEADER_SIZE, header.toNodeEntries - layout.HEADER_SIZE),
    ];
    const before = other();
    const producer = new RawProducer(buffer, toNode(header), new Doorbell(nodeDoorbell));
    const consumer = new RawConsumer(buffer, toNode(header), new Doorbell(goDoorbell));
    const words = new Int32Array(buffer);
    for (let n = 0; n < 100; n++) {
      const at = producer.claim();
      words.fill(-1, at >>> 2, (at + layout.ENTRY_SIZE) >>> 2);
      producer.publish();
      consumer.advance(consumer.available());
    }
    expect(other()).toEqual(before);
    expect(toGo(header).entries + 4 * layout.ENTRY_SIZE).toBe(toNode(header).entries);
    region.close();
  });
});

describe("hand-shake 1, the producer's side", () => {
  it("rings once for a consumer that sleeps, and never for one that is awake", () => {
    const ring = ends(8, NEAR_WRAP);
    ring.send();
    expect(native.hearDoorbell(ring.consumersBell)).toBe(false);
    ring.set("sleeping", 1);
    ring.producer.publish();
    expect(native.hearDoorbell(ring.consumersBell)).toBe(false);
    ring.send();
    expect(native.hearDoorbell(ring.consumersBell)).toBe(true);
    expect(ring.get("sleeping")).toBe(0);
    ring.send();
    expect(native.hearDoorbell(ring.consumersBell)).toBe(false);
    expect(ring.producer.doorbells).toBe(1);
  });

  it("republish says again what was overwritten, and rings whatever the flags say", () => {
    const ring = ends(8, NEAR_WRAP);
    ring.send();
    ring.send();
    ring.set("tail", 0x12345678);
    expect(() => ring.consumer.available()).toThrow(DamagedError);
    ring.producer.claim();
    ring.producer.republish();
    expect(ring.consumer.available()).toBe(2);
    expect(native.hearDoorbell(ring.consumersBell)).toBe(true);
  });
});

describe("hand-shake 2", () => {
  it.each(CAPACITIES)("rings once for a producer that waits, with a capacity of %d", (capacity) => {
    const ring = ends(capacity, NEAR_WRAP);
    while (ring.send());
    expect(ring.producer.arm()).toBe(true);
    expect(native.hearDoorbell(ring.producersBell)).toBe(false);
    ring.consumer.advance(1);
    expect(native.hearDoorbell(ring.producersBell)).toBe(true);
    expect(ring.get("space")).toBe(0);
    expect(ring.send()).toBe(true);
    ring.consumer.advance(1);
    expect(native.hearDoorbell(ring.producersBell)).toBe(false);
  });

  it("sees room that was made in the meantime, and takes its flag back", () => {
    const ring = ends(2, NEAR_WRAP);
    while (ring.send());
    ring.consumer.advance(1);
    expect(ring.producer.arm()).toBe(false);
    expect(ring.get("space")).toBe(0);
    expect(ring.send()).toBe(true);
    ring.consumer.advance(2);
    expect(native.hearDoorbell(ring.producersBell)).toBe(false);
  });
});

describe("damaged indices raise DamagedError", () => {
  const start = NEAR_WRAP;
  it.each([
    ["ahead of tail", start + 5],
    ["far ahead", start + 2 ** 31],
    ["behind by more than the capacity", start - 1],
    ["far behind", start - 2 ** 30],
    ["gone back by one", start + 1],
    ["gone back to nothing", start],
  ])("the consumer's head %s", (_, head) => {
    const ring = ends(4, start);
    for (let n = 0; n < 4; n++) ring.send(n);
    // The consumer has read two, which the producer has seen; then somebody overwrites the word.
    ring.set("head", start + 2);
    expect(ring.producer.claim()).toBeGreaterThan(0);
    expect(ring.producer.claim()).toBeGreaterThan(0);
    ring.set("head", head);
    expect(() => ring.producer.claim()).toThrow(DamagedError);
    expect(() => ring.producer.arm()).toThrow(DamagedError);
    try {
      ring.producer.claim();
    } catch (error) {
      expect(error).toMatchObject({ code: "ERR_RING_DAMAGED", name: "DamagedError" });
    }
  });

  it.each([
    ["ahead", start + 1],
    ["behind", start - 5],
    ["far away", start + 2 ** 31],
  ])("the consumer's head %s from the beginning: nothing unread is written over", (_, head) => {
    const ring = heapRing(4, start);
    ring.set("head", head);
    const producer = new RawProducer(ring.buffer, ring.direction, new Doorbell(bells.create()));
    expect(() => {
      for (let i = 0; i < 5; i++) producer.claim();
    }).toThrow(DamagedError);
  });

  it.each([
    ["behind head", start],
    ["far behind", start - 2 ** 30],
    ["ahead by more than the capacity", start + 1 + 5],
    ["far ahead", start + 1 + 2 ** 31],
  ])("the producer's tail %s", (_, tail) => {
    const ring = ends(4, start);
    ring.send();
    ring.consumer.advance(1);
    ring.set("tail", tail);
    expect(() => ring.consumer.available()).toThrow(DamagedError);
    expect(() => ring.consumer.available()).toThrow(/capacity of 4/);
  });

  it("any words at all: never more entries than the capacity, never a place outside the ring", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CAPACITIES),
        fc.array(fc.nat({ max: 2 ** 32 - 1 }), { minLength: 8, maxLength: 8 }),
        (capacity, values) => {
          const ring = heapRing(capacity, values[0] as number);
          const all = ["tail", "head", "sleeping", "space"] as const;
          for (const [i, name] of all.entries()) ring.set(name, values[i] as number);
          const bell = bells.create();
          const producer = new RawProducer(ring.buffer, ring.direction, new Doorbell(bell));
          const consumer = new RawConsumer(ring.buffer, ring.direction, new Doorbell(bell));
          for (const [i, name] of all.entries()) ring.set(name, values[4 + i] as number);
          const inside = (at: number) => {
            expect(at).toBeGreaterThanOrEqual(ring.direction.entries);
            expect(at).toBeLessThanOrEqual(ring.buffer.byteLength - layout.ENTRY_SIZE);
            expect(at % layout.ENTRY_SIZE).toBe(0);
          };
          const damaged = (f: () => void) => {
            try {
              f();
            } catch (error) {
              expect(error).toBeInstanceOf(DamagedError);
            }
          };
          damaged(() => {
            let taken = 0;
            for (let at = producer.claim(); at >= 0; at = producer.claim()) {
              inside(at);
              expect(++taken).toBeLessThanOrEqual(capacity);
            }
          });
          damaged(() => void producer.arm());
          producer.publish();
          damaged(() => {
            const n = consumer.available();
            expect(n).toBeLessThanOrEqual(capacity);
            for (let i = 0; i < n; i++) inside(consumer.at(i));
            consumer.advance(n);
          });
          bells.close();
        },
      ),
      { numRuns: 500 },
    );
  });
});
