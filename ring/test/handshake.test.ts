import { Doorbell, native, RawConsumer, RawProducer } from "@x/mem-ring/channel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heapRing, NEAR_WRAP } from "./support.js";
import { producers } from "./workers/mutants.mjs";

// Every order in which the two ends' loads and stores can fall, one after the other, without luck: one end is the code
// itself, stopped before each of its Atomics; the other is a generator that does what PROTOCOL.md says, one access at a
// time. What is shown is that no order loses a wake-up, and that the orders which would, are tried: each mutant is
// found. What cannot be shown so is a processor that reorders; processes.test.ts does that.

class LostWake extends Error {}

const CONSUMERS = 1;
const PRODUCERS = 2;

/** Doorbells without the kernel: there are hundreds of thousands of runs. */
const doorbells = {
  rung: new Set<number>(),
  ring: (doorbell: number) => void doorbells.rung.add(doorbell),
  hear: (doorbell: number) => doorbells.rung.delete(doorbell),
};
const { ringDoorbell } = native;
beforeAll(() => {
  native.ringDoorbell = doorbells.ring;
});
afterAll(() => {
  native.ringDoorbell = ringDoorbell;
});

/** Chooses at every crossroads, and goes through all the choices, one run after the other. */
class Choices {
  private readonly path: { taken: number; of: number }[] = [];
  private at = 0;

  pick(of: number): number {
    if (this.at === this.path.length) this.path.push({ taken: 0, of });
    return (this.path[this.at++] as { taken: number }).taken;
  }

  /** Turns to the next run; false after the last. */
  next(): boolean {
    this.at = 0;
    for (let last = this.path.at(-1); last !== undefined; last = this.path.at(-1)) {
      if (++last.taken < last.of) return true;
      this.path.pop();
    }
    return false;
  }
}

const operations = ["load", "store", "exchange"] as const;
const real = { load: Atomics.load, store: Atomics.store, exchange: Atomics.exchange };

/** Runs `code` with `before` called before each of its accesses to shared memory. */
function stopped(before: () => void, code: () => void) {
  let inside = false;
  for (const name of operations) {
    Object.assign(Atomics, {
      [name]: (...args: [Int32Array, number, number]) => {
        if (!inside) {
          inside = true;
          try {
            before();
          } finally {
            inside = false;
          }
        }
        return real[name](...args);
      },
    });
  }
  try {
    code();
  } finally {
    Object.assign(Atomics, real);
  }
}

/** The other end: `yield` stands before each access; what it yields says whether it sleeps on its doorbell. */
type OtherEnd = Generator<"runs" | "sleeps", void>;

class Stepper {
  private state: "runs" | "sleeps" | "ended" = "runs";
  constructor(
    private readonly end: OtherEnd,
    private readonly doorbell: number,
  ) {
    // To the first access.
    this.step();
  }

  /** A doorbell that has rung wakes it. */
  canStep(): boolean {
    if (this.state === "sleeps" && doorbells.hear(this.doorbell)) this.state = "runs";
    return this.state === "runs";
  }

  /** One access, if the end is not asleep. */
  step(): boolean {
    if (!this.canStep()) return false;
    const { done, value } = this.end.next();
    this.state = done ? "ended" : value;
    return true;
  }
}

function setUp(capacity: number) {
  const ring = heapRing(capacity, NEAR_WRAP);
  const { words, direction } = ring;
  const shared = (name: "tail" | "head" | "sleeping" | "space") => ({
    load: () => real.load(words, direction[name] >>> 2),
    store: (value: number) => real.store(words, direction[name] >>> 2, value),
    exchange: (value: number) => real.exchange(words, direction[name] >>> 2, value),
  });
  return {
    ...ring,
    tail: shared("tail"),
    head: shared("head"),
    sleeping: shared("sleeping"),
    space: shared("space"),
    consumersBell: CONSUMERS,
    producersBell: PRODUCERS,
  };
}
type Ring = ReturnType<typeof setUp>;

type ConsumerFault = "" | "no recheck" | "looks first" | "waits again" | "clears late" | "space first" | "no ring";

/** The consumer as the protocol has it, or with one fault: hand-shake 1, and its half of hand-shake 2. */
function* consumer(ring: Ring, received: { count: number }, fault: ConsumerFault): OtherEnd {
  let head = NEAR_WRAP | 0;
  let armed = false;
  for (;;) {
    yield "runs";
    const tail = ring.tail.load();
    if (tail !== head) {
      received.count += (tail - head) | 0;
      head = tail;
      let waits = 0;
      if (fault === "space first") {
        yield "runs";
        waits = ring.space.load();
      }
      yield "runs";
      ring.head.store(head);
      if (fault !== "space first") {
        yield "runs";
        waits = ring.space.load();
      }
      if (waits !== 0) {
        yield "runs";
        if (ring.space.exchange(0) !== 0 && fault !== "no ring") doorbells.ring(ring.producersBell);
      }
      // The entries may have come while the flag was being set: look once more before that.
      if (fault !== "waits again") continue;
    }
    if (!(fault === "waits again" && armed)) {
      if (fault === "looks first") {
        yield "runs";
        if (ring.tail.load() !== head) continue;
      }
      yield "runs";
      ring.sleeping.store(1);
      armed = true;
      if (fault !== "no recheck" && fault !== "looks first") {
        yield "runs";
        if (ring.tail.load() !== head) {
          yield "runs";
          ring.sleeping.exchange(0);
          armed = false;
          continue;
        }
      }
    }
    yield "sleeps";
    if (fault === "clears late") {
      // As if the flag were the consumer's to clear.
      yield "runs";
      ring.sleeping.store(0);
      armed = false;
    }
  }
}

/** Sends so many entries by `Kind`, in every order; returns in how many, or throws for the first that loses one. */
function everyOrder(Kind: typeof RawProducer, capacity: number, entries: number, fault: ConsumerFault = ""): number {
  const choices = new Choices();
  let runs = 0;
  do {
    runs++;
    const ring = setUp(capacity);
    const received = { count: 0 };
    const other = new Stepper(consumer(ring, received, fault), ring.consumersBell);
    const producer = new Kind(ring.buffer, ring.direction, new Doorbell(ring.consumersBell));
    try {
      stopped(
        () => {
          while (other.canStep() && choices.pick(2) === 1) other.step();
        },
        () => {
          for (let sent = 0; sent < entries; ) {
            if (producer.claim() >= 0) {
              sent++;
              producer.publish();
            } else if (producer.arm()) {
              while (!doorbells.hear(ring.producersBell)) {
                if (!other.step()) throw new LostWake("both ends sleep, the producer on a full ring");
              }
            }
          }
        },
      );
      while (other.step());
      if (received.count !== entries) throw new LostWake("the consumer sleeps, and there are entries");
    } finally {
      doorbells.rung.clear();
    }
  } while (choices.next());
  console.log(runs);
  return runs;
}

type ProducerFault = "" | "sleeping first" | "no ring" | "no second look" | "looks first";

/** The producer as the protocol has it, or with one fault. */
function* producer(ring: Ring, capacity: number, entries: number, fault: ProducerFault): OtherEnd {
  let tail = NEAR_WRAP | 0;
  for (let sent = 0; sent < entries; ) {
    yield "runs";
    let full = ((tail - ring.head.load()) | 0) === capacity;
    if (full) {
      if (fault === "looks first") {
        yield "runs";
        full = ((tail - ring.head.load()) | 0) === capacity;
        if (!full) continue;
      }
      yield "runs";
      ring.space.store(1);
      if (fault === "") {
        yield "runs";
        full = ((tail - ring.head.load()) | 0) === capacity;
        if (!full) {
          yield "runs";
          ring.space.store(0);
          continue;
        }
      }
      yield "sleeps";
      continue;
    }
    sent++;
    tail = (tail + 1) | 0;
    let asleep = 0;
    if (fault === "sleeping first") {
      yield "runs";
      asleep = ring.sleeping.load();
    }
    yield "runs";
    ring.tail.store(tail);
    if (fault !== "sleeping first") {
      yield "runs";
      asleep = ring.sleeping.load();
    }
    if (asleep !== 0) {
      yield "runs";
      if (ring.sleeping.exchange(0) !== 0 && fault !== "no ring") doorbells.ring(ring.consumersBell);
    }
  }
}

/** The mirror image: the consumer is the code itself. Its sleep is the test's, since in Node it belongs to the loop. */
function everyOrderOfConsumer(capacity: number, entries: number, fault: ProducerFault = ""): number {
  const choices = new Choices();
  let runs = 0;
  do {
    runs++;
    const ring = setUp(capacity);
    const other = new Stepper(producer(ring, capacity, entries, fault), ring.producersBell);
    const own = new RawConsumer(ring.buffer, ring.direction, new Doorbell(ring.producersBell));
    try {
      stopped(
        () => {
          while (other.canStep() && choices.pick(2) === 1) other.step();
        },
        () => {
          for (let received = 0; received < entries; ) {
            const n = own.available();
            if (n > 0) {
              own.advance(n);
              received += n;
              continue;
            }
            Atomics.store(ring.words, ring.direction.sleeping >>> 2, 1);
            if (own.available() > 0) {
              Atomics.exchange(ring.words, ring.direction.sleeping >>> 2, 0);
              continue;
            }
            while (!doorbells.hear(ring.consumersBell)) {
              if (!other.step()) throw new LostWake("both ends sleep");
            }
          }
        },
      );
    } finally {
      doorbells.rung.clear();
    }
  } while (choices.next());
  console.log(runs);
  return runs;
}

describe("no order of loads and stores loses a wake-up", () => {
  it.each([
    [1, 2],
    [2, 2],
    [4, 1],
  ])("of a producer, with a ring of %d and %d entries", (capacity, entries) => {
    expect(everyOrder(RawProducer, capacity, entries)).toBeGreaterThan(10);
  });

  it.each([
    [1, 2],
    [2, 2],
    [4, 1],
  ])("of a consumer, with a ring of %d and %d entries", (capacity, entries) => {
    expect(everyOrderOfConsumer(capacity, entries)).toBeGreaterThan(10);
  });
});

describe("an order that loses a wake-up is found when the producer", () => {
  it.each([
    "reads sleeping before it stores tail",
    "does not ring",
    "does not look again after it has set space",
    "looks before it sets space",
  ])("%s", (name) => {
    expect(() => everyOrder(producers[name] as typeof RawProducer, 1, 3)).toThrow(LostWake);
  });

  it.each<[string, ProducerFault]>([
    ["reads sleeping before it stores tail", "sleeping first"],
    ["does not ring", "no ring"],
    ["does not look again after it has set space", "no second look"],
    ["looks before it sets space", "looks first"],
  ])("%s, seen from the consumer", (_, fault) => {
    expect(() => everyOrderOfConsumer(1, 3, fault)).toThrow(LostWake);
  });
});

describe("an order that loses a wake-up is found when the consumer", () => {
  it.each<[string, ConsumerFault]>([
    ["does not look again after it has set sleeping", "no recheck"],
    ["looks before it sets sleeping", "looks first"],
    ["waits again without setting sleeping", "waits again"],
    ["reads space before it stores head", "space first"],
    ["does not ring", "no ring"],
  ])("%s", (_, fault) => {
    expect(() => everyOrder(RawProducer, 1, 3, fault)).toThrow(LostWake);
  });

  it("but not when it clears sleeping itself after a wake: that costs a system call, and loses nothing", () => {
    expect(everyOrder(RawProducer, 1, 2, "clears late")).toBeGreaterThan(10);
  });
});
