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
