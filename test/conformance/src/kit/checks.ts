/** What cases say of what they see. They run in worker_threads too, where no test framework is. */
import assert from "node:assert/strict";
import type { Ts2goError } from "@x/ts2go";

export { deepEqual, equal, match, ok } from "node:assert/strict";

/** What a promise rejects with; fails if it resolves. */
export const rejection = (promise: Promise<unknown>): Promise<Ts2goError> =>
  promise.then(
    (value) => assert.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error as Ts2goError,
  );

/** What a function throws; fails if it returns. */
export function thrown(f: () => unknown): Ts2goError {
  let value: unknown;
  try {
    value = f();
  } catch (error) {
    return error as Ts2goError;
  }
  assert.fail(`it returned ${String(value)}`);
}

/** That an error has these properties, among others. */
export function has(error: unknown, properties: object): void {
  const found = Object.fromEntries(
    Object.keys(properties).map((key) => [key, (error as Record<string, unknown>)[key]]),
  );
  assert.deepEqual(found, properties);
}

/** How long a condition may take to come true, in milliseconds: only a case that fails waits so long. */
const PATIENCE_MS = 10_000;

/** Waits until `condition` holds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) assert.fail(`waited ${PATIENCE_MS} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The next warning of this process with such a code. */
export function warning(code: string): Promise<Error> {
  return new Promise((resolve) => {
    const look = (error: Error & { code?: string }) => {
      if (error.code !== code) return;
      process.off("warning", look);
      resolve(error);
    };
    process.on("warning", look);
  });
}

/** Lets a call that nobody awaits yet fail without being reported as unhandled. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

export async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield item;
}

/** An endless source of numbers that tells how many it has made, and whether it was left. */
export function endless() {
  const state = { made: 0, left: false };
  async function* source(): AsyncGenerator<number> {
    try {
      for (;;) yield state.made++;
    } finally {
      state.left = true;
    }
  }
  return { state, items: source() };
}

/** A source that gives what it is told to, when it is told to. */
export class Mouth<T> implements AsyncIterable<T> {
  private readonly said: (T | undefined)[] = [];
  private wake = () => {};

  say(item: T): void {
    this.said.push(item);
    this.wake();
  }

  end(): void {
    this.said.push(undefined);
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.said.length === 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      const item = this.said.shift();
      if (item === undefined) return;
      yield item;
    }
  }
}
