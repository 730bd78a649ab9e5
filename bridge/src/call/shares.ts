import { layout } from "@x/mem-ring/channel";
import * as P from "./protocol.js";

// What of a region is kept for whom.

/**
 * Of a channel's places those that streams leave to calls. One would do for a loop over a stream that awaits a call for
 * each item; a sixteenth costs streams next to nothing, and calls beside them then seldom wait for each other.
 */
export const callShare = (capacity: number): number => Math.max(1, capacity >>> 4);

// Where there may be calls from Go:

/** Entries of ring toNode that are left to Go's calls. */
export const goShare = (capacity: number): number => capacity >>> P.GO_SHARE_BITS;
/** Bytes of the request arena that are left to replies: a quarter, in whole spans. */
export const replyArena = (size: number): number => Math.max(1, size >>> 18) * layout.ARENA_ALIGN;
