/** What a call of a stream is about; bench/go/flow has the same. */
export const OP = { readings: 0, total: 1, mirror: 2, pull: 3, push: 4 } as const;

/** Before the items of a call: op, stream, count and a word that is not used. */
export const HEADER_BYTES = 16;

/** An item: its number, a word that is not used, and its value. */
export const ITEM_BYTES = 16;
export const ITEM_WORDS = 4;
export const ITEM_DOUBLES = 2;

/** Items that travel together, at most. */
export const BATCH_ITEMS = 256;

/** Pulls that wait while a stream is open, and pushes that may. */
export const WINDOW = 4;

/** Makes a call with a payload, which may be written over when it has returned; calls get to Go in their order. */
export type Send = (payload: Uint8Array) => Promise<Uint8Array>;
