import * as P from "./protocol.js";

// JSON of an error's details. JavaScript's own loses digits of whole numbers beyond 2^53, which are bigints here. They go
// through it as strings that begin with a mark nobody else knows.

const MARK = crypto.randomUUID();
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, "g");
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** What Go said, or undefined where it said nothing, or no JSON. */
export function readDetails(json: string): unknown {
  if (json === "" || json.length > P.ERROR_DETAILS) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    // From here on it is known to be JSON.
    if (!/\d{16}/.test(json)) return value;
    const marked = json.replace(STRING_OR_NUMBER, (token) =>
      /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token,
    );
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
    );
  } catch {
    return undefined;
  }
}

/**
 * The value as JSON, or "" where it has none, or too much. It may have getters that throw, and lead in a circle. Typed
 * arrays are left out: JSON would name each element.
 */
export function writeDetails(value: unknown): string {
  if (ArrayBuffer.isView(value)) return "";
  // Each value costs a byte at least: whatever the value leads to, no more of it is looked at than can be sent.
  let left = P.ERROR_DETAILS;
  try {
    const json = JSON.stringify(value, (key, part: unknown) => {
      left -= 1 + key.length + (typeof part === "string" ? part.length : 0);
      if (left < 0) throw new RangeError("more details than can be sent");
      if (ArrayBuffer.isView(part)) return undefined;
      return typeof part === "bigint" ? `${MARK}${part}` : part;
    });
    const text = json === undefined ? "" : json.replace(MARKED, "$1");
    return Buffer.byteLength(text) > P.ERROR_DETAILS ? "" : text;
  } catch {
    return "";
  }
}
