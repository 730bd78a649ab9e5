/**
 * Ends a call: a promise's own resolve function. It is called once, with the result, or with a rejected promise. Keeping
 * one function a call and not two saves a store into old memory for each.
 */
export type Settle = (result: unknown) => void;

/** Ends a call with an error. */
export function fail(settle: Settle, error: Error): void {
  settle(Promise.reject(error));
}
