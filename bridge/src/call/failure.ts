import { DecodeError, GoError, GoPanicError, TimeoutError, Ts2goError } from "../errors.js";
import type { Reader } from "../image/reader.js";
import { FAILURE_HANDLER, FAILURE_PANIC, FAILURE_REQUEST, FAILURE_RESULT, FAILURE_TIMEOUT } from "./protocol.js";

/** Turns an error image into what the promise rejects with. `p` is its root, or 0 where not even the error fitted. */
export function readFailure(r: Reader, p: number, failure: number, method: string): Ts2goError {
  if (p === 0)
    return new Ts2goError(
      "ERR_RESULT_REFUSED",
      `${method}: failed in Go, and the error did not fit the response arena`,
    );
  const message = r.string(p);
  const goType = r.string(p + 16);
  const code = r.string(p + 32);
  const stack = r.string(p + 48);
  switch (failure) {
    case FAILURE_HANDLER:
      return new GoError(message, goType, code, method, stack);
    case FAILURE_PANIC:
      return new GoPanicError(message, goType, stack, method);
    case FAILURE_REQUEST:
      return new Ts2goError("ERR_REQUEST_REFUSED", `${method}: Go could not read the request: ${message}`);
    case FAILURE_RESULT:
      return new Ts2goError("ERR_RESULT_REFUSED", `${method}: Go could not send the result: ${message}`);
    case FAILURE_TIMEOUT:
      return new TimeoutError(method);
    default:
      throw new DecodeError(`an error of unknown kind ${failure}`);
  }
}
