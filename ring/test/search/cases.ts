import type { Case, Seen, SteppableConsumer, SteppableProducer } from "./ends.js";
import { Signal, type Steps, type Thread } from "./runtime.js";

function* push(end: SteppableProducer, seen: Seen, count: number): Steps {
  for (let value = 1; value <= count; value++) {
    if (!(yield* seen.push(yield* end.push(value), value))) return;
  }
}

function* pushAndClose(end: SteppableProducer, seen: Seen, count: number): Steps {
  yield* push(end, seen, count);
  yield* end.close();
}

function* popAll(end: SteppableConsumer, seen: Seen): Steps {
  while (yield* seen.pop(yield* end.pop()));
}

/** May happen whenever the thread's event loop is idle. */
const mayHappen = (thread: Thread, name: string, steps: () => Steps) =>
  thread.happenings.push({ name, atAnyTime: false, go: (t) => t.begin(steps()) });

/** A signal that may be aborted whenever the thread is idle. */
function abortable(thread: Thread): { signal: Signal } {
  const signal = new Signal();
  mayHappen(thread, "aborts", () => signal.abort());
  return { signal };
}

function none(signal: Signal): void {
  if (signal.listening > 0) throw new Error("somebody still listens to the signal");
}

const notify = { capacity: 1, bell: "notify" } as const;
const eventfd = { capacity: 1, bell: "eventfd" } as const;

export const cases: readonly Case[] = [
  {
    ...notify,
    name: "two entries, and the end",
    producer: (end, seen) => pushAndClose(end, seen, 2),
    consumer: popAll,
  },
  {
    ...notify,
    name: "both look once more before they sleep",
    looks: 1,
    producer: (end, seen) => pushAndClose(end, seen, 1),
    consumer: popAll,
  },
  {
    ...notify,
    name: "many at once through a ring of two",
    capacity: 2,
    *producer(end, seen) {
      yield* seen.push(yield* end.pushMany([1, 2, 3]), 1, 2, 3);
    },
    *consumer(end, seen) {
      for (let i = 0; i < 3; i++) yield* seen.pop(yield* end.pop());
    },
  },
  {
    ...notify,
    name: "the consumer closes after the first entry",
    producer: (end, seen) => push(end, seen, 3),
    *consumer(end, seen) {
      yield* seen.pop(yield* end.pop());
      yield* end.close();
    },
  },
  {
    ...notify,
    name: "a pop is aborted while it waits, and the next goes on",
    producer: (end, seen) => pushAndClose(end, seen, 1),
    *consumer(end, seen, thread) {
      const options = abortable(thread);
      const first = yield* end.pop(options);
      const second = yield* end.pop();
      yield* seen.pop(first);
      none(options.signal);
      if (yield* seen.pop(second)) yield* popAll(end, seen);
    },
  },
  {
    ...notify,
    name: "a push is aborted while it waits, and the next goes on",
    *producer(end, seen, thread) {
      yield* seen.push(yield* end.push(1), 1);
      const options = abortable(thread);
      const first = yield* end.push(2, options);
      const second = yield* end.push(3);
      yield* seen.push(first, 2);
      none(options.signal);
      yield* seen.push(second, 3);
    },
    *consumer(end, seen) {
      yield* seen.pop(yield* end.pop());
      yield* seen.pop(yield* end.pop());
    },
  },
  {
    ...notify,
    name: "the consumer closes while its pop waits",
    producer: (end, seen) => push(end, seen, 2),
    *consumer(end, seen, thread) {
      mayHappen(thread, "closes", () => end.close());
      yield* popAll(end, seen);
    },
  },
  {
    ...notify,
    name: "the producer closes while its push waits",
    *producer(end, seen, thread) {
      mayHappen(thread, "closes", () => end.close());
      yield* push(end, seen, 2);
    },
    consumer: popAll,
  },
  {
    ...notify,
    name: "both block",
    *producer(end, seen, thread) {
      for (let value = 1; value <= 2; value++) {
        thread.mark();
        if (yield* end.pushSync(value)) seen.pushed.push(value);
      }
      yield* end.close();
    },
    *consumer(end, seen, thread) {
      for (;;) {
        thread.mark();
        const value = yield* end.popSync();
        if (value === undefined) break;
        seen.popped.push(value);
      }
      seen.sawEnd = true;
    },
  },
  {
    ...notify,
    name: "both block for a time",
    *producer(end, seen) {
      for (let value = 1; value <= 1; value++) if (yield* end.pushSync(value, 10)) seen.pushed.push(value);
      yield* end.close();
    },
    *consumer(end, seen, thread) {
      for (let i = 0; i < 2; i++) {
        thread.mark();
        const value = yield* end.popSync(10);
        if (value !== undefined) seen.popped.push(value);
      }
    },
  },
  {
    ...notify,
    name: "an aborted pop, and then one that blocks",
    producer: (end, seen) => pushAndClose(end, seen, 1),
    *consumer(end, seen, thread) {
      yield* seen.pop(yield* end.pop(abortable(thread)));
      const value = yield* end.popSync();
      if (value !== undefined) seen.popped.push(value);
    },
  },
  {
    ...notify,
    name: "the producer's thread ends, and the consumer is told",
    dies: { who: "producer", how: "told" },
    producer: (end, seen) => push(end, seen, 2),
    consumer: popAll,
  },
  {
    ...notify,
    name: "the consumer's thread ends, and the producer is told",
    dies: { who: "consumer", how: "told" },
    producer: (end, seen) => push(end, seen, 2),
    consumer: popAll,
  },
  {
    ...notify,
    name: "messages, with padding between them",
    capacity: 32,
    messages: true,
    producer: (end, seen) => pushAndClose(end, seen, 2),
    consumer: popAll,
  },
  {
    ...eventfd,
    name: "one entry, and the end",
    producer: (end, seen) => pushAndClose(end, seen, 1),
    consumer: popAll,
  },
  {
    ...eventfd,
    name: "the consumer closes after the first entry",
    producer: (end, seen) => push(end, seen, 3),
    *consumer(end, seen) {
      yield* seen.pop(yield* end.pop());
      yield* end.close();
    },
  },
  {
    ...eventfd,
    name: "a pop is aborted while it waits, and the next goes on",
    *producer(end, seen) {
      yield* push(end, seen, 1);
    },
    *consumer(end, seen, thread) {
      const options = abortable(thread);
      yield* seen.pop(yield* end.pop(options));
      none(options.signal);
      if (seen.popped.length === 0) yield* seen.pop(yield* end.pop());
    },
  },
  {
    ...eventfd,
    name: "both block",
    *producer(end, seen, thread) {
      for (let value = 1; value <= 2; value++) {
        thread.mark();
        if (yield* end.pushSync(value)) seen.pushed.push(value);
      }
    },
    *consumer(end, seen, thread) {
      for (let i = 0; i < 2; i++) {
        thread.mark();
        seen.popped.push((yield* end.popSync()) as number);
      }
    },
  },
  ...(["process", "thread"] as const).flatMap((how): Case[] => [
    {
      ...eventfd,
      name: `the producer's ${how} ends`,
      sameProcess: how === "thread",
      dies: { who: "producer", how },
      producer: (end, seen) => push(end, seen, 1),
      consumer: popAll,
    },
    {
      ...eventfd,
      name: `the consumer's ${how} ends`,
      sameProcess: how === "thread",
      dies: { who: "consumer", how },
      producer: (end, seen) => push(end, seen, 2),
      *consumer(end, seen) {
        yield* seen.pop(yield* end.pop());
      },
    },
  ]),
];

/** Too large to be tried in every order. */
export const larger: readonly Case[] = [
  {
    ...notify,
    name: "five entries one by one through a ring of two",
    capacity: 2,
    producer: (end, seen) => pushAndClose(end, seen, 5),
    consumer: popAll,
  },
  {
    ...eventfd,
    name: "three entries, and the end",
    producer: (end, seen) => pushAndClose(end, seen, 3),
    consumer: popAll,
  },
  {
    ...eventfd,
    name: "messages, with padding between them",
    capacity: 32,
    messages: true,
    producer: (end, seen) => pushAndClose(end, seen, 4),
    consumer: popAll,
  },
];
