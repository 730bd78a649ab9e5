import { DecodeError, EncodeError } from "../errors.js";
import { isRecord } from "../image/objects.js";
import type { Reader } from "../image/reader.js";
import type { Writer } from "../image/writer.js";
import { METADATA_BYTES, METADATA_PAIRS } from "./protocol.js";

/**
 * What goes with a call beside its arguments: a tenant, a token, the ids of a trace. Keys are lower-case tokens, as the
 * names of HTTP/2 headers; values are any text. A call has at most 64 pairs, of 8 KiB together.
 */
export type Metadata = Readonly<Record<string, string>>;

export const NO_METADATA: Metadata = Object.freeze({});

const TOKEN = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/;

/** A ref of a string, as an element of a list. */
const STRING_SIZE = 16;

/**
 * Keys and values by turns, checked; undefined where there are none. `method` is for messages.
 *
 * @throws {EncodeError}
 */
export function pairsOf(method: string, metadata: Metadata): string[] | undefined {
  const refuse = (path: string, expected: string, received: string): never => {
    throw new EncodeError(method, path, expected, received);
  };
  if (!isRecord(metadata)) refuse("metadata", "an object with strings", String(metadata));
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(metadata as Record<string, unknown>)) {
    const path = `metadata[${JSON.stringify(key)}]`;
    if (!TOKEN.test(key)) {
      refuse(path, "a key of lower-case letters, digits and any of !#$%&'*+-.^_`|~", JSON.stringify(key));
    }
    if (typeof value !== "string") return refuse(path, "string", value === null ? "null" : typeof value);
    if (!value.isWellFormed()) refuse(path, "well-formed text", "a lone surrogate");
    pairs.push(key, value);
  }
  if (pairs.length > 2 * METADATA_PAIRS) refuse("metadata", `at most ${METADATA_PAIRS} pairs`, `${pairs.length / 2}`);
  const bytes = bytesOf(pairs);
  if (bytes > METADATA_BYTES) {
    refuse("metadata", `at most ${METADATA_BYTES} bytes of keys and values together`, `${bytes}`);
  }
  return pairs.length === 0 ? undefined : pairs;
}

/** The same pairs, with those of `more` in place of, or behind, those that are there, as far as they may be sent. */
export function withMore(pairs: readonly string[] | undefined, more: Metadata): string[] | undefined {
  const all = [...(pairs ?? [])];
  for (const [name, value] of Object.entries(more)) {
    const key = name.toLowerCase();
    if (!TOKEN.test(key) || !value.isWellFormed()) continue;
    const before = [...all];
    const at = all.findIndex((text, i) => i % 2 === 0 && text === key);
    if (at < 0) all.push(key, value);
    else all[at + 1] = value;
    if (all.length > 2 * METADATA_PAIRS || bytesOf(all) > METADATA_BYTES) all.splice(0, all.length, ...before);
  }
  return all.length === 0 ? undefined : all;
}

const bytesOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** Writes the prefix of a body at `p`. */
export function writePairs(w: Writer, p: number, pairs: readonly string[]): void {
  let at = w.list(p, pairs, STRING_SIZE, 8);
  for (const text of pairs) {
    w.string(at, text);
    at += STRING_SIZE;
  }
}

/** Reads the prefix of a body at `p`. Throws {@link DecodeError}. */
export function readMetadata(r: Reader, p: number): Metadata {
  const n = r.list(p, STRING_SIZE, 8);
  if (n % 2 !== 0 || n > 2 * METADATA_PAIRS) throw new DecodeError(`metadata of ${n} strings`);
  const metadata: Record<string, string> = {};
  for (let at = r.first, end = at + n * STRING_SIZE; at < end; at += 2 * STRING_SIZE) {
    r.put(metadata, r.string(at), r.string(at + STRING_SIZE));
  }
  return metadata;
}
