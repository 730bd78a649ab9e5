import type { Node } from "./failure.js";

/** What the errors of the language itself are made of, as structuredClone has it. */
const BUILTIN: { readonly [name: string]: ErrorConstructor } = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** An error that was thrown in TypeScript, came to Go, and comes back: as it was there, as far as that was sent. */
export function jsError({ name, message, code, stack, details, cause, errors }: Node): Error {
  const options = cause === undefined ? undefined : { cause };
  const Class = Object.hasOwn(BUILTIN, name) ? (BUILTIN[name] as ErrorConstructor) : Error;
  const error =
    name === "AggregateError" ? new AggregateError(errors ?? [], message, options) : new Class(message, options);
  if (name !== error.name && name !== "") define(error, "name", name, false);
  if (errors !== undefined && !Object.hasOwn(error, "errors")) define(error, "errors", errors, false);
  // Its other properties. Nothing that is set above is among them.
  if (typeof details === "object" && details !== null) {
    for (const [key, value] of Object.entries(details)) {
      if (!Object.hasOwn(error, key) && key !== "name") define(error, key, value, true);
    }
  }
  if (code !== "") define(error, "code", code, true);
  error.stack = stack === "" ? `${error.name}: ${message}` : stack;
  return error;
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}
