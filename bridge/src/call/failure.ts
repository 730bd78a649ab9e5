import { DecodeError, GoError, GoPanicError, TimeoutError, Ts2goError } from "../errors.js";
import type { Reader } from "../image/reader.js";
import { readDetails } from "./details.js";
import { jsError } from "./js-error.js";
import * as P from "./protocol.js";
import { framesOf, stackBelow, trace } from "./trace.js";

/** One error of an error image. */
export interface Node {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly stack: string;
  /** Empty for an error of JavaScript. */
  readonly goType: string;
  readonly details: unknown;
  cause: Error | undefined;
  errors: Error[] | undefined;
}

/** Turns an error image into what the promise rejects with. `p` is its root, or 0 where not even the error fitted. */
export function readFailure(r: Reader, p: number, failure: number, method: string): Ts2goError {
  if (p === 0)
    return new Ts2goError(
      "ERR_RESULT_REFUSED",
      `${method}: failed in Go, and the error did not fit the response arena`,
    );
  const nodes = readNodes(r, p, method);
  const root = nodes[0] as Node;
  switch (failure) {
    case P.FAILURE_HANDLER: {
      const error = goError(root, method);
      // What TypeScript threw, and Go handed on or wrapped.
      trace(error, through(stackBelow(nodes.find((node) => node.stack !== "")?.stack), method));
      return error;
    }
    case P.FAILURE_PANIC: {
      const error = new GoPanicError(root.message, root.goType, root.stack, method, root.cause);
      trace(error, through(framesOf(root.stack), method));
      return error;
    }
    case P.FAILURE_REQUEST:
      return new Ts2goError("ERR_REQUEST_REFUSED", `${method}: Go could not read the request: ${root.message}`);
    case P.FAILURE_RESULT:
      return new Ts2goError("ERR_RESULT_REFUSED", `${method}: Go could not send the result: ${root.message}`);
    case P.FAILURE_TIMEOUT:
      return new TimeoutError(method);
    default:
      throw new DecodeError(`an error of unknown kind ${failure}`);
  }
}

/** Reads all nodes. The first is the error itself; it has the others, as errors, as far as they are its own. */
function readNodes(r: Reader, p: number, method: string): Node[] {
  const n = r.list(p, P.ERROR_NODE_SIZE, 8);
  if (n === 0 || n > P.ERROR_NODES) throw new DecodeError(`an error image of ${n} errors`);
  const { first } = r;
  const nodes = Array.from({ length: n }, (_, i) => readNode(r, first + i * P.ERROR_NODE_SIZE));
  // What is wrapped stands behind what wraps it: from the last to the first, each is whole when it is needed.
  for (let i = n - 1; i > 0; i--) {
    const at = first + i * P.ERROR_NODE_SIZE;
    const parent = r.u32(at + P.ERROR_PARENT);
    if (parent >= i) throw new DecodeError(`error ${i} is wrapped by ${parent}, which comes after it`);
    const by = nodes[parent] as Node;
    const error = wrapped(nodes[i] as Node, method);
    if (r.u32(at + P.ERROR_JOINED) === 0) by.cause = error;
    else by.errors = [error, ...(by.errors ?? [])];
  }
  return nodes;
}

function readNode(r: Reader, at: number): Node {
  return {
    name: r.string(at),
    message: r.string(at + 16),
    code: r.string(at + 32),
    stack: r.string(at + 48),
    goType: r.string(at + 64),
    details: readDetails(r.string(at + 80)),
    cause: undefined,
    errors: undefined,
  };
}

function goError(node: Node, method: string): GoError {
  return new GoError(node.message, node.goType, node.code, method, node);
}

/** An error that another one wraps. */
function wrapped(node: Node, method: string): Error {
  if (node.goType === "") return jsError(node);
  const error = goError(node, method);
  error.stack = `${error.name}: ${error.message}\n${through(stackBelow(node.stack), method)}`;
  return error;
}

/** The frames of where it happened, and the method of Go through which it came. */
function through(frames: string, method: string): string {
  const at = `    at ${method} (in Go)`;
  return frames === "" ? at : `${frames}\n${at}`;
}
