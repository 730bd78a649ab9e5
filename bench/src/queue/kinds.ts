/**
 * What a queue moves: entries of 8 bytes one at a time, the same in batches, messages of 1 KiB; or one entry there and
 * back between two ends that sleep until it comes. The Go and C++ ends know them by the same names.
 */
export const KINDS = ["one", "batch", "message", "asleep"] as const;
export type Kind = (typeof KINDS)[number];

/** What every end needs to know; the same numbers stand in contenders/queue-go and contenders/queue-cpp. */
export const CAPACITY = 4096;
export const BATCH = 256;
export const MESSAGE_BYTES = 1024;
/** Bytes of a queue of messages: as many KiB as fit the second level of a processor's cache together with their copies. */
export const MESSAGE_CAPACITY = 1 << 18;
/** Entries count up to here and begin again, so that the sum of all of them stays exact in a double. */
export const VALUES = 1 << 20;

/** The sum of the first `count` entries, which the consumer's has to be. */
export function sumOf(count: number): number {
  const rest = count % VALUES;
  return Math.floor(count / VALUES) * sumBelow(VALUES) + sumBelow(rest);
}

/** The sum of the first `count` messages: each begins with its number, of which the low byte is counted. */
export function messageSumOf(count: number): number {
  return Math.floor(count / 256) * sumBelow(256) + sumBelow(count % 256);
}

export function checkSum(sum: number, expected: number): void {
  if (sum !== expected) throw new Error(`wrong entries: their sum is ${sum}, expected ${expected}`);
}

function sumBelow(n: number): number {
  return (n * (n - 1)) / 2;
}
