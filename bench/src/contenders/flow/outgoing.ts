import type { Reading } from "../../bench.js";
import { BATCH_ITEMS, HEADER_BYTES, ITEM_BYTES, ITEM_DOUBLES, ITEM_WORDS, OP, type Send, WINDOW } from "./layout.js";

const HEADER_DOUBLES = HEADER_BYTES / Float64Array.BYTES_PER_ELEMENT;
const HEADER_WORDS = HEADER_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/**
 * Pushes what an iterable gives, and gives the answer to the last push. A batch goes out at once while none is on its way;
 * otherwise items gather until it is full, so that single ones do not wait and many travel together.
 */
export async function pushAll(items: AsyncIterable<Reading>, stream: number, send: Send): Promise<Uint8Array> {
  const buffer = new ArrayBuffer(HEADER_BYTES + BATCH_ITEMS * ITEM_BYTES);
  const words = new Uint32Array(buffer);
  const doubles = new Float64Array(buffer);
  words.set([OP.push, stream]);
  let gathered = 0;
  let under = 0;
  const pushes: Promise<void>[] = [];
  const push = (): Promise<Uint8Array> => {
    const payload = new Uint8Array(buffer, 0, HEADER_BYTES + gathered * ITEM_BYTES);
    gathered = 0;
    return send(payload);
  };
  const taken = (): void => void under--;
  for await (const { id, value } of items) {
    words[HEADER_WORDS + gathered * ITEM_WORDS] = id;
    doubles[HEADER_DOUBLES + gathered * ITEM_DOUBLES + 1] = value;
    if (++gathered < BATCH_ITEMS && under > 0) continue;
    if (pushes.length === WINDOW) await pushes.shift();
    under++;
    const pushed = push().then(taken);
    // Whoever awaits it hears of it; until then it is nobody's.
    pushed.catch(() => {});
    pushes.push(pushed);
  }
  if (gathered > 0) {
    if (pushes.length === WINDOW) await pushes.shift();
    pushes.push(push().then(taken));
  }
  await Promise.all(pushes);
  return push();
}
