// What cases of errors with details have in common.
import { GoError } from "@x/ts2go";
import type { Failure } from "../conformance.js";
import { ok } from "./checks.js";

/** An error that Go is to make: see details.go. */
export const failure = (kind: string, text = "", id = 0n, ...parts: Failure[]): Failure => ({ kind, text, id, parts });

/** A `*notFoundError`, and what TypeScript sees of it. */
export const notFound = (id = 7n, path = "/here", ...parts: Failure[]) => failure("not found", path, id, ...parts);
export const NOT_FOUND = {
  name: "GoError",
  message: "7 is not at /here",
  goType: "*main.notFoundError",
  code: "NOT_FOUND",
  details: { id: 7, Path: "/here", Tags: ["a", "b"] },
};

/** What an error has wrapped, which has to be an error of Go. */
export function causeOf(error: unknown): GoError {
  const { cause } = error as Error;
  ok(cause instanceof GoError, `its cause is ${String(cause)}`);
  return cause;
}
