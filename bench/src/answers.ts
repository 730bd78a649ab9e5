import { isDeepStrictEqual } from "node:util";
import type { DemoComplicatedRequest } from "./bench.js";
import type { Calls } from "./contender.js";
import { demoRequest, payload } from "./request.js";

/** Sizes on both sides of every threshold that a contender may have between small and large. */
const SIZES = [0, 1, 16, 33, 4096, 16_385, 40_000, 1 << 20];

/** The calls that say whether everybody is of age; the last two are not everybody's. */
const CHECKS = ["check", "checkSlowly", "checkLong", "checkBusy"] as const;

const PAGE_BYTES = 4096;

/** What a contender is asked before any clock runs, with what the answer must be. */
interface Question {
  readonly what: string;
  readonly ask: (calls: Calls) => Promise<unknown>;
  readonly expected: unknown;
}

/**
 * Asks a contender everything and names the first answers that are wrong. All contenders are held against the same
 * expected answers, so those that pass give the same ones.
 */
export async function wrongAnswers(calls: Calls): Promise<string[]> {
  const questions = [...checks(calls), ...payloads()];
  // All at once, so that batches, slots and answers that overtake each other are seen too.
  const answers = await Promise.all(questions.map(({ ask }) => ask(calls).catch((error: unknown) => error)));
  const wrong: string[] = [];
  questions.forEach(({ what, expected }, i) => {
    if (!isDeepStrictEqual(answers[i], expected))
      wrong.push(`${what}: got ${brief(answers[i])}, want ${brief(expected)}`);
  });
  return wrong;
}

function checks(calls: Calls): Question[] {
  const young = demoRequest();
  young.users.push({ name: "Blaise Pascal", age: 17 });
  const requests: [string, DemoComplicatedRequest, boolean][] = [
    ["two adults", demoRequest(), true],
    ["a child among them", young, false],
    ["nobody", { users: [], balabala: new Uint8Array(0) }, true],
    ["names beyond ASCII", { users: [{ name: "Ærøskøbing 🚀", age: 18 }], balabala: payload(40) }, true],
    ["a long name", { users: [{ name: "x".repeat(5000), age: 17 }], balabala: payload(1) }, false],
    [
      "many users",
      { users: Array.from({ length: 200 }, (_, i) => ({ name: `user ${i}`, age: 20 })), balabala: payload(3) },
      true,
    ],
  ];
  return requests.flatMap(([what, request, pass]) =>
    CHECKS.filter((name) => name in calls).map((name) => ({
      what: `${name}, ${what}`,
      ask: (asked: Calls) => (asked as Required<Calls>)[name](request),
      expected: { pass },
    })),
  );
}

function payloads(): Question[] {
  return SIZES.flatMap((size) => {
    const bytes = payload(size);
    return [
      { what: `take ${size}`, ask: (calls: Calls) => calls.take(bytes), expected: takeSum(bytes) },
      { what: `give ${size}`, ask: async (calls: Calls) => plain(await calls.give(size)), expected: bytes },
      { what: `echo ${size}`, ask: async (calls: Calls) => plain(await calls.echo(bytes)), expected: bytes },
    ];
  });
}

/** What the handler `Take` in bench/go answers. */
export function takeSum(bytes: Uint8Array): number {
  let sum = bytes.length;
  for (let i = 0; i < bytes.length; i += PAGE_BYTES) sum += bytes[i] as number;
  return sum + (bytes.at(-1) ?? 0);
}

/** A Buffer is as good an answer as a Uint8Array: only the bytes are compared. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function brief(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return JSON.stringify(value) ?? String(value);
}
