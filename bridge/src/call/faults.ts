import type { MethodSpec } from "../client/service.js";
import { EncodeError } from "../errors.js";
import { REFUSED } from "../image/writer.js";
import { explain, explainResult, type Fault } from "../schema/explain.js";
import type { Method, Schema } from "../schema/index.js";
import { Misfit } from "./stream/index.js";

// Encoders only say that something does not fit. Here is said what, slowly, with the schema in hand.

const told = (method: Method, fault: Fault | undefined): EncodeError | undefined =>
  fault && new EncodeError(method.name, fault.path, fault.expected, fault.received);

/** For a value that the encoder refused and in which, looked at again, nothing is wrong. */
const unsteady = (method: Method, what: string, expected: string): EncodeError =>
  new EncodeError(method.name, what, expected, "something else");

/** What is wrong with a call's arguments, where it is that. */
export function explainArguments(schema: Schema, method: MethodSpec, args: unknown, error: unknown): Error {
  const description = schema.methods[method.index];
  if (description === undefined) return error as Error;
  const fault = told(description, explain(schema, description, method.params === 1 ? [args] : (args as unknown[])));
  if (fault !== undefined) return fault;
  if (error === REFUSED)
    return unsteady(description, "arguments", "values that stay as they are while they are encoded");
  // A getter of an argument threw, or the like: that is the caller's own error.
  return error as Error;
}

/** What is wrong with an item of an argument stream, where it is that. */
export function explainItems(schema: Schema, method: MethodSpec, error: Error): Error {
  const description = schema.methods[method.index];
  const param = description?.params.find((candidate) => candidate.stream === true);
  if (!(error instanceof Misfit) || description === undefined || param === undefined) return error;
  const list = { name: param.name, type: { kind: "list", element: param.type } } as const;
  return (
    told(description, explain(schema, { ...description, params: [list] }, [error.items])) ?? (error.cause as Error)
  );
}

/** What is wrong with what an implementation has returned, where it is that. A getter of it may throw. */
export function explainReply(schema: Schema, method: Method, value: unknown, error: unknown): unknown {
  const fault = told(method, explainResult(schema, method, value));
  if (fault !== undefined || error !== REFUSED) return fault ?? error;
  return unsteady(method, "result", "a value that stays as it is while it is encoded");
}

/** The iterable of an argument stream, checked. */
export function iterable(name: string, method: MethodSpec, items: unknown): AsyncIterable<unknown> {
  const source = items as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  if (typeof source?.[Symbol.asyncIterator] === "function" || typeof source?.[Symbol.iterator] === "function") {
    return items as AsyncIterable<unknown>;
  }
  throw new EncodeError(
    name,
    method.items?.name ?? "items",
    "an AsyncIterable",
    items === null ? "null" : typeof items,
  );
}
