import { isDeepStrictEqual } from "node:util";
import type { Reading } from "./bench.js";
import type { Session, Streams } from "./contender.js";
import { readings, totalOf } from "./streams.js";

/** Lengths on both sides of a batch and of a window of batches. */
const COUNTS = [0, 1, 255, 256, 257, 1500];

/** Calls from Go, few enough that it times them all, and from how many goroutines. */
const CALLS = [
  [1, 1],
  [50, 1],
  [1500, 1000],
] as const;

/**
 * What `answers.ts` is for calls: every contender of W10 and W11 is asked the same before any clock runs, all of W10 at
 * once. Names what is wrong.
 */
export async function wrongFlows(session: Session): Promise<string[]> {
  const { streams } = session;
  const wrong = streams ? await Promise.all(COUNTS.flatMap((count) => questions(streams, count))) : [];
  // Go compares the answers of the calls that it makes itself.
  for (const [count, goroutines] of session.callBack ? CALLS : []) {
    const report = await session.callBack?.(count, goroutines).catch((error: unknown) => [error]);
    const right = report?.length === 1 + count && Array.from(report).every((ns) => Number(ns) > 0);
    wrong.push(right ? "" : `callBack ${count}, ${goroutines}: got ${report?.length} numbers, ${report?.[0]}`);
  }
  return wrong.filter((one) => one !== "");
}

function questions(streams: Streams, count: number): Promise<string>[] {
  const expected = Array.from({ length: count }, (_, id) => ({ id, value: id / 2 }));
  return [
    compared(`readings ${count}`, list(streams.readings(count)), expected),
    compared(`total ${count}`, streams.total(readings(count)), totalOf(count)),
    compared(`mirror ${count}`, list(streams.mirror(readings(count))), expected),
  ];
}

async function compared(what: string, answer: Promise<unknown>, expected: unknown): Promise<string> {
  const got = await answer.catch((error: unknown) => error);
  if (isDeepStrictEqual(got, expected)) return "";
  return `${what}: got ${Array.isArray(got) ? `${got.length} readings, or not in their order` : got}`;
}

/** A message of a library may carry more than the fields: only these are compared. */
async function list(stream: AsyncIterable<Reading>): Promise<Reading[]> {
  const all: Reading[] = [];
  for await (const { id, value } of stream) all.push({ id, value });
  return all;
}
