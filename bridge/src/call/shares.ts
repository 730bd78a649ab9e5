import { layout } from "@x/mem-ring/channel";
import * as P from "./protocol.js";

// What of a region is kept for calls from Go, where there may be any.

/** Entries of ring toNode that are left to Go's calls. */
export const goShare = (capacity: number): number => capacity >>> P.GO_SHARE_BITS;
/** Bytes of the request arena that are left to replies: a quarter, in whole spans. */
export const replyArena = (size: number): number => Math.max(1, size >>> 18) * layout.ARENA_ALIGN;
