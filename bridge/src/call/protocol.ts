// Generated from bridge/protocol.json by scripts/gen-layout.mjs. DO NOT EDIT.

/** The version of the call layer. */
export const PROTOCOL_VERSION = 4;
/** Node to Go: a call that wants an answer. */
export const KIND_CALL = 1;
/** Node to Go: a call of which only the end is reported, so that its body can be freed. */
export const KIND_ONEWAY = 2;
/** Go to Node: the call has returned. */
export const KIND_RESULT = 3;
/** Go to Node: the call has failed; aux says how, the body is an error image. */
export const KIND_ERROR = 4;
/** Both ways: the last entry of this side. */
export const KIND_CLOSE = 5;
/** Node to Go: the caller of this call has given up; its completion comes all the same. length bytes of the reason stand inline. */
export const KIND_CANCEL = 6;
/** Both ways: some items of the call's stream, as the image of a list. Takes one credit. Node's body lives until Go gives the credit back. */
export const KIND_ITEMS = 7;
/** Both ways: aux more ITEMS of the call's stream may be sent. Node's first one says the window. */
export const KIND_CREDIT = 8;
/** Node to Go: the call's argument stream has ended. */
export const KIND_END = 9;
/** Go to Node: a call to a callback, under a call id of Go's. aux is the time in milliseconds after which nobody waits any more, or 0. */
export const KIND_GOCALL = 10;
/** Go to Node: a call to a callback of which Go hears nothing more. */
export const KIND_GOONEWAY = 11;
/** Go to Node: the caller of this GOCALL has given up, and wants no reply. length bytes of the reason stand inline. */
export const KIND_GOCANCEL = 12;
/** Go to Node: the body of this GOCALL's reply was read, and can be freed. */
export const KIND_GODONE = 13;
/** Node to Go: the callback has returned. A body lives until GODONE. */
export const KIND_REPLY = 14;
/** Node to Go: the callback has failed; the body is an error image and lives until GODONE. */
export const KIND_REPLYERROR = 15;
/** Node to Go: all leases of one result are given back. aux is their number, from that RESULT. */
export const KIND_RELEASE = 16;
/** The body travels in the entry's inline bytes; ref is unused. */
export const FLAG_INLINE = 1;
/** On a CALL: CANCEL may follow, and of a method with streams always may. aux is the time in milliseconds after which nobody waits any more, or 0. */
export const FLAG_CANCELLABLE = 2;
/** On a CALL, ONEWAY, GOCALL or GOONEWAY: the body, never inline, begins with a prefix; the image's root stands behind it. */
export const FLAG_METADATA = 4;
/** On a CALL or ONEWAY: what its handler calls is to name it. On a GOCALL or GOONEWAY: the upper half of ref is the id of the call that it is made on behalf of. */
export const FLAG_SCOPED = 8;
/** On a RESULT: it has leases, bytes of the response arena outside its body, which stay until RELEASE. aux is their number. */
export const FLAG_LEASED = 16;
/** The handler returned an error. */
export const FAILURE_HANDLER = 1;
/** The handler panicked; the error image has the stack. */
export const FAILURE_PANIC = 2;
/** The request image was not what the method takes. */
export const FAILURE_REQUEST = 3;
/** The result could not be sent. */
export const FAILURE_RESULT = 4;
/** The handler gave up at the call's deadline. */
export const FAILURE_TIMEOUT = 5;
/** An error image's root: the list of an error and of what it wraps, as nodes. Each stands behind the one that wraps it, and the first is the error itself. */
export const ERROR_IMAGE_SIZE = 24;
/** A node of an error image: the strings name, message, code, stack, type, details; type is empty for an error of JavaScript, details are JSON. Behind them: */
export const ERROR_NODE_SIZE = 104;
/** The index of the node that wraps this one (u32). */
export const ERROR_PARENT = 96;
/** How it wraps it (u32): 0 as its cause, 1 as one of several errors that it joins. */
export const ERROR_JOINED = 100;
/** What is wrapped deeper than this is left out. */
export const ERROR_LEVELS = 16;
/** Nodes of an error image at most. */
export const ERROR_NODES = 32;
/** Bytes of a node's details at most: longer ones are left out. */
export const ERROR_DETAILS = 16384;
/** The prefix of a body with metadata: a slice of strings, keys and values by turns, and padding. */
export const METADATA_PREFIX_SIZE = 32;
/** Pairs of metadata that a call can have. */
export const METADATA_PAIRS = 64;
/** Bytes that their keys and values can take together. */
export const METADATA_BYTES = 8192;
/** Where there are callbacks, this part of ring toNode, as a power of two, is left to entries from GOCALL to GODONE; the rest is for completions. */
export const GO_SHARE_BITS = 1;
/** Set in a worker's environment: the version of the call layer. */
export const WORKER_ENV = "TS2GO_WORKER";
/** Set in a worker's environment: off, adaptive, or the spin budget in microseconds. */
export const SPIN_ENV = "TS2GO_SPIN";
/** Set in a worker's environment: 1 where the client can adapt to another version of the interface, 0 otherwise. */
export const COMPAT_ENV = "TS2GO_COMPAT";
/** The inherited control socket. */
export const CONTROL_FD = 3;
/** The inherited memfd. */
export const REGION_FD = 4;
/** The inherited doorbell on which Node sleeps. */
export const NODE_DOORBELL_FD = 5;
/** The inherited doorbell on which Go sleeps. */
export const GO_DOORBELL_FD = 6;
