// What tests of errors have in common: a client whose Go fails as planned, and calls back what throws.
import { type Client, connect, type GoError, type Ts2goError } from "@x/ts2go";
import fc from "fast-check";
import { afterAll, beforeAll, expect } from "vitest";
import { Failures, Thrower } from "./gen/trust.js";

/** What Go makes an error of: see errors.go. */
export interface Plan {
  Kind: string;
  Text?: string;
  ID?: bigint;
  Cause?: Plan;
  Parts?: Plan[];
}

/** Whom the tests of a file that imports this share. */
export let client: Client<Failures>;
/** What `Thrower.raise` throws, by id; a function is called, to throw. */
export const thrown = new Map<string, unknown>();
beforeAll(async () => {
  const raise = async (id: string): Promise<void> => {
    const what = thrown.get(id);
    if (typeof what === "function") return await what();
    throw what;
  };
  client = await connect(Failures, { provide: [Thrower.with({ raise })] });
});
afterAll(() => client.close());

export const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => expect.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error as Ts2goError,
  );

export const planned = (plan: Plan) =>
  JSON.stringify(plan, (_, v) => (typeof v === "bigint" ? `<${v}>` : v)).replace(/"<(-?\d+)>"/g, "$1");
export const failWith = (plan: Plan) => rejection(client.fail(planned(plan))) as Promise<GoError>;

/** Throws `what` to Go under a name of its own, and makes `call` with that. */
export async function throwing<T>(what: unknown, call: (id: string) => Promise<T>): Promise<T> {
  const id = `${thrown.size} ${Math.random()}`;
  thrown.set(id, what);
  try {
    return await call(id);
  } finally {
    thrown.delete(id);
  }
}

export const text = fc.string({ unit: "binary", maxLength: 12 }).filter((s) => s.isWellFormed());
