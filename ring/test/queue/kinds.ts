import { type Consumer, type Entry, MessageRing, type Producer, Ring, u32, type Wait } from "@x/mem-ring";
import { layout as channel } from "@x/mem-ring/channel";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";
import * as L from "../../src/layout.js";
import { NEAR_WRAP } from "../support.js";

export { channel, L };

/** Both rings of entries: what is said of one holds for the other. */
export const rings = {
  Ring: <T>(entry: Entry<T>, capacity: number): Ring<T> | SharedRing<T> => Ring.create({ entry, capacity }),
  SharedRing: <T>(entry: Entry<T>, capacity: number): Ring<T> | SharedRing<T> => SharedRing.create({ entry, capacity }),
};
export const messageRings = {
  MessageRing: (capacity: number): MessageRing | SharedMessageRing => MessageRing.create({ capacity }),
  SharedMessageRing: (capacity: number): MessageRing | SharedMessageRing => SharedMessageRing.create({ capacity }),
};
export type Kind = keyof typeof rings;
export type MessageKind = keyof typeof messageRings;
export const KINDS = Object.keys(rings) as Kind[];
export const MESSAGE_KINDS = Object.keys(messageRings) as MessageKind[];

/** Moves both indices, before an end is made. */
export function startAt(memory: SharedArrayBuffer, index: number): void {
  const words = new Int32Array(memory, 0, L.DATA >>> 2);
  words[L.WORD_TAIL >>> 2] = words[L.WORD_HEAD >>> 2] = index;
}

export interface Ends<T> {
  readonly ring: Ring<T> | SharedRing<T>;
  readonly producer: Producer<T>;
  readonly consumer: Consumer<T>;
  readonly words: Int32Array;
}

/** A ring with both ends in this thread, its indices near the wrap. */
export function ends(kind: Kind, capacity: number, wait?: Wait): Ends<number>;
export function ends<T>(kind: Kind, capacity: number, wait: Wait | undefined, entry: Entry<T>, start?: number): Ends<T>;
export function ends<T>(kind: Kind, capacity: number, wait: Wait = "sleep", entry?: Entry<T>, start = NEAR_WRAP) {
  const ring = rings[kind]((entry ?? u32) as Entry<T>, capacity);
  startAt(ring.memory, start);
  const words = new Int32Array(ring.memory, 0, L.DATA >>> 2);
  return { ring, producer: ring.producer({ wait }), consumer: ring.consumer({ wait }), words };
}

export function messageEnds(kind: MessageKind, capacity: number, wait: Wait = "sleep", start = NEAR_WRAP) {
  const ring = messageRings[kind](capacity);
  startAt(ring.memory, start);
  const words = new Int32Array(ring.memory, 0, L.DATA >>> 2);
  return { ring, producer: ring.producer({ wait }), consumer: ring.consumer({ wait }), words };
}

/** A message whose bytes are its own: number `n`, of so many bytes. */
export const message = (length: number, n = length) => Uint8Array.from({ length }, (_, k) => (n + k) & 255);

/** Turns of the event loop: enough for everything that was rung to be heard. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
