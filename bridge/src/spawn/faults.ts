import { Misfit } from "../call/stream/index.js";
import type { MethodSpec } from "../client/service.js";
import { EncodeError } from "../errors.js";
import { REFUSED } from "../image/writer.js";
import { explain } from "../schema/explain.js";
import type { Method, Schema } from "../schema/index.js";

// Encoders only say that something does not fit. Here is said what, slowly, with the schema in hand.

function misfit(schema: Schema, method: Method, args: readonly unknown[]): EncodeError | undefined {
  const fault = explain(schema, method, args);
  return fault && new EncodeError(method.name, fault.path, fault.expected, fault.received);
}

/** What is wrong with a call's arguments, where it is that. */
export function explainArguments(schema: Schema, method: MethodSpec, args: unknown, error: unknown): Error {
  const description = schema.methods[method.index];
  if (description === undefined) return error as Error;
  const fault = misfit(schema, description, method.params === 1 ? [args] : (args as unknown[]));
  if (fault !== undefined) return fault;
  if (error === REFUSED) {
    return new EncodeError(
      description.name,
      "arguments",
      "values that stay as they are while they are encoded",
      "something else",
    );
  }
  // A getter of an argument threw, or the like: that is the caller's own error.
  return error as Error;
}

/** What is wrong with an item of an argument stream, where it is that. */
export function explainItems(schema: Schema, method: MethodSpec, error: Error): Error {
  const description = schema.methods[method.index];
  const param = description?.params.find((candidate) => candidate.stream === true);
  if (!(error instanceof Misfit) || description === undefined || param === undefined) return error;
  const list = { name: param.name, type: { kind: "list", element: param.type } } as const;
  return misfit(schema, { ...description, params: [list] }, [error.items]) ?? (error.cause as Error);
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
