import type { Consumer, MessageConsumer, MessageProducer, Producer } from "@x/mem-ring";
import type { End } from "../end.js";
import { timeTrips, timeTripsSync } from "../end.js";
import { BATCH, checkSum, type Kind, MESSAGE_BYTES, messageSumOf, sumOf, VALUES } from "../kinds.js";

/** The ends of the four queues that a producer and a consumer share: two of them are for trips, and sleep. */
export interface ProducerRings {
  readonly entries: Producer<number>;
  readonly messages: MessageProducer;
  readonly there: Producer<number>;
  readonly back: Consumer<number>;
  /** Whether trips block the thread or wait in its event loop. */
  readonly blocking: boolean;
}

export interface ConsumerRings {
  readonly entries: Consumer<number>;
  readonly messages: MessageConsumer;
  readonly there: Consumer<number>;
  readonly back: Producer<number>;
  readonly blocking: boolean;
}

/** As a user of a queue that is never idle writes it: try, and spin where there is nothing to do. */
export function ringProducer({ entries, messages, there, back, blocking }: ProducerRings): End {
  const batch = new Float64Array(BATCH);
  const message = new Uint8Array(MESSAGE_BYTES);
  const moves = {
    one: (count: number) => pushEach(entries, count),
    batch: (count: number) => pushBatches(entries, batch, count),
    message: (count: number) => pushMessages(messages, message, count),
  };
  return {
    move: (kind, count) => moves[kind as Exclude<Kind, "asleep">](count),
    trips: (count) =>
      blocking
        ? timeTripsSync(count, () => {
            there.pushSync(1);
            back.popSync();
          })
        : timeTrips(count, async () => {
            there.tryPush(1);
            await back.pop();
          }),
  };
}

export function ringConsumer({ entries, messages, there, back, blocking }: ConsumerRings): End {
  const batch = new Float64Array(BATCH);
  const message = new Uint8Array(MESSAGE_BYTES);
  const moves = {
    one: (count: number) => popEach(entries, count),
    batch: (count: number) => popBatches(entries, batch, count),
    message: (count: number) => popMessages(messages, message, count),
  };
  return {
    move: (kind, count) => moves[kind as Exclude<Kind, "asleep">](count),
    trips: async (count) => {
      if (blocking) for (let i = 0; i < count; i++) back.pushSync(there.popSync() as number);
      else for (let i = 0; i < count; i++) back.tryPush((await there.pop()) as number);
      return undefined;
    },
  };
}

// Each loop is a function of its own: they are compiled for their own kind, and the ends of another never get in.

function pushEach(ring: Producer<number>, count: number): number {
  for (let i = 0; i < count; i++) {
    const value = i & (VALUES - 1);
    if (!ring.tryPush(value)) ring.pushSync(value);
  }
  return 0;
}

function popEach(ring: Consumer<number>, count: number): number {
  let sum = ring.popSync() as number;
  const start = performance.now();
  for (let i = 1; i < count; i++) sum += ring.tryPop() ?? (ring.popSync() as number);
  const ms = performance.now() - start;
  checkSum(sum, sumOf(count));
  return ms;
}

function pushBatches(ring: Producer<number>, batch: Float64Array, count: number): number {
  for (let i = 0; i < count; i += BATCH) {
    const some = count - i < BATCH ? batch.subarray(0, count - i) : batch;
    for (let k = 0; k < some.length; k++) some[k] = (i + k) & (VALUES - 1);
    for (let from = 0; from < some.length; ) {
      const n = ring.tryPushMany(some, from);
      if (n === 0) ring.pushSync(some[from] as number);
      from += n || 1;
    }
  }
  return 0;
}

function popBatches(ring: Consumer<number>, batch: Float64Array, count: number): number {
  let sum = ring.popSync() as number;
  const start = performance.now();
  for (let i = 1; i < count; ) {
    const n = ring.tryPopInto(batch);
    for (let k = 0; k < n; k++) sum += batch[k] as number;
    if (n === 0) sum += ring.popSync() as number;
    i += n || 1;
  }
  const ms = performance.now() - start;
  checkSum(sum, sumOf(count));
  return ms;
}

function pushMessages(ring: MessageProducer, message: Uint8Array, count: number): number {
  for (let i = 0; i < count; i++) {
    message[0] = i;
    if (!ring.tryPush(message)) ring.pushSync(message);
  }
  return 0;
}

/** Each message is copied out into memory that is there already, and its place given back. */
function popMessages(ring: MessageConsumer, message: Uint8Array, count: number): number {
  let sum = (ring.popSync() as Uint8Array)[0] as number;
  const start = performance.now();
  for (let i = 1; i < count; i++) {
    const view = ring.tryPeek();
    if (view === undefined) {
      sum += (ring.popSync() as Uint8Array)[0] as number;
      continue;
    }
    message.set(view);
    ring.release();
    sum += message[0] as number;
  }
  const ms = performance.now() - start;
  checkSum(sum, messageSumOf(count));
  return ms;
}
