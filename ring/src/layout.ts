// Generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.

/** The first eight bytes of every queue. */
export const MAGIC = "MEMQUEUE";
/** Version of the format. */
export const VERSION = 1;
/** Where entries, or messages, begin. */
export const DATA = 4096;
/** MEMQUEUE. (8 bytes) */
export const HEADER_MAGIC = 0;
/** Version of the format. (4 bytes) */
export const HEADER_VERSION = 8;
/** Entries of a fixed size, or messages. (4 bytes) */
export const HEADER_SHAPE = 12;
/** Bytes of an entry; 8 for messages. (4 bytes) */
export const HEADER_ENTRY_SIZE = 16;
/** Entries, or bytes of messages: a power of two. (4 bytes) */
export const HEADER_CAPACITY = 20;
/** How a sleeping side is woken. (4 bytes) */
export const HEADER_DOORBELL = 24;
/** 0: an unknown bit is refused. (4 bytes) */
export const HEADER_FEATURES = 28;
/** Bytes of the whole memory. (8 bytes) */
export const HEADER_SIZE = 32;
/** Written by the producer. SYNC POINT: entries visible. (u32) */
export const WORD_TAIL = 128;
/** Written by the consumer. SYNC POINT: slots free. (u32) */
export const WORD_HEAD = 256;
/** Set by the consumer, exchanged by the producer. SYNC POINT: consumer asleep. (u32) */
export const WORD_SLEEPING = 384;
/** Set by the producer, exchanged by the consumer. SYNC POINT: producer waits. (u32) */
export const WORD_SPACE = 512;
/** Written by the producer. SYNC POINT: no more entries. (u32) */
export const WORD_CLOSED = 640;
/** Written by the consumer. SYNC POINT: nobody reads. (u32) */
export const WORD_STOPPED = 768;
/** Whose the producer's role is: 0 nobody's, otherwise a process id. (u32) */
export const WORD_PRODUCER = 896;
/** When that process began, or 0. (u32) */
export const WORD_PRODUCER_START = 900;
/** Whose the consumer's role is: 0 nobody's, otherwise a process id. (u32) */
export const WORD_CONSUMER = 1024;
/** When that process began, or 0. (u32) */
export const WORD_CONSUMER_START = 1028;
/** Shape: entries of a fixed size. */
export const SHAPE_ENTRIES = 1;
/** Shape: messages of any length. */
export const SHAPE_MESSAGES = 2;
/** Doorbell: wait and notify on the flag's own word. */
export const DOORBELL_NOTIFY = 1;
/** Doorbell: an eventfd a side. */
export const DOORBELL_EVENTFD = 2;
/** In closed or stopped: ended by its owner. */
export const ENDED = 1;
/** In closed or stopped: the owner's thread ended without closing. */
export const DIED = 2;
/** The longest entry in bytes. */
export const ENTRY_SIZE_MAX = 65536;
/** The largest capacity: entries, or bytes of messages. */
export const CAPACITY_MAX = 1073741824;
/** The smallest capacity of a queue of messages, in bytes. */
export const MESSAGE_CAPACITY_MIN = 32;
/** What records are aligned to, in bytes. */
export const RECORD_ALIGN = 8;
/** Bytes of a record before its message. */
export const RECORD_HEADER = 8;
/** The length that says: skip to the end of the memory. */
export const PADDING = 4294967295;
