// Both ends of both kinds of ring, in both styles of waiting: what a worker runs, and the page's own thread.
import { MessageRing, Ring, u32 } from "/ring/index.js";

export const open = ({ kind, memory }) => (kind === "entries" ? Ring.open(memory, u32) : MessageRing.open(memory));

/** Message number i: up to 40 bytes, and what they are can be told from i. */
const messageOf = (i) => new Uint8Array((i * 37) % 41).map((_, k) => i + k);
const numbered = (kind, i) => (kind === "entries" ? i : messageOf(i));

/** Pushes the values 0 to count - 1, and closes. */
export async function produce({ kind, style, count, wait, ...ring }) {
  const producer = open({ kind, ...ring }).producer({ wait });
  for (let i = 0; i < count; i++) {
    if (style === "sync") producer.pushSync(numbered(kind, i));
    // A promise only where there is no room.
    else if (!producer.tryPush(numbered(kind, i))) await producer.push(numbered(kind, i));
  }
  producer.close();
  return { waits: producer.stats.waits };
}

/** Reads up to the end, and tells what came. */
export async function consume({ kind, style, wait, ...ring }) {
  const consumer = open({ kind, ...ring }).consumer({ wait });
  let count = 0;
  let sum = 0;
  let wrong = 0;
  const take = (value) => {
    const expected = numbered(kind, count++);
    if (kind === "entries") {
      sum += value;
      if (value !== expected) wrong++;
    } else {
      sum += value.length;
      if (value.length !== expected.length || value.some((byte, k) => byte !== expected[k])) wrong++;
    }
  };
  if (style === "sync") {
    for (let value = consumer.popSync(); value !== undefined; value = consumer.popSync()) take(value);
  } else {
    for await (const value of consumer) take(value);
  }
  return { count, sum, wrong, ended: consumer.ended, waits: consumer.stats.waits };
}

/** Sends back what comes. */
export async function echo({ requests, replies, kind, wait }) {
  const consumer = open({ kind, memory: requests }).consumer({ wait });
  const producer = open({ kind, memory: replies }).producer({ wait });
  for (let value = consumer.popSync(); value !== undefined; value = consumer.popSync()) producer.pushSync(value);
  producer.close();
}
