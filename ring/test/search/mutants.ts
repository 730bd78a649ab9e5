import type { Mutation } from "./compile.js";

export interface Mutant {
  readonly name: string;
  readonly changes: readonly Mutation[];
  /** The case that finds it, and what it says. */
  readonly by: string;
  readonly fault: RegExp;
}

const end = "queue/end.ts";
const rawConsumer = "raw/consumer.ts";
const rawProducer = "raw/producer.ts";

export const mutants: readonly Mutant[] = [
  {
    name: "the consumer does not look again after sleeping = 1",
    changes: [{ file: rawConsumer, from: "if (this.available() === 0) return true;", to: "return true;" }],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps, and there are entries/,
  },
  {
    name: "the producer does not look again after space = 1",
    changes: [{ file: rawProducer, from: "if (this.look() < wanted) return true;", to: "return true;" }],
    by: "notify: two entries, and the end",
    fault: /producer sleeps, and there is room/,
  },
  {
    name: "the consumer looks again before sleeping = 1",
    changes: [
      { file: rawConsumer, from: "Atomics.store(this.words, this.sleepingWord, 1);\n", to: "" },
      {
        file: rawConsumer,
        from: "if (this.available() === 0) return true;",
        to: "if (this.available() === 0) { Atomics.store(this.words, this.sleepingWord, 1); return true; }",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps, and there are entries/,
  },
  {
    name: "the producer looks again before space = 1",
    changes: [
      { file: rawProducer, from: "Atomics.store(this.words, this.spaceWord, 1);\n", to: "" },
      {
        file: rawProducer,
        from: "if (this.look() < wanted) return true;",
        to: "if (this.look() < wanted) { Atomics.store(this.words, this.spaceWord, 1); return true; }",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /producer sleeps, and there is room/,
  },
  {
    name: "the producer loads sleeping before it stores tail",
    changes: [
      {
        file: rawProducer,
        from: "Atomics.store(words, this.tailWord, this.tail);",
        to: "const asleep = Atomics.load(words, this.sleepingWord); Atomics.store(words, this.tailWord, this.tail);",
      },
      { file: rawProducer, from: "if (Atomics.load(words, this.sleepingWord) !== 0 &&", to: "if (asleep !== 0 &&" },
    ],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps, and there are entries/,
  },
  {
    name: "the consumer loads space before it stores head",
    changes: [
      {
        file: rawConsumer,
        from: "Atomics.store(words, this.headWord, this.head);",
        to: "const waits = Atomics.load(words, this.spaceWord); Atomics.store(words, this.headWord, this.head);",
      },
      { file: rawConsumer, from: "if (Atomics.load(words, this.spaceWord) !== 0 &&", to: "if (waits !== 0 &&" },
    ],
    by: "notify: two entries, and the end",
    fault: /producer sleeps, and there is room/,
  },
  {
    name: "the producer does not ring",
    changes: [{ file: rawProducer, from: "this.bell.ring();", to: "" }],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps/,
  },
  {
    name: "the consumer does not ring",
    changes: [{ file: rawConsumer, from: "this.bell.ring();", to: "" }],
    by: "notify: two entries, and the end",
    fault: /producer sleeps, and there is room/,
  },
  {
    name: "the producer closes without taking the flag away",
    changes: [
      {
        file: rawProducer,
        from: "wake(): void {\n    Atomics.exchange(this.words, this.sleepingWord, 0);",
        to: "wake(): void {",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps, and the producer has closed/,
  },
  {
    name: "the consumer closes without taking the flag away",
    changes: [
      {
        file: rawConsumer,
        from: "wake(): void {\n    Atomics.exchange(this.words, this.spaceWord, 0);",
        to: "wake(): void {",
      },
    ],
    by: "notify: the consumer closes while its pop waits",
    fault: /producer sleeps, and the consumer has closed/,
  },
  {
    name: "the other's end is not looked at after the flag is set",
    changes: [
      {
        file: end,
        from: "if (this.peerEnd() !== 0) {\n          this.raw.disarm();\n          continue;\n        }",
        to: "",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /consumer sleeps, and the producer has closed/,
  },
  {
    name: "the other's end is not looked at after the flag is set, by who blocks",
    changes: [{ file: end, from: "if (this.peerEnd() === 0) {", to: "{" }],
    by: "notify: both block",
    fault: /consumer sleeps, and the producer has closed/,
  },
  {
    name: "tail is not looked at again after closed",
    changes: [{ file: "queue/consumer.ts", from: "if (this.raw.available() > 0) return true;", to: "" }],
    by: "notify: two entries, and the end",
    fault: /lost|there are entries/,
  },
  {
    name: "head moves without a look at space",
    changes: [
      {
        file: rawConsumer,
        from: "if (Atomics.load(words, this.spaceWord) !== 0 && Atomics.exchange(words, this.spaceWord, 0) !== 0) this.ring();",
        to: "",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /producer sleeps, and there is room/,
  },
  {
    name: "tail moves before the entry is written",
    changes: [
      {
        file: "queue/producer.ts",
        from: "    try {\n      this.entry.write(this.views, at, value);",
        to: "    raw.publish();\n    try {\n      this.entry.write(this.views, at, value);",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /out of order|lost|refused/,
  },
  {
    name: "head moves before the entry is read",
    changes: [
      {
        file: "queue/consumer.ts",
        from: "    const value = this.entry.read(this.views, raw.at(0));\n    raw.advance(1);",
        to: "    const at = raw.at(0);\n    raw.advance(1);\n    const value = this.entry.read(this.views, at);",
      },
    ],
    by: "notify: two entries, and the end",
    fault: /out of order|lost/,
  },
  {
    name: "who is aborted leaves its place in the queue",
    changes: [
      {
        file: end,
        from: "        this.waiters.delete(waiter);\n        reject(signal?.reason);",
        to: "        reject(signal?.reason);",
      },
    ],
    by: "notify: a pop is aborted while it waits, and the next goes on",
    fault: /lost|keeps its event loop alive|waits/,
  },
  {
    name: "a wake does not serve who waits",
    changes: [{ file: "wait/notify.ts", from: "        this.onWake();\n", to: "" }],
    by: "notify: two entries, and the end",
    fault: /sleeps|does not keep its event loop alive/,
  },
  {
    name: "the doorbell is not emptied",
    changes: [
      {
        file: "process/sleeper.ts",
        from: "        native.hearDoorbell(this.own);\n        this.stop();",
        to: "        this.stop();",
      },
    ],
    by: "eventfd: one entry, and the end",
    fault: /round in circles/,
  },
  {
    name: "the doorbell is emptied after the look",
    changes: [
      {
        file: "process/sleeper.ts",
        from: "        native.hearDoorbell(this.own);\n        this.stop();\n        this.onWake();",
        to: "        this.stop();\n        this.onWake();\n        native.hearDoorbell(this.own);",
      },
    ],
    by: "eventfd: one entry, and the end",
    fault: /consumer sleeps/,
  },
  {
    name: "nobody watches the other process",
    changes: [{ file: "process/sleeper.ts", from: "this.peerWatch?.start(false);", to: "" }],
    by: "eventfd: the producer's process ends",
    fault: /the consumer sleeps, and the producer is dead/,
  },
  {
    name: "a role is taken without a ring",
    changes: [
      {
        file: end,
        from: "    this.raw.wake();\n  }\n\n  protected readonly raw",
        to: "  }\n\n  protected readonly raw",
      },
    ],
    by: "eventfd: the producer's process ends",
    fault: /the consumer sleeps, and the producer is dead/,
  },
];
