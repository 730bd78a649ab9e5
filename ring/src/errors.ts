/** Stable codes: messages may change, these do not. `ring/docs/format.md` says when each is used. */
export type RingErrorCode =
  | "ERR_RING_ADDON_MISSING"
  | "ERR_RING_INVALID_OPTION"
  | "ERR_RING_BAD_HEADER"
  | "ERR_RING_ROLE_TAKEN"
  | "ERR_RING_CLOSED"
  | "ERR_RING_PEER_DIED"
  | "ERR_RING_DAMAGED"
  | "ERR_RING_MESSAGE_TOO_LONG"
  | "ERR_RING_MISUSE"
  | "ERR_RING_NO_MEMORY";

/** Everything that goes wrong in this package. `code` is for programs, `message` for people. */
export class RingError extends Error {
  override readonly name: string = "RingError";
  constructor(
    readonly code: RingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The peer, or something that shares the memory, has written what the protocol does not allow. The memory is thrown
 * away whole; nothing in it is repaired.
 */
export class DamagedError extends RingError {
  override readonly name = "DamagedError";
  constructor(message: string) {
    super("ERR_RING_DAMAGED", message);
  }
}

/** The queue has a producer, or a consumer, already: there is one of each, for as long as the queue lives. */
export class RoleTakenError extends RingError {
  override readonly name = "RoleTakenError";
  constructor(role: "producer" | "consumer", owner: number) {
    super(
      "ERR_RING_ROLE_TAKEN",
      `the ring has a ${role} already (process ${owner}): make a ring for each pair of ends`,
    );
  }
}

/** A push after the end: this producer was closed, or its consumer was. */
export class ClosedError extends RingError {
  override readonly name = "ClosedError";
  constructor(message: string) {
    super("ERR_RING_CLOSED", message);
  }
}

/** The other side ended without closing. What it had published was read before this is thrown. */
export class PeerDiedError extends RingError {
  override readonly name = "PeerDiedError";
  constructor(role: "producer" | "consumer") {
    super(
      "ERR_RING_PEER_DIED",
      role === "producer"
        ? "the ring's producer ended without closing; everything it had published was read"
        : "the ring's consumer ended without closing; how much of what was pushed it has handled is not known",
    );
  }
}
