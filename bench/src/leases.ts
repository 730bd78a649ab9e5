import type { Leases } from "./contender.js";
import type { Call } from "./driver.js";

/** Where the bytes of a cell of W12 go. */
export const LEASE_WAYS = ["in", "out"] as const;
export type LeaseWay = (typeof LEASE_WAYS)[number];

const KIB = 1 << 10;
const MIB = 1 << 20;

/** What is handed over without a copy should not cost more the larger it is: two orders of magnitude show it. */
export const LEASE_BYTES = [64 * KIB, MIB, 8 * MIB];

/** So many bytes at each end are written by whoever makes them and read by whoever gets them, and no others. */
const END_BYTES = 8;

const MARKS = 256;

/** Sizes that are asked for before any clock runs: both ends and nothing else, and on both sides of every threshold. */
const ASKED_BYTES = [2 * END_BYTES, 4096, 16_385, 40_000, ...LEASE_BYTES];

/** Writes both ends, differently for each of 256 marks; `MarkEnds` in bench/go does the same. */
export function markEnds(bytes: Uint8Array, mark: number): void {
  const last = bytes.length - END_BYTES;
  for (let i = 0; i < END_BYTES; i++) {
    bytes[i] = mark + i;
    bytes[last + i] = mark + END_BYTES + i;
  }
}

/** A number that depends on both ends and on the length; `TakeEnds` in bench/go gives the same. */
export function readEnds(bytes: Uint8Array, length = bytes.length): number {
  let sum = length;
  const last = bytes.length - END_BYTES;
  for (let i = 0; i < END_BYTES; i++) sum = (Math.imul(sum, 31) + (bytes[i] as number)) | 0;
  for (let i = 0; i < END_BYTES; i++) sum = (Math.imul(sum, 31) + (bytes[last + i] as number)) | 0;
  return sum >>> 0;
}

/** The call of a cell of W12. Each has a mark of its own, and each answer is compared. */
export function leaseCall(leases: Leases | undefined, way: LeaseWay, size: number): Call {
  if (!leases) return () => Promise.reject(new Error("left out: it offers no leases"));
  // Nothing but the ends: large memory that was made here would be collected while the clock runs.
  const ends = new Uint8Array(2 * END_BYTES);
  const expected = Uint32Array.from({ length: MARKS }, (_, mark) => {
    markEnds(ends, mark);
    return readEnds(ends, size);
  });
  let calls = 0;
  return async () => {
    const mark = calls++ % MARKS;
    const got = way === "in" ? await send(leases, size, mark) : await receive(leases, size, mark);
    if (got !== expected[mark]) throw new Error(`wrong bytes, ${way} ${size}: got ${got}, expected ${expected[mark]}`);
  };
}

function send(leases: Leases, size: number, mark: number): Promise<number> {
  const bytes = leases.alloc(size);
  markEnds(bytes, mark);
  return leases.send(bytes);
}

async function receive(leases: Leases, size: number, mark: number): Promise<number> {
  const bytes = await leases.receive(size, mark);
  const got = readEnds(bytes);
  leases.release(bytes);
  return got;
}

/** What `answers.ts` is for calls: names what is wrong. All at once, so that one's memory is not taken for another's. */
export async function wrongLeases(leases: Leases | undefined): Promise<string[]> {
  if (!leases) return [];
  const questions = ASKED_BYTES.flatMap((size) => LEASE_WAYS.map((way) => leaseCall(leases, way, size)));
  const answers = await Promise.allSettled(questions.flatMap((ask) => [ask(), ask(), ask()]));
  return answers.flatMap((one) => (one.status === "rejected" ? [String(one.reason?.message ?? one.reason)] : []));
}
