import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { type End, timeTrips } from "../end.js";
import { BATCH, checkSum, type Kind, MESSAGE_BYTES, messageSumOf, sumOf, VALUES } from "../kinds.js";

/** The consumer says so after as many messages; the producer is never more than two of these ahead. */
const WINDOW = 1024;

/**
 * Posts a number, a typed array of many, or a message, which are cloned. A port has no bound of its own: without a window
 * the queue would grow for as long as the producer is the faster one.
 */
export function portProducer(port: MessagePort): End {
  const batch = new Float64Array(BATCH);
  const message = new Uint8Array(MESSAGE_BYTES);
  const post: Record<Exclude<Kind, "asleep">, (i: number, count: number) => void> = {
    one: (i) => port.postMessage(i & (VALUES - 1)),
    batch: (i, count) => {
      const first = i * BATCH;
      const some = count - first < BATCH ? batch.subarray(0, count - first) : batch;
      for (let k = 0; k < some.length; k++) some[k] = (first + k) & (VALUES - 1);
      port.postMessage(some.length === BATCH ? some : some.slice());
    },
    message: (i) => {
      message[0] = i;
      port.postMessage(message);
    },
  };
  return {
    move: (kind, count) =>
      produce(port, post[kind as keyof typeof post], kind === "batch" ? Math.ceil(count / BATCH) : count, count),
    trips: (count) =>
      timeTrips(count, async () => {
        const answer = once(port, "message");
        port.postMessage(1);
        await answer;
      }),
  };
}

async function produce(
  port: MessagePort,
  post: (i: number, count: number) => void,
  messages: number,
  count: number,
): Promise<number> {
  let allowed = 2 * WINDOW;
  let wake = (): void => {};
  const more = (): void => {
    allowed += WINDOW;
    wake();
  };
  port.on("message", more);
  for (let i = 0; i < messages; i++) {
    if (i === allowed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    post(i, count);
  }
  // What the consumer says after its last messages must not be taken for what it says in the next round.
  while (allowed < (2 + Math.floor(messages / WINDOW)) * WINDOW) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  port.off("message", more);
  return 0;
}

export function portConsumer(port: MessagePort): End {
  return {
    move: (kind, count) =>
      kind === "one"
        ? consume<number>(port, count, (value) => value, sumOf(count))
        : kind === "batch"
          ? consume<Float64Array>(port, Math.ceil(count / BATCH), sumBatch, sumOf(count))
          : consume<Uint8Array>(port, count, (message) => message[0] as number, messageSumOf(count)),
    trips: (count) =>
      new Promise((resolve) => {
        let left = count;
        const answer = (value: number): void => {
          port.postMessage(value);
          if (--left > 0) return;
          port.off("message", answer);
          resolve(undefined);
        };
        port.on("message", answer);
      }),
  };
}

function sumBatch(batch: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < batch.length; k++) sum += batch[k] as number;
  return sum;
}

function consume<T>(
  port: MessagePort,
  messages: number,
  read: (message: T) => number,
  expected: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    let sum = 0;
    let start = 0;
    const take = (message: T): void => {
      if (seen === 0) start = performance.now();
      sum += read(message);
      if (++seen % WINDOW === 0) port.postMessage(0);
      if (seen < messages) return;
      port.off("message", take);
      const ms = performance.now() - start;
      try {
        checkSum(sum, expected);
        resolve(ms);
      } catch (error) {
        reject(error);
      }
    };
    port.on("message", take);
  });
}
