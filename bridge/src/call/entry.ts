import { layout } from "@x/mem-ring/channel";

/** The words of an entry, counted in 32 bits from its start. */
export const E = {
  callId: layout.ENTRY_CALL_ID >>> 2,
  length: layout.ENTRY_LENGTH >>> 2,
  aux: layout.ENTRY_AUX >>> 2,
  ref: layout.ENTRY_REF >>> 2,
} as const;

/** An entry's first word: kind, flags and method, little-endian as every machine that this runs on. */
export const kindWord = (kind: number, flags: number, method: number): number => kind | (flags << 8) | (method << 16);

/** Instead of a body's position: it travels in the entry. */
export const INLINE = -1;

/** Says where the body of the entry at `word` is: in the entry itself, or so many bytes in the request arena. */
export function setBody(words: Int32Array, word: number, body: number, length: number): void {
  const inline = body === INLINE;
  words[word + E.length] = inline ? 0 : length;
  words[word + E.ref] = inline ? 0 : body;
  words[word + E.ref + 1] = 0;
}
