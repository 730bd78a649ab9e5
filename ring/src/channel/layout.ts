// Generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.

/*
 * offset   section                 written by            read by
 * 0x0000   header                  creator, before the   both, once: copied, checked,
 *                                  peer maps it          never read again
 * 0x1000   control words           one writer a word, one 128-byte line a word
 * 0x2000   toGo   entries          Node                  Go
 *  ...     toNode entries          Go                    Node
 *  ...     request arena           Node                  Go (PROT_READ)
 *  ...     response arena          Go                    Node
 */

/** The first eight bytes of every region. */
export const MAGIC = "MEMRING\u0000";
/** The protocol version that this code speaks. */
export const VERSION = 1;
/** Arenas begin and end at multiples of this: the largest page size of any supported machine. */
export const ARENA_ALIGN = 65536;
/** Size of the header in bytes. */
export const HEADER_SIZE = 4096;
/** MEMRING and a zero byte. (8 bytes) */
export const HEADER_MAGIC = 0;
/** Protocol version. (4 bytes) */
export const HEADER_VERSION = 8;
/** Size of the header in bytes. (4 bytes) */
export const HEADER_HEADER_SIZE = 12;
/** Size of the whole region in bytes. (8 bytes) */
export const HEADER_REGION_SIZE = 16;
/** 64 random bits, new for every region. (8 bytes) */
export const HEADER_NONCE = 24;
/** SHA-256 of what both ends have agreed on beforehand; opaque to the ring. (32 bytes) */
export const HEADER_SCHEMA_HASH = 32;
/** Size of an entry in bytes. (4 bytes) */
export const HEADER_ENTRY_SIZE = 64;
/** Feature bits; an unknown one is refused. (4 bytes) */
export const HEADER_FEATURES = 68;
/** Entries of ring toGo: a power of two. (4 bytes) */
export const HEADER_TO_GO_CAPACITY = 72;
/** Entries of ring toNode: a power of two. (4 bytes) */
export const HEADER_TO_NODE_CAPACITY = 76;
/** Offset of toGo's entries in the region. (8 bytes) */
export const HEADER_TO_GO_ENTRIES = 80;
/** Offset of toNode's entries in the region. (8 bytes) */
export const HEADER_TO_NODE_ENTRIES = 88;
/** Offset of the request arena, which Node writes and Go reads. (8 bytes) */
export const HEADER_REQUEST_ARENA = 96;
/** Size of the request arena in bytes. (8 bytes) */
export const HEADER_REQUEST_ARENA_SIZE = 104;
/** Offset of the response arena, which Go writes and Node reads. (8 bytes) */
export const HEADER_RESPONSE_ARENA = 112;
/** Size of the response arena in bytes. (8 bytes) */
export const HEADER_RESPONSE_ARENA_SIZE = 120;
/** Written by Node. SYNC POINT: entries visible. (u32) */
export const CONTROL_TO_GO_TAIL = 4096;
/** Written by Go. SYNC POINT: slots free. (u32) */
export const CONTROL_TO_GO_HEAD = 4224;
/** Set by Go, exchanged by Node. SYNC POINT: consumer asleep. (u32) */
export const CONTROL_TO_GO_SLEEPING = 4352;
/** Set by Node, exchanged by Go. SYNC POINT: producer waits. (u32) */
export const CONTROL_TO_GO_SPACE = 4480;
/** Written by Go. SYNC POINT: entries visible. (u32) */
export const CONTROL_TO_NODE_TAIL = 4608;
/** Written by Node. SYNC POINT: slots free. (u32) */
export const CONTROL_TO_NODE_HEAD = 4736;
/** Set by Node, exchanged by Go. SYNC POINT: consumer asleep. (u32) */
export const CONTROL_TO_NODE_SLEEPING = 4864;
/** Set by Go, exchanged by Node. SYNC POINT: producer waits. (u32) */
export const CONTROL_TO_NODE_SPACE = 4992;
/** Node's life cycle. (u32) */
export const CONTROL_NODE_STATE = 5120;
/** Go's life cycle. (u32) */
export const CONTROL_GO_STATE = 5248;
/** Node's beat: only to tell hung from dead. (u32) */
export const CONTROL_NODE_BEAT = 5376;
/** Go's beat. (u32) */
export const CONTROL_GO_BEAT = 5504;
/** Offset of the first ring's entries. */
export const ENTRIES_OFFSET = 8192;
/** Size of an entry in bytes. */
export const ENTRY_SIZE = 64;
/** What the entry is; 0 is never valid. (1 bytes) */
export const ENTRY_KIND = 0;
/** Bits that depend on the kind. (1 bytes) */
export const ENTRY_FLAGS = 1;
/** Method number. (2 bytes) */
export const ENTRY_METHOD = 2;
/** 20 bits slot, 12 bits generation. (4 bytes) */
export const ENTRY_CALL_ID = 4;
/** Length of the body in bytes. (4 bytes) */
export const ENTRY_LENGTH = 8;
/** Credit, error code or stream sequence. (4 bytes) */
export const ENTRY_AUX = 12;
/** Offset of the body in the region. (8 bytes) */
export const ENTRY_REF = 16;
/** A small body that holds no ref. (40 bytes) */
export const ENTRY_INLINE = 24;
/** Bytes of a body that travel in the entry itself. */
export const INLINE_SIZE = 40;
/** Bits of a call id that name the slot; the rest are its generation. */
export const SLOT_BITS = 20;
/** Life cycle of a side: OPEN. */
export const STATE_OPEN = 1;
/** Life cycle of a side: DRAINING. */
export const STATE_DRAINING = 2;
/** Life cycle of a side: CLOSED. */
export const STATE_CLOSED = 3;
